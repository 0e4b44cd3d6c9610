"""Logos, seals and signatures: what is let in, and as what it is printed."""

import base64
import hashlib
import io
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image

from tenants.uploads import DAMAGED, LARGEST, NOT_A_PICTURE, PIXELS

LONGEST_SIDE = 700  # pixels: 42 mm at 400 dpi


def refuse(image: Any, field: str) -> None:
    """Raises ValidationError for an image of the site that cannot be printed."""
    if image is not None:
        try:
            printable(_bytes_of(image))
        except ValidationError as error:
            raise ValidationError({field: error.messages}) from error


def named(image: Any, kept: dict[str, bytes]) -> str:
    """The name of an image in a design; its bytes, as they are printed, go into `kept`."""
    if image is None:
        return ""
    content = printable(_bytes_of(image))
    name = hashlib.sha256(content).hexdigest()
    kept[name] = content
    return name


def _bytes_of(image: Any) -> bytes:
    try:
        with image.open_file() as file:
            return bytes(file.read(LARGEST + 1))
    except OSError as error:
        raise ValidationError(
            "图片文件找不到了，请重新上传 / the file of the picture is gone: upload it again"
        ) from error


def printable(content: bytes) -> bytes:
    """The picture drawn anew, small enough for print: JPEG, or PNG where it can be seen through.

    Raises ValidationError for anything but JPEG and PNG.
    """
    if len(content) > LARGEST:
        raise ValidationError("图片超过 10 MB，请缩小后再上传 / the picture is larger than 10 MB")
    try:
        picture = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
        if picture.width * picture.height > PIXELS:
            raise ValidationError("图片像素过大，请缩小后再上传 / the picture has too many pixels")
        clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        drawn = picture.convert("RGBA" if clear else "RGB")
    except DAMAGED as error:
        raise ValidationError(NOT_A_PICTURE) from error
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    if clear:
        drawn.save(buffer, "PNG", optimize=True)
    else:
        drawn.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def packed(pictures: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode() for name, content in pictures.items()}


def unpacked(kept: Mapping[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(text) for name, text in kept.items()}
