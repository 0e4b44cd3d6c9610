"""Append what people say at the desk, or copy from paper, to the same log."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from courses.fieldlog.models import FieldEvent, Unread
from courses.fieldlog.rules.envelope import hash_of
from courses.fieldlog.services.receipts import stamp
from tenants.staff.models import User

AT_ONCE = 500  # events that are read together


def append(
    payload: dict[str, Any],
    by: User,
    source: str = FieldEvent.Source.DESK,
    uuid: UUID | None = None,
    at: datetime | None = None,
    blobs: tuple[str, ...] = (),
) -> FieldEvent:
    """One event of a person who is signed in. Call inside a transaction, and read it before that
    ends (`services.project.read_pending`), so that the page that follows shows it.
    """
    event = _event(payload, by, source, uuid, at, blobs)
    event.save()
    Unread.objects.create(events=[event.pk])
    return event


def append_all(
    said: Sequence[tuple[dict[str, Any], UUID | None]],
    by: User,
    source: str = FieldEvent.Source.DESK,
    at: datetime | None = None,
) -> list[FieldEvent]:
    """One event for each payload of somebody who says much at once. Call it as `append`."""
    events = FieldEvent.objects.bulk_create(
        [_event(payload, by, source, uuid, at) for payload, uuid in said]
    )
    for start in range(0, len(events), AT_ONCE):
        Unread.objects.create(events=[each.pk for each in events[start : start + AT_ONCE]])
    return events


def _event(
    payload: dict[str, Any],
    by: User,
    source: str,
    uuid: UUID | None,
    at: datetime | None,
    blobs: tuple[str, ...] = (),
) -> FieldEvent:
    now = timezone.now()
    body = json.dumps(
        {
            "v": 1,
            "uuid": str(uuid or uuid4()),
            "source": source,
            "by": by.pk,
            "wall": stamp(at or now),
            "payload": payload,
        },
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return FieldEvent(
        hash=hash_of(body), source=source, body=body, by=by, blobs=list(blobs), received_at=now
    )
