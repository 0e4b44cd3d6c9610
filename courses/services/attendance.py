"""Append attendance events, and project them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.models import Attendance, AttendanceEvent, Enrolment, Mark, VillageSession
from courses.rules import minutes_fault
from tenants.staff.models import User


@dataclass(frozen=True)
class MarkEntry:
    """One mark as the client sends it; the same `uuid` sent twice is one event.

    `minutes` were spent in class. `reason` is needed when a mark of the same person and session
    stands already: then this is a correction.
    """

    enrolment_id: int
    mark: str
    minutes: int
    reason: str = ""
    uuid: UUID = field(default_factory=uuid4)


@transaction.atomic
def record_attendance(
    session: VillageSession,
    entries: Sequence[MarkEntry],
    by: User,
    at: datetime | None = None,
) -> list[AttendanceEvent]:
    """Append the entries that say something new; return their events.

    An entry equal to the standing mark is no news and appends nothing. Raises ValidationError
    (all faults at once, nothing written) for a stranger to the class, impossible minutes, or a
    correction without a reason.
    """
    # One writer a session: two devices may send at the same moment.
    session = VillageSession.objects.select_for_update().get(pk=session.pk)
    if session.held_on > timezone.localdate():
        raise ValidationError(
            f"这次课定在 {session.held_on}，还没有上，不能记考勤"
            f" / this session is on {session.held_on}: there is nothing to record yet"
        )
    known = {
        event.uuid: event
        for event in AttendanceEvent.objects.filter(uuid__in=[e.uuid for e in entries])
    }
    used: set[UUID] = set()
    names = {
        e.pk: e.trainee.name
        for e in Enrolment.objects.filter(
            training_class_id=session.training_class_id
        ).select_related("trainee")
    }
    standing = {
        row.enrolment_id: row
        for row in Attendance.objects.filter(session=session).select_related("event")
    }
    news = []
    faults = []
    for entry in entries:
        if entry.uuid in known or entry.uuid in used:
            if _says_the_same(known.get(entry.uuid), entry, session):
                continue
            entry = replace(entry, uuid=uuid4())  # other news under an old name is still news
        used.add(entry.uuid)
        current = standing.get(entry.enrolment_id)
        if current and (current.mark, current.minutes) == (entry.mark, entry.minutes):
            continue
        if fault := _fault(entry, names, session, current):
            faults.append(fault)
        news.append((entry, current))
    if faults:
        raise ValidationError(faults)
    events = [
        AttendanceEvent.objects.create(
            uuid=entry.uuid,
            session=session,
            enrolment_id=entry.enrolment_id,
            mark=entry.mark,
            minutes=entry.minutes,
            corrects=current.event if current else None,
            reason=entry.reason.strip(),
            recorded_by=by,
            recorded_at=at or timezone.now(),
        )
        for entry, current in news
    ]
    _project(events)
    return events


def _says_the_same(
    event: AttendanceEvent | None, entry: MarkEntry, session: VillageSession
) -> bool:
    return event is not None and (
        (event.session_id, event.enrolment_id, event.mark, event.minutes)
        == (session.pk, entry.enrolment_id, entry.mark, entry.minutes)
    )


def _fault(
    entry: MarkEntry, names: dict[int, str], session: VillageSession, current: Attendance | None
) -> str | None:
    if entry.enrolment_id not in names:
        return "名单中没有此人，请刷新页面 / not on this class's list; reload the page"
    name = names[entry.enrolment_id]
    if entry.mark not in Mark.values:
        return f"{name}：请选择考勤 / {name}: choose a mark"
    if fault := minutes_fault(entry.mark, entry.minutes, session.minutes):
        return f"{name}：{fault[0]} / {name}: {fault[1]}"
    if current and not entry.reason.strip():
        return f"{name}：更正须填写原因 / {name}: a correction needs a reason"
    return None


def _project(events: Iterable[AttendanceEvent]) -> None:
    for event in events:
        Attendance.objects.update_or_create(
            session_id=event.session_id,
            enrolment_id=event.enrolment_id,
            defaults={"event": event, "mark": event.mark, "minutes": event.minutes},
        )


@transaction.atomic
def replay(session: VillageSession) -> int:
    """Remake the projection of a session from its events alone; returns its rows."""
    Attendance.objects.filter(session=session).delete()
    _project(AttendanceEvent.objects.filter(session=session).order_by("id"))
    return Attendance.objects.filter(session=session).count()
