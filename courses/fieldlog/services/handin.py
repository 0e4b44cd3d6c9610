"""Hand in a phone's outbox file: the same doors as over the network, so that it may be done twice."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from courses.fieldlog.models import Device
from courses.fieldlog.rules.batch import read_json
from courses.fieldlog.rules.envelope import HASH, unb64
from courses.fieldlog.services import blobs, ingest
from courses.fieldlog.services.project import read_pending
from courses.fieldlog.services.receipts import Arrived, arrived, named

FORMAT = "trainbase-outbox/1"
LARGEST_FILE = 1024**3  # bytes; a phone's storage ends before that


@dataclass(frozen=True)
class Outbox:
    """The file as it is written; nothing in it is believed yet."""

    base: str
    device: str
    events: list[Any]
    blobs: dict[str, Any]


@dataclass
class HandedIn:
    """One result an event, one an attached file: `stored`, `duplicate`, or why not."""

    events: list[ingest.Result] = field(default_factory=list)
    blobs: dict[str, str] = field(default_factory=dict)
    device: Device | None = None
    arrived: Arrived | None = None

    @property
    def good(self) -> bool:
        kept = {"stored", "duplicate"}
        return {each.result for each in self.events} | set(self.blobs.values()) <= kept


def read_outbox(content: bytes) -> Outbox:
    """Raises ValidationError that says what is wrong with the file and what to do."""
    if len(content) > LARGEST_FILE:
        raise ValidationError(
            "文件超过 1 GB，请在手机上重新导出 / the file is larger than 1 GB; export it again"
        )
    try:
        found = read_json(content)
    except ValueError:
        raise ValidationError(
            "文件不完整或不是记录文件，请在手机上重新导出 .tbx 文件，整份拷过来"
            " / the file is cut off or no outbox; export the .tbx file again and copy all of it"
        ) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        said = str(found.get("format", "")) if isinstance(found, dict) else ""
        raise ValidationError(
            f"不认识的文件格式 {said[:40]!r}，应为 {FORMAT}；请更新服务器，或重新导出"
            f" / unknown format, this server reads {FORMAT}; update it, or export the file again"
        )
    events, files = found.get("events"), found.get("blobs") or {}
    if not isinstance(events, list) or not isinstance(files, dict):
        raise ValidationError(
            "文件里没有记录，请重新导出 / the file has no events in it; export it again"
        )
    return Outbox(str(found.get("base", "")), str(found.get("device", "")), events, files)


def hand_in(outbox: Outbox) -> HandedIn:
    """Take in all that the file holds; each item is judged by itself."""
    done = HandedIn()
    for batch in _batches(outbox.events):
        done.events += ingest.take_in(batch)
    for name, text in outbox.blobs.items():
        done.blobs[name] = _take_file(name, text)
    read_pending()
    done.device = named(outbox.device)
    done.arrived = arrived(done.device) if done.device else None
    return done


def _batches(events: Sequence[Any]) -> Iterator[list[Any]]:
    """As many at once as a phone sends."""
    batch: list[Any] = []
    size = 0
    for event in events:
        length = len(json.dumps(event))
        if batch and (len(batch) >= ingest.MOST_EVENTS or size + length > ingest.LARGEST_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += length
    if batch:
        yield batch


def _take_file(name: str, text: Any) -> str:
    if not HASH.fullmatch(name):
        return "not_a_hash"
    try:
        content = unb64(text)
    except ValueError:
        return "not_base64"
    if (found := blobs.state_of(name)) and found.whole_at:
        return "duplicate"
    try:
        for start in range(0, max(len(content), 1), blobs.LARGEST_PIECE):
            piece = content[start : start + blobs.LARGEST_PIECE]
            found = blobs.put(name, blobs.Piece(start, len(content), piece))
    except blobs.Refused as error:
        return str(error)
    return "stored" if found and found.whole_at else "incomplete"
