"""QR codes as SVG, for pages and for paper."""

import qrcode
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage


def qr_svg(text: str) -> str:
    """An SVG of the QR code with error level M and the four-module quiet zone that ISO 18004 asks."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    return str(code.make_image(image_factory=SvgPathImage).to_string(encoding="unicode"))


def qr_inline(text: str) -> SafeString:
    """For the middle of a page: without the XML declaration, which HTML has no place for."""
    svg = qr_svg(text)
    return mark_safe(svg[svg.index("<svg") :])
