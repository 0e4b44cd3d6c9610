"""Keep apart what no known device has signed, so that a mistake of ours loses nothing.

Anybody may send, so a stranger's share is bounded: a flood must not fill the disk that events need.
What is turned away is said to be, and whoever sent it keeps it. What a device has signed, and what
a device with a token brings, is never turned away.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from courses.fieldlog.models import Quarantined

HOURLY = 8 * 1024 * 1024  # bytes in a base, of all strangers together
MOST = 1024 * 1024 * 1024  # bytes of the table, after which nothing of a stranger is kept
ROW = 300  # bytes that a row takes beside what it holds


@dataclass(frozen=True)
class Apart:
    """`hash` is of the body, `raw` all that came, `reason` a code of the protocol."""

    hash: bytes
    raw: bytes
    reason: str


def keep_apart(apart: Collection[Apart], at: datetime, from_stranger: bool) -> set[Apart]:
    """Keep them; those that were turned away."""
    if not apart:
        return set()
    room = _room(at) if from_stranger else None
    rows: dict[bytes, Apart] = {}
    turned_away = set()
    for each in apart:
        if room is not None:
            if room < len(each.raw) + ROW:
                turned_away.add(each)
                continue
            room -= len(each.raw) + ROW
        rows[hashlib.sha256(each.raw).digest()] = each
    Quarantined.objects.bulk_create(
        [
            Quarantined(hash=name, raw=rows[name].raw, reason=rows[name].reason, received_at=at)
            for name in sorted(rows)  # so that two batches lock them in the same order
        ],
        ignore_conflicts=True,
    )
    return turned_away


def _room(at: datetime) -> int:
    """Bytes that strangers may still send within the hour. Newest rows first, as many as may be."""
    table = Quarantined._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size(%s::regclass), coalesce(sum(size), 0) FROM ("
            f"SELECT length(raw) + %s AS size, received_at FROM {table} ORDER BY id DESC LIMIT %s"
            ") AS newest WHERE received_at > %s",
            [table, ROW, HOURLY // ROW, at - timedelta(hours=1)],
        )
        whole, hour = cursor.fetchone()
    return 0 if whole >= MOST else max(0, HOURLY - int(hour))
