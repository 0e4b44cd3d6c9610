"""Every form that takes a file, with files that nobody should send: refused clearly, quickly, without a trace.

A photo of 20 MB as a phone of today makes it; a workbook that unpacks to 250 MB; an empty file; a program
that calls itself a photo.
"""

import io
import re
import struct
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.isolation.conftest import picture
from tests.isolation.test_every_form import HERE, SAID, Sender, rolled_back, sheets  # noqa: F401

MB = 1024 * 1024
SECONDS = 15  # for any answer, on a machine that does other work too


def large_photo():
    """A true JPEG with 20 MB of remarks in it: small to open, large to send."""
    content = picture().read()
    remark = b"\xff\xfe" + struct.pack(">H", 65_535) + b"x" * 65_533
    return content[:2] + remark * (20 * MB // len(remark) + 1) + content[2:]


def bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(250):
                part.write(b" " * MB)
    return buffer.getvalue()


FILES = {
    "a photo of 20 MB": ("照片.jpg", large_photo, "image/jpeg"),
    "a workbook of 250 MB": ("花名册.xlsx", bomb, "application/zip"),
    "an empty file": ("空.jpg", lambda: b"", "image/jpeg"),
    "a program": ("照片.jpg", lambda: b"MZ" + b"\0" * 4096, "image/jpeg"),
}
SIZE = re.compile(r"\d+ ?MB|过大|解压|too large|larger than")
#: Wagtail's own: images have its limit of 10 MB, documents none; only a manager of files gets there. The
#: hotline looks at its files once the rest is right: its own tests send them.
OTHERS = re.compile(r"^wagtail|^hotline:(?:complain|by_phone)")


@pytest.mark.parametrize("what", list(FILES))
@pytest.mark.parametrize("slug", HERE)
def test_a_file_that_is_too_much_is_refused_and_nothing_is_kept(enter, rolled_back, slug, what):  # noqa: F811
    name, make, kind = FILES[what]
    content, sender, asked = make(), Sender(enter, slug), 0
    for role, sent_to, sheet in sheets(enter, slug):
        if not sheet.files or OTHERS.match(sent_to):
            continue
        for field in sheet.files[:2]:
            asked += 1
            data = sheet.good | {field: SimpleUploadedFile(name, content, content_type=kind)}
            began = time.monotonic()
            answer, shown, wrote = sender.send(role, sent_to, sheet, data, f"{what} as {field}")
            where = (sent_to, field)
            if time.monotonic() - began > SECONDS:
                sender.fault(*where, "slow")
            if wrote and answer.status_code in (301, 302, 303):
                sender.fault(*where, "it was taken")
            large = what in ("a photo of 20 MB", "a workbook of 250 MB")
            said = SIZE.search(shown)
            if "workbook" in what:  # it is small while packed: another fault may be told instead
                said = said or SAID.search(shown)
            if large and answer.status_code in (200, 400) and not said:
                sender.fault(*where, "does not say that it is too large")
    assert asked > 1
    assert sender.faults == []
