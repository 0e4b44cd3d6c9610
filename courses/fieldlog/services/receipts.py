"""What has arrived of a device, signed. The only thing that an app believes."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from courses.fieldlog.models import Blob, Device, FieldEvent, Reading
from courses.fieldlog.rules.envelope import FIRST
from courses.fieldlog.rules.lag import Run, within, without
from courses.fieldlog.services import keys
from courses.fieldlog.services.blobs import whole

MOST_LISTED = 500  # gaps, blobs, forks or unreadable events that a receipt names

ENDLESS = 2**63 - 1  # above the highest number that an event can have
LOOK_AGAIN = 600  # seconds between two looks at the disk for all files of a phone


@dataclass(frozen=True)
class Lost:
    """Numbers that a phone has said its storage has lost, and that have not arrived otherwise."""

    first: int
    last: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Arrived:
    """`gaps` are pairs (from, to) below the greater of `highest` and `head`: what is not here, be it
    still to come (`awaited`) or `lost`. What is lost may lie above `head`.
    """

    contiguous: int
    chain_head: str
    highest: int
    head: int
    gaps: list[Run]
    forks: list[int]
    missing_blobs: list[str]
    unreadable: list[dict[str, Any]]
    lost: list[Lost] = field(default_factory=list)

    @property
    def awaited(self) -> list[Run]:
        left = self.gaps
        for each in self.lost:
            left = without(left, (each.first, each.last))
        return left


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def named(uuid: Any) -> Device | None:
    """The device of a UUID that somebody has sent."""
    try:
        return Device.objects.filter(uuid=UUID(str(uuid))).first()
    except ValueError:
        return None


def receipt(device: Device) -> dict[str, str]:
    found = arrived(device)
    body = json.dumps(
        {
            "v": 1,
            "device": str(device.uuid),
            "at": stamp(timezone.now()),
            **_vouched(device, found),
        },
        separators=(",", ":"),
        sort_keys=True,
    )
    kid, sig = keys.sign(body)
    return {"body": body, "sig": sig, "kid": kid}


def _vouched(device: Device, found: Arrived) -> dict[str, Any]:
    """What the receipt says. Its lists are cut, and beyond a cut it vouches for nothing: what a list
    does not name, a phone takes for arrived, and forgets in the end.
    """
    said = vars(found) | {
        "lost": [
            {"from": each.first, "to": each.last, "reason": each.reason}
            for each in found.lost[:MOST_LISTED]
        ]
    }
    until = found.highest
    if len(found.gaps) > MOST_LISTED:
        until = found.gaps[MOST_LISTED][0] - 1
        said["gaps"] = found.gaps[:MOST_LISTED]
    if len(found.missing_blobs) > MOST_LISTED:
        said["missing_blobs"], before = _first_missing(device, set(found.missing_blobs))
        until = min(until, before)
    said["highest"] = until
    if until < found.contiguous:
        said |= {"contiguous": until, "chain_head": _hash_at(device, until)}
    return said


def _first_missing(device: Device, missing: set[str]) -> tuple[list[str], int]:
    """The missing files that the oldest events name, and the last number before others are named."""
    rows = FieldEvent.objects.filter(device=device).exclude(blobs=[]).order_by("seq")
    listed: set[str] = set()
    last = 0
    for seq, blobs in rows.values_list("seq", "blobs"):
        more = missing & set(blobs)
        if len(listed | more) > MOST_LISTED:
            break
        listed |= more
        last = seq
    return sorted(listed), last


def arrived(device: Device) -> Arrived:
    """Read from the log itself. The lower bound that the device row keeps only shortens the way."""
    islands = _islands(device)
    contiguous = device.contiguous
    if islands and islands[0][0] == contiguous + 1:
        contiguous = islands[0][1]
        islands = islands[1:]
        Device.objects.filter(pk=device.pk, contiguous__lt=contiguous).update(contiguous=contiguous)
    highest = islands[-1][1] if islands else contiguous
    head = max(highest, Device.objects.values_list("claimed_seq", flat=True).get(pk=device.pk))
    gaps, after = [], contiguous
    for first, last in islands:
        gaps.append((after + 1, first - 1))
        after = last
    if head > after:
        gaps.append((after + 1, head))
    return Arrived(
        contiguous=contiguous,
        chain_head=_hash_at(device, contiguous),
        highest=highest,
        head=head,
        gaps=gaps,
        forks=_forks(device),
        missing_blobs=_missing(device),
        unreadable=[
            {"seq": seq, "reason": fault}
            for seq, fault in Reading.objects.filter(event__device=device)
            .exclude(fault="")
            .order_by("event__seq")
            .values_list("event__seq", "fault")[:MOST_LISTED]
        ],
        lost=_lost(
            device,
            [*gaps[:-1], (gaps[-1][0], ENDLESS)]
            if head > highest
            else [*gaps, (head + 1, ENDLESS)],
        ),
    )


def _lost(device: Device, absent: list[Run]) -> list[Lost]:
    """What of the absent numbers a phone of the base has declared lost, each by the first that did.
    A phone that was kept out declares nothing.
    """
    rows = Reading.objects.filter(
        session=None, kind="loss", fault="", after_revocation=False, said__device=str(device.uuid)
    ).select_related("event__device__trainer")
    found = []
    for row in rows.order_by("event__received_at", "event_id"):
        said = (int(row.said["from"]), int(row.said["to"]))
        who, at = str(row.event.device), row.event.received_at
        for first, last in within(absent, said):
            found.append(Lost(first, last, str(row.said["reason"]), who, at))
        absent = without(absent, said)
    return sorted(found, key=lambda each: each.first)


def _islands(device: Device) -> list[tuple[int, int]]:
    """Runs of numbers without a gap, after the known lower bound."""
    table = FieldEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(seq), max(seq) FROM (SELECT seq, seq - dense_rank() OVER (ORDER BY seq) AS "
            f"run FROM {table} WHERE device_id = %s AND seq > %s) AS numbered "
            "GROUP BY run ORDER BY 1",
            [device.pk, device.contiguous],
        )
        return [(first, last) for first, last in cursor.fetchall()]


def _hash_at(device: Device, seq: int) -> str:
    found = FieldEvent.objects.filter(device=device, seq=seq).order_by("hash").first()
    return bytes(found.hash).hex() if found else FIRST


def _forks(device: Device) -> list[int]:
    table = FieldEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT seq FROM {table} WHERE device_id = %s GROUP BY seq HAVING count(*) > 1 "
            "ORDER BY seq LIMIT %s",
            [device.pk, MOST_LISTED],
        )
        return [seq for (seq,) in cursor.fetchall()]


def _missing(device: Device) -> list[str]:
    named = FieldEvent.objects.filter(device=device).exclude(blobs=[])
    hashes = {name for blobs in named.values_list("blobs", flat=True) for name in blobs}
    rows = Blob.objects.filter(hash__in=hashes, whole_at__isnull=False)
    here = set(rows.values_list("hash", flat=True))
    return sorted((hashes - here) | _gone(device, here))


def _gone(device: Device, here: set[str]) -> set[str]:
    """Files whose bytes are not on the disk though their rows say so, as after a restore. Looking at
    each file for every answer would cost more than taking in a batch.
    """
    key = f"field-gone:{device.pk}"
    known = cache.get(key)
    if known is None:
        known = here - whole(here)
        cache.set(key, sorted(known), LOOK_AGAIN)
    suspect = here & set(known)
    return suspect - whole(suspect) if suspect else suspect
