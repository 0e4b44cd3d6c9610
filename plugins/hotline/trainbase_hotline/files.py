"""Photos and PDFs of a complaint, private for ever.

All are looked at before one is written: what the core has kept cannot be taken back.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from lms.plugin import Upload, User, private_file, save_private
from trainbase_hotline import clock
from trainbase_hotline.models import Attachment, Complaint

MOST = 3  # of one form
LARGEST = 10 * 1024 * 1024  # bytes, as in the core
STARTS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def check_files(files: Sequence[UploadedFile]) -> None:
    """Raises ValidationError for `files`, each fault with the file's name."""
    faults = []
    for file in files:
        if not file.size:
            fault = "文件是空的，请重新选择 / the file is empty; choose it again"
        elif file.size > LARGEST:
            fault = "文件超过 10 MB，请缩小后再上传 / the file is larger than 10 MB"
        elif not file.read(8).startswith(STARTS):
            fault = (
                "只收 PDF、JPEG 和 PNG，请换一个文件 / only PDF, JPEG and PNG; choose another file"
            )
        else:
            fault = ""
        file.seek(0)
        if fault:
            faults.append(f"{file.name}：{fault}")
    if faults:
        raise ValidationError({"files": faults})


def keep_files(complaint: Complaint, files: Sequence[UploadedFile], by: User | None) -> None:
    """Inside the transaction that records why. Raises ValidationError for a damaged file."""
    for file in files:
        file.seek(0)
        try:
            kept = save_private("hotline", file)
        except ValidationError as error:
            raise ValidationError({"files": f"{file.name}：{error.messages[0]}"}) from error
        Attachment.objects.create(
            complaint=complaint,
            name=kept.name,
            path=kept.path,
            sha256=kept.sha256,
            at=clock.now(),
            by=by,
        )


def answer_file(found: Attachment) -> HttpResponse:
    return private_file(Upload(found.path, found.name, found.sha256))
