"""Whether a file can be a workbook, by its size and what its archive declares, before it is opened."""

from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from courses.roster.faults import RosterError

MAX_BYTES = 10 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 100  # unpacked to packed; checked beyond HARMLESS bytes, since XML packs well
HARMLESS = 20 * 2**20
OLE = bytes.fromhex("D0CF11E0A1B11AE1")

Source = Path | IO[bytes]


def contents_of(source: Source) -> bytes:
    """The bytes of a file that can be an xlsx workbook by its size and first bytes."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    else:
        source.seek(0)
        data = source.read(MAX_BYTES + 1)
    if not data:
        raise RosterError("empty")
    if len(data) > MAX_BYTES:
        raise RosterError("too_big")
    if data.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise RosterError("password" if encrypted else "old_format")
    if data.startswith(b"PK"):
        return data
    is_text = b"\0" not in data[:4096] or data.startswith((b"\xff\xfe", b"\xfe\xff"))
    raise RosterError("text" if is_text else "broken")


def refuse_bombs(data: bytes) -> None:
    """By the sizes the archive declares; zipfile itself reads no more than those."""
    with ZipFile(BytesIO(data)) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    # Parts outside the sheets, such as shared strings, are parsed whole before any row is seen.
    whole = sum(
        size
        for name, size in sizes.items()
        if name.endswith(".xml") and not name.startswith("xl/worksheets/")
    )
    limit = min(MAX_UNPACKED, max(HARMLESS, MAX_RATIO * len(data)))
    if sum(sizes.values()) > limit or whole > HARMLESS:
        raise RosterError("too_big_unpacked")
