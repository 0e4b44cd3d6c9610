"""Append what people say at the desk, or copy from paper, to the same log."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from courses.fieldlog.models import FieldEvent, Unread
from courses.fieldlog.rules.envelope import hash_of
from courses.fieldlog.services.receipts import stamp
from tenants.staff.models import User


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
    event = FieldEvent.objects.create(
        hash=hash_of(body), source=source, body=body, by=by, blobs=list(blobs), received_at=now
    )
    Unread.objects.create(events=[event.pk])
    return event
