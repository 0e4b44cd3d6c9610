"""What no release has foreseen stops at itself: one event, or one session, and never the base.

Anybody with a phone of the base can write anything into the log, and nothing can be deleted from it:
a value that stopped the reading once would stop it for ever, and with it review and issue.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence

from django.db import InterfaceError, OperationalError, transaction

from courses.fieldlog.models import FieldEvent, Reading, SessionLog
from courses.fieldlog.services.project import presence
from courses.fieldlog.services.project.claims import planned_span
from courses.fieldlog.services.project.read import Known, readings
from courses.models import Attendance, VillageSession

log = logging.getLogger(__name__)
#: The database is away, or another pass was in the way: nothing is wrong with what was read.
PASSING = (OperationalError, InterfaceError, MemoryError)


def read_into(events: Sequence[FieldEvent], given: Known) -> list[Reading]:
    """Write and return the readings of the events. Of one that fails for a reason nobody thought of
    the reading says just that; it is found by halves, so that the usual case costs nothing.
    """
    if not events:
        return []
    try:
        with transaction.atomic():
            return Reading.objects.bulk_create(readings(events, given))
    except PASSING:
        raise
    except Exception as error:
        if len(events) == 1:
            return [_unreadable(events[0], error)]
    half = len(events) // 2
    return read_into(events[:half], given) + read_into(events[half:], given)


def _unreadable(event: FieldEvent, error: Exception) -> Reading:
    # The kind of the error only: its text may hold what an event says of a person.
    log.error("event %s is unreadable: %s", event, type(error).__name__)
    at = event.received_at
    return Reading.objects.create(event=event, fault="unreadable", at=at, not_after=at)


def settled(session: VillageSession, settle: Callable[[VillageSession], SessionLog]) -> SessionLog:
    """What `settle` makes of the session; where it fails, a log without marks that says so."""
    try:
        with transaction.atomic():
            return settle(session)
    except PASSING:
        raise
    except Exception as error:
        log.error("session %s cannot be settled: %s", session.pk, type(error).__name__)
        return _unsettled(session)


def _unsettled(session: VillageSession) -> SessionLog:
    Attendance.objects.filter(session=session).delete()
    presence.write(session, planned_span(session), {})
    said = Reading.objects.filter(session=session, fault="").order_by("event__hash")
    digest = hashlib.sha256()
    for name in said.exclude(kind="review").values_list("event__hash", flat=True):
        digest.update(bytes(name))
    reviewed = said.filter(kind="review").exists()
    found, _ = SessionLog.objects.update_or_create(
        session=session,
        defaults={
            "flags": [["unsettled", ""]],
            "grade": SessionLog.Grade.D,
            "reasons": ["unsettled"],
            "opened_at": None,
            "closed_at": None,
            "held_minutes": None,
            "headcount": None,
            "marked": 0,
            "disputed": 0,
            "walk_ins": 0,
            "trainers_elsewhere": [],
            "digest": digest.digest(),
            "review": SessionLog.Review.CHANGED if reviewed else SessionLog.Review.WAITING,
        },
    )
    return found
