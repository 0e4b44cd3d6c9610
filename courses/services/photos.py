"""The optional photo of a trainee in a class, for the paper."""

import io

from django.core.exceptions import ValidationError
from django.db import transaction
from PIL import ImageOps

from courses.models import Enrolment
from tenants.uploads import open_picture

LARGEST = 8 * 1024 * 1024  # bytes
SIZE = (413, 579)  # 35 mm x 49 mm at 300 dpi, the usual two-inch photo


@transaction.atomic
def set_photo(enrolment: Enrolment, content: bytes) -> None:
    """Keep the picture turned upright, cut to the photo's shape, as JPEG without its metadata.

    Raises ValidationError for what is no picture, is too large, or too small to be printed.
    """
    if len(content) > LARGEST:
        raise ValidationError("照片超过 8 MB，请缩小后再上传 / the photo is larger than 8 MB")
    upright = open_picture(content)
    if min(upright.size) < 200:
        raise ValidationError(
            "照片太小，短边至少 200 像素 / the photo is too small: at least 200 pixels a side"
        )
    buffer = io.BytesIO()
    ImageOps.fit(upright, SIZE).save(buffer, "JPEG", quality=88)
    enrolment.photo = buffer.getvalue()
    enrolment.save(update_fields=["photo"])
