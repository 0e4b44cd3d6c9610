"""A supervisor's words about the log: they are events of it like all others."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from courses.fieldlog.models import PaperSheet, Reading, SessionLog
from courses.fieldlog.services import desk
from courses.fieldlog.services.project import hold_still, read_pending
from courses.models import Attendance, Mark, VillageSession
from courses.rules import minutes_fault
from tenants.staff.models import User

ACCEPTED, DISPUTED = "accepted", "disputed"


def recorders(session: VillageSession) -> set[int]:
    """Users who recorded the session, or taught what a paper sheet says: they do not review it."""
    marks = Reading.objects.filter(session=session, kind__in=["mark", "session_opened"])
    people: set[int] = set()
    for by, trainer in marks.values_list("event__by", "event__device__trainer"):
        people |= {each for each in (by, trainer) if each}
    taught = PaperSheet.objects.filter(session=session, entered__isnull=False)
    people |= {each for each in taught.values_list("taught_by", flat=True) if each}
    return people


@transaction.atomic
def review_session(
    session: VillageSession, verdict: str, by: User, reason: str = "", digest: str = ""
) -> SessionLog:
    """Accept or dispute what the log says now; it holds until the log says something else.

    `digest` is that of the page on which the supervisor decided; a newer one is refused, since
    nobody has looked at it. Raises ValidationError for that, for whoever recorded the session, for
    disputed marks, and for grade D or a dispute without a reason.
    """
    session = _held(session)
    log = SessionLog.objects.filter(session=session).first()
    if log is None or not log.marked:
        raise ValidationError(
            "这次课还没有考勤，不能审核 / this session has no marks: there is nothing to review"
        )
    _changed(log, digest)
    if verdict not in (ACCEPTED, DISPUTED):
        raise ValidationError("请选择采信或争议 / choose to accept or to dispute")
    if faults := _faults(log, verdict, by, reason.strip()):
        raise ValidationError(faults)
    desk.append(_said_of(log, verdict, reason), by)
    read_pending()
    return SessionLog.objects.get(session=session)


def _said_of(log: SessionLog, verdict: str, reason: str) -> dict[str, Any]:
    return {
        "kind": "review",
        "session": log.session_id,
        "verdict": verdict,
        "digest": bytes(log.digest).hex(),
        "grade": log.grade,
        "reasons": [*log.flags, *([code, ""] for code in log.reasons)],
        "reason": reason.strip()[:500],
    }


def _held(session: VillageSession) -> VillageSession:
    """The session, for one reviewer at a time, with all that has arrived read.

    First the log, then the session, as whoever records does: a request that accepts many sessions
    holds the log from the first to the last. The lock is not on the session's key, since a pass over
    the log writes rows that point to it.
    """
    hold_still()
    return VillageSession.objects.select_for_update(no_key=True).get(pk=session.pk)


def _changed(log: SessionLog | None, digest: str) -> None:
    if digest and (log is None or digest != bytes(log.digest).hex()):
        raise ValidationError(
            "考勤刚刚有变化，请重新查看后再审核 / the log has just changed: look at it again"
        )


def _faults(log: SessionLog, verdict: str, by: User, reason: str) -> list[str]:
    faults = []
    if by.pk in recorders(log.session):
        faults.append(
            "记录考勤的人不能审核同一次课，请由他人审核"
            " / whoever recorded a session does not review it: ask somebody else"
        )
    if verdict == DISPUTED and not reason:
        faults.append("请写明争议原因 / say why the log is disputed")
    if verdict == ACCEPTED and log.disputed:
        faults.append(
            f"还有 {log.disputed} 人的考勤有争议，请先逐人裁定"
            f" / {log.disputed} marks are disputed: decide each of them first"
        )
    if verdict == ACCEPTED and log.grade == SessionLog.Grade.D and not reason:
        faults.append(
            "可信度为 D，采信须写明原因 / the grade is D: say why you accept it nevertheless"
        )
    return faults


@transaction.atomic
def decide_mark(
    session: VillageSession,
    enrolment_id: int,
    mark: str,
    minutes: int,
    reason: str,
    by: User,
    digest: str = "",
) -> Attendance:
    """Settle what a person's mark is, in sight of all claims that stand now.

    `digest` is that of the page on which it was decided; a newer one is refused. Raises
    ValidationError for that, for a stranger to the log, impossible minutes, and without a reason.
    """
    session = _held(session)
    standing = Attendance.objects.filter(session=session, enrolment=enrolment_id).first()
    if standing is None:
        raise ValidationError(
            "日志中没有此人的考勤 / the log has no mark of this person in this session"
        )
    _changed(SessionLog.objects.filter(session=session).first(), digest)
    faults = []
    if mark not in Mark.values:
        faults.append("请选择考勤 / choose a mark")
    if by.pk in recorders(session):
        faults.append("记录考勤的人不能裁定 / whoever recorded the session does not decide")
    if not reason.strip():
        faults.append("请写明裁定依据 / say what the decision rests on")
    if fault := minutes_fault(mark, minutes, session.minutes):
        faults.append(" / ".join(fault))
    if faults:
        raise ValidationError(faults)
    desk.append(
        {
            "kind": "decision",
            "session": session.pk,
            "person": {"enrolment": enrolment_id},
            "mark": mark,
            "minutes": minutes,
            "reason": reason.strip()[:500],
            "seen": sorted(standing.claims),
        },
        by,
    )
    read_pending()
    return Attendance.objects.get(session=session, enrolment=enrolment_id)


@transaction.atomic
def accept_all(training_class_id: int, by: User) -> int:
    """Accept every session of a class that waits and has nothing against it; how many. The log is read
    once, after the last of them.
    """
    hold_still()
    rows = VillageSession.objects.select_for_update(no_key=True).order_by("pk")
    held = list(rows.filter(training_class=training_class_id))
    waiting = SessionLog.objects.filter(session__in=held, marked__gt=0).select_related("session")
    logs = waiting.exclude(review=SessionLog.Review.ACCEPTED).order_by("session_id")
    fit = [log for log in logs if not _faults(log, ACCEPTED, by, "")]
    desk.append_all([(_said_of(log, ACCEPTED, ""), None) for log in fit], by)
    read_pending()
    return len(fit)
