"""Record marks at the desk, in the same log as the phones' and the sheets'."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.fieldlog.models import FieldEvent, Reading
from courses.fieldlog.services import desk
from courses.fieldlog.services.project import hold_still, read_pending
from courses.models import Attendance, Enrolment, Mark, VillageSession
from courses.rules import minutes_fault
from tenants.staff.models import User


@dataclass(frozen=True)
class MarkEntry:
    """One mark as a person says it.

    `minutes` were spent in class. `reason` is needed when the desk has marked the same person in
    the session before: then this is a correction.
    """

    enrolment_id: int
    mark: str
    minutes: int
    reason: str = ""
    uuid: UUID = field(default_factory=uuid4)


def record_attendance(
    session: VillageSession,
    entries: Sequence[MarkEntry],
    by: User,
    at: datetime | None = None,
    source: str = FieldEvent.Source.DESK,
) -> list[FieldEvent]:
    """Append the entries that say something new; return their events.

    An entry equal to the standing mark is no news and appends nothing. Raises ValidationError
    (all faults at once, nothing written) for a stranger to the class, impossible minutes, or a
    correction without a reason.
    """
    return record_sessions([(session, entries)], by, at, source)


@transaction.atomic
def record_sessions(
    told: Sequence[tuple[VillageSession, Sequence[MarkEntry]]],
    by: User,
    at: datetime | None = None,
    source: str = FieldEvent.Source.DESK,
) -> list[FieldEvent]:
    """The same of several sessions, all of them or none: the log is read once, after the last."""
    # One writer a session: two people may send at the same moment. First the log, then the session,
    # as a review does; not a lock on its key, since a pass over the log writes rows that point to it.
    hold_still()
    news: list[tuple[dict[str, Any], UUID | None]] = []
    faults = []
    for session, entries in sorted(told, key=lambda each: each[0].pk):
        fresh, wrong = _news(session, entries, source)
        news += [(payload_of(session, entry, source), entry.uuid) for entry in fresh]
        faults += wrong
    if faults:
        raise ValidationError(faults)
    events = desk.append_all(news, by, source, at)
    read_pending()
    return events


def _news(
    session: VillageSession, entries: Sequence[MarkEntry], source: str
) -> tuple[list[MarkEntry], list[str]]:
    """The entries of a session that say something new, and what is wrong with them. The session is
    locked from now on.
    """
    session = VillageSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    if session.held_on > timezone.localdate():
        raise ValidationError(
            f"这次课定在 {session.held_on}，还没有上，不能记考勤"
            f" / this session is on {session.held_on}: there is nothing to record yet"
        )
    names = {
        e.pk: e.trainee.name
        for e in Enrolment.objects.on_roll_of(session.held_on)
        .filter(training_class_id=session.training_class_id)
        .select_related("trainee")
    }
    standing = {row.enrolment_id: row for row in Attendance.objects.filter(session=session)}
    said = last_said(session, source)
    news = []
    faults = []
    for entry in entries:
        if _says_the_same(standing.get(entry.enrolment_id), said.get(entry.enrolment_id), entry):
            continue
        if fault := _fault(entry, names, session, said.get(entry.enrolment_id)):
            faults.append(fault)
        news.append(entry)
    return news, faults


def payload_of(session: VillageSession, entry: MarkEntry, source: str) -> dict[str, Any]:
    return {
        "kind": "mark",
        "session": session.pk,
        "person": {"enrolment": entry.enrolment_id},
        "mark": entry.mark,
        "minutes": entry.minutes,
        "how": str(source),
        "reason": entry.reason.strip(),
    }


def last_said(session: VillageSession, source: str) -> dict[int, Reading]:
    """The last mark of each person in the session that came from `source`."""
    rows = Reading.objects.filter(session=session, kind="mark", fault="", event__source=source)
    ordered = rows.exclude(enrolment=None).order_by("event__received_at", "event__hash")
    return {row.enrolment_id: row for row in ordered if row.enrolment_id}


def _says_the_same(standing: Attendance | None, said: Reading | None, entry: MarkEntry) -> bool:
    """No news: it stands so already, or these are the desk's last words though others disagree."""
    if (
        standing
        and not standing.why
        and (standing.mark, standing.said_minutes)
        == (
            entry.mark,
            entry.minutes,
        )
    ):
        return True
    return said is not None and (said.said["mark"], said.said["minutes"]) == (
        entry.mark,
        entry.minutes,
    )


def _fault(
    entry: MarkEntry, names: dict[int, str], session: VillageSession, said: Reading | None
) -> str | None:
    if entry.enrolment_id not in names:
        return "名单中没有此人，请刷新页面 / not on this class's list; reload the page"
    name = names[entry.enrolment_id]
    if entry.mark not in Mark.values:
        return f"{name}：请选择考勤 / {name}: choose a mark"
    if fault := minutes_fault(entry.mark, entry.minutes, session.minutes):
        return f"{name}：{fault[0]} / {name}: {fault[1]}"
    if said and not entry.reason.strip():
        return f"{name}：更正须填写原因 / {name}: a correction needs a reason"
    return None
