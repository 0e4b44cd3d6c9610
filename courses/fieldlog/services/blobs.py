"""Photos and signatures: by their SHA-256, in pieces if need be, proved when they are whole."""

import hashlib
import io
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.fieldlog.models import Blob, FieldEvent, Unread
from courses.retention.gone import gone_pictures
from tenants.storage import PrivateStorage
from tenants.uploads import open_picture

LARGEST_BLOB = 8 * 1024 * 1024  # bytes
LARGEST_PIECE = 256 * 1024  # bytes
SHOWN_SIDE = 1600  # pixels


class Refused(ValueError):
    """The text is the code of the protocol. `offset` is where the next piece begins."""

    def __init__(self, code: str, offset: int = 0) -> None:
        super().__init__(code)
        self.offset = offset


@dataclass(frozen=True)
class Piece:
    """`content` are the bytes from `start` of a file of `total` bytes."""

    start: int
    total: int
    content: bytes


def state_of(name: str) -> Blob | None:
    """What there is of a file; not whole when its bytes are gone."""
    blob = Blob.objects.filter(hash=name).first()
    if blob and not gone_pictures([name]):
        _believe_the_disk(blob)
    return blob


def whole(names: Collection[str]) -> set[str]:
    """Those of the files that are here, byte for byte: a server that was put back from a copy may
    have a row without its file, and must ask for it again.
    """
    rows = Blob.objects.filter(hash__in=names, whole_at__isnull=False)
    here = {blob.hash for blob in rows if _bytes_here(blob) == blob.size}
    return here | gone_pictures(names)  # nobody is asked for what was deleted on purpose


def _path(blob: Blob) -> Path:
    return Path(PrivateStorage().path(blob.path))


def _bytes_here(blob: Blob) -> int:
    try:
        return _path(blob).stat().st_size
    except FileNotFoundError:
        return 0


def _believe_the_disk(blob: Blob) -> None:
    """The row says how much of the file is true, the file how much of that is still here."""
    here = _bytes_here(blob)
    if here < blob.received:
        blob.received, blob.whole_at = here, None


def put(name: str, piece: Piece) -> Blob:
    """Append a piece. The same piece twice changes nothing; a whole file stays what it is.

    Raises Refused: `blob_not_named`, `blob_too_large`, `piece_does_not_follow`, `hash_mismatch`.
    """
    end = piece.start + len(piece.content)
    if max(piece.total, end) > LARGEST_BLOB or len(piece.content) > LARGEST_PIECE:
        raise Refused("blob_too_large")
    if end > piece.total or not piece.content:
        raise Refused("piece_does_not_follow")
    if not FieldEvent.objects.filter(blobs__contains=[name]).exclude(blobs=[]).exists():
        raise Refused("blob_not_named")
    if (known := state_of(name)) and gone_pictures([name]):
        return known
    mismatch = False
    with transaction.atomic():
        Blob.objects.bulk_create([Blob(hash=name, size=piece.total)], ignore_conflicts=True)
        blob = Blob.objects.select_for_update().get(hash=name)
        was_whole = blob.whole_at is not None
        _believe_the_disk(blob)
        if blob.whole_at is None:
            mismatch = not _append(blob, piece)
        if was_whole != (blob.whole_at is not None):
            _look_again(name)
    if mismatch:  # outside of the transaction that threw the bytes away
        raise Refused("hash_mismatch")
    return blob


def _look_again(name: str) -> None:
    """The sessions that name the file are read again: a photo counts when it is here. Noted with the
    file itself, so that neither a kill nor a reading under way can leave it out.
    """
    events = FieldEvent.objects.filter(blobs__contains=[name]).exclude(blobs=[])
    if found := sorted(events.values_list("pk", flat=True)):
        Unread.objects.create(events=found)


def _append(blob: Blob, piece: Piece) -> bool:
    """Write the piece; False when the whole is not what its name says, and all was thrown away.

    Bytes after `received` are left by a process that died.
    """
    path = _path(blob)
    if blob.size != piece.total:  # somebody began with another idea of the length
        blob.size, blob.received = piece.total, 0
    if piece.start > blob.received:
        raise Refused("piece_does_not_follow", blob.received)
    _make_room(path)
    with open(path, "r+b") as file:
        file.truncate(max(blob.received, piece.start))
        file.seek(piece.start)
        file.write(piece.content)
        file.truncate(max(blob.received, piece.start + len(piece.content)))
        file.flush()
        os.fsync(file.fileno())  # before we say that it is here
    blob.received = max(blob.received, piece.start + len(piece.content))
    good = True
    if blob.received == blob.size:
        content = path.read_bytes()
        good = hashlib.sha256(content).hexdigest() == blob.hash
        if good:
            blob.whole_at = timezone.now()
            blob.is_picture = _is_picture(content)
        else:
            blob.received = 0
    blob.save()
    return good


def _make_room(path: Path) -> None:
    """An empty file, if there is none, whose name survives a power cut as its bytes will."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    for folder in (path.parent, path.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_picture(content: bytes) -> bool:
    try:
        open_picture(content)
    except ValidationError:
        return False
    return True


def keep(content: bytes) -> str:
    """Keep a file that the desk was given, as the phones' are kept; its hash."""
    if len(content) > LARGEST_BLOB:
        raise ValidationError("照片超过 8 MB，请缩小后再上传 / the photo is larger than 8 MB")
    open_picture(content)
    name = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        Blob.objects.bulk_create([Blob(hash=name, size=len(content))], ignore_conflicts=True)
        blob = Blob.objects.select_for_update().get(hash=name)
        was_whole = blob.whole_at is not None
        _believe_the_disk(blob)
        if blob.whole_at is None:
            blob.received = 0
            blob.size = len(content)
            _append(blob, Piece(0, len(content), content))
        if was_whole != (blob.whole_at is not None):
            _look_again(name)
    return name


def shown(blob: Blob) -> bytes:
    """The picture drawn anew: without position, camera or anything else that hides in a file.

    Raises ValidationError for what is no picture or not whole.
    """
    if blob.whole_at is None:
        raise ValidationError("照片还没有传完 / the photo has not arrived whole")
    if not _path(blob).exists() and gone_pictures([blob.hash]):
        raise ValidationError("保存期满，照片已清除 / its term is over, the photo was deleted")
    picture = open_picture(_path(blob).read_bytes())
    picture.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
