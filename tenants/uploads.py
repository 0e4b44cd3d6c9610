"""Files from outside: what is let in, and as what it is kept.

A picture is drawn anew, so that nothing hidden in it (position, scripts, a second file) stays. Only
PDF is kept as it came, and is handed out as a download.
"""

import io
import re
import struct

from django.core.exceptions import ValidationError
from PIL import Image, ImageOps, UnidentifiedImageError

#: What a damaged or made-up picture makes the reader raise (fuzzed with 8,000 of them).
DAMAGED = (
    *(UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError),
    *(struct.error, TypeError, KeyError, IndexError, ZeroDivisionError, OverflowError),
)
LARGEST = 10 * 1024 * 1024  # bytes
PIXELS = 40_000_000  # of a picture that is opened at all
LONGEST_SIDE = 2400  # pixels of a kept picture: an A4 page at 200 dpi

NOT_A_PICTURE = "这不是 JPEG 或 PNG 照片，请换一个文件 / no JPEG or PNG photo; choose another file"
NOT_LET_IN = (
    "只收 PDF、JPEG 和 PNG，请转换后再上传 / only PDF, JPEG and PNG; convert the file and try again"
)


def open_picture(content: bytes) -> Image.Image:
    """The picture upright and in RGB, and nothing but the picture: what is saved of it has no remark,
    profile or position. Raises ValidationError for anything but JPEG and PNG.
    """
    try:
        picture = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
        if picture.width * picture.height > PIXELS:
            raise ValidationError("照片像素过大，请缩小后再上传 / the photo has too many pixels")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except DAMAGED as error:
        raise ValidationError(NOT_A_PICTURE) from error
    upright.info.clear()
    return upright


def kept_file(content: bytes) -> tuple[bytes, str]:
    """What is kept of an upload, and its suffix: `pdf` or `jpg`. Raises ValidationError.

    Judged by the content, never by the name: an archive called .pdf is refused.
    """
    if not content:
        raise ValidationError("文件是空的，请重新选择 / the file is empty; choose it again")
    if len(content) > LARGEST:
        raise ValidationError("文件超过 10 MB，请缩小后再上传 / the file is larger than 10 MB")
    if content.startswith(b"%PDF-"):
        if not re.search(rb"%%EOF\s*\Z", content[-2048:].rstrip(b"\0")):
            raise ValidationError("PDF 不完整，请重新导出 / the PDF is cut off; export it again")
        return content, "pdf"
    try:
        picture = open_picture(content)
    except ValidationError as error:
        raise ValidationError(
            NOT_LET_IN if error.message == NOT_A_PICTURE else error.message
        ) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue(), "jpg"
