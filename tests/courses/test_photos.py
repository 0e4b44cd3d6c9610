import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from certificates.services.issue import issue_class
from certificates.services.papers import paper
from courses.services.photos import SIZE, set_photo
from tests.story import finished


def picture(size=(600, 800), kind="JPEG", **options):
    buffer = io.BytesIO()
    Image.new("RGB", size, "navy").save(buffer, kind, **options)
    return buffer.getvalue()


def test_a_photo_is_kept_without_its_metadata_and_printed(north):
    import pymupdf

    training_class = finished(people=1)
    enrolment = training_class.enrolments.get()
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    set_photo(enrolment, picture(exif=exif))
    enrolment.refresh_from_db()
    kept = Image.open(io.BytesIO(bytes(enrolment.photo)))
    assert kept.size == SIZE
    assert not kept.getexif()
    certificate = issue_class(training_class, None).certificates[0]
    assert len(pymupdf.open(stream=paper(certificate))[0].get_images()) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no picture", "JPEG"),
        (picture()[:300], "JPEG"),
        (picture((50, 50)), "200"),
        (picture(kind="GIF"), "JPEG"),
        (b"\xff" * (8 * 1024 * 1024 + 1), "8 MB"),
    ],
)
def test_what_is_no_photo_is_refused_with_what_to_do(north, content, said):
    enrolment = finished(people=1).enrolments.get()
    with pytest.raises(ValidationError, match=said):
        set_photo(enrolment, content)
    enrolment.refresh_from_db()
    assert enrolment.photo is None
