"""When attendance or a score changes after a certificate was issued: judge again, and ask a person.

Never silently.
"""

from collections.abc import Collection
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from certificates import rules
from certificates.models import Certificate, Reevaluation
from certificates.services.basis import (
    Logs,
    attended_of,
    basis_of,
    digest_of,
    logs_of,
    marks_of,
    numbers_of,
)
from certificates.services.revoke import ask
from courses.models import Attendance, Score, TrainingClass, VillageSession
from courses.services.assessment import latest_scores
from tenants.staff.models import User
from tenants.verdict import Verdict

KEEP, REVOKE = "keep", "revoke"


@transaction.atomic
def reevaluate(sessions: Collection[int]) -> int:
    """Look at the valid certificates of the sessions' classes; the number of new rows.

    Safe to call at any time: what was found before, or decided before, is not found again.
    """
    valid = Certificate.objects.filter(status=Certificate.Status.VALID)
    classes = TrainingClass.objects.filter(
        sessions__in=sessions, enrolments__certificates__in=valid
    ).distinct()
    return sum(_of_class(each) for each in classes.select_related("rule_set").order_by("pk"))


@transaction.atomic
def reevaluate_people(enrolments: Collection[int]) -> int:
    """Look at the valid certificates of these places in classes; the number of new rows."""
    valid = Certificate.objects.filter(status=Certificate.Status.VALID, enrolment__in=enrolments)
    classes = TrainingClass.objects.filter(enrolments__certificates__in=valid).distinct()
    return sum(
        _of_class(each, enrolments) for each in classes.select_related("rule_set").order_by("pk")
    )


def _of_class(training_class: TrainingClass, enrolments: Collection[int] | None = None) -> int:
    sessions = list(training_class.sessions.order_by("number"))
    marks, logs = marks_of(training_class), logs_of(sessions)
    scores = latest_scores(training_class)
    valid = Certificate.objects.filter(
        status=Certificate.Status.VALID, enrolment__training_class=training_class
    )
    if enrolments is not None:
        valid = valid.filter(enrolment__in=enrolments)
    made = 0
    for certificate in valid.order_by("pk"):
        mine, score = marks[certificate.enrolment_id], scores.get(certificate.enrolment_id)
        basis = basis_of(sessions, mine, logs, score)
        if certificate.evidence:
            told = {key: basis.facts[key] for key in ("marks", "logs")}
            same = told == {key: certificate.evidence[key] for key in ("marks", "logs")}
        else:
            same = basis.digest == bytes(certificate.evidence_digest)
        rescored = _rescored(certificate, score)
        if same and basis.accepted == basis.planned and not rescored:
            _undo(certificate)
            continue
        made += _find(certificate, training_class, sessions, mine, logs, rescored)
    return made


def _rescored(certificate: Certificate, score: Score | None) -> dict[str, Any] | None:
    """The scores of the certificate and those of now, where they differ."""
    before = (certificate.theory_score, certificate.practice_score)
    if score is None or before == (score.theory, score.practice):
        return None
    after = (score.theory, score.practice)
    names = ("theory", "practice")
    return {
        "score": True,
        "before": dict(zip(names, map(str, before), strict=True)),
        "after": dict(zip(names, map(str, after), strict=True)),
    }


def _undo(certificate: Certificate) -> None:
    """All is again as it was certified: there is nothing to decide any more."""
    _open(certificate).update(state=Reevaluation.State.UNDONE, decided_at=timezone.now())


def open_reevaluations() -> QuerySet[Reevaluation]:
    """Changes that wait for a person, with their certificates."""
    found = Reevaluation.objects.filter(state=Reevaluation.State.OPEN)
    return found.select_related("certificate")


def _open(certificate: Certificate) -> QuerySet[Reevaluation]:
    return open_reevaluations().filter(certificate=certificate)


def _find(
    certificate: Certificate,
    training_class: TrainingClass,
    sessions: list[VillageSession],
    marks: list[Attendance],
    logs: Logs,
    rescored: dict[str, Any] | None,
) -> int:
    attended = attended_of(training_class, sessions, marks, logs)
    disputed = sum(1 for row in marks if row.why)
    verdicts = _verdicts(training_class, attended, disputed)
    now = _told(marks, logs)
    looked_at: dict[str, Any] = {"sessions": now}
    if rescored:
        numbers, after = numbers_of(training_class.rule_set), rescored["after"]
        assessed = rules.Assessed(Decimal(after["theory"]), Decimal(after["practice"]))
        verdicts += rules.qualified(numbers, assessed)
        looked_at["score"] = after
    digest = digest_of(looked_at | {"eligible": all(v.ok for v in verdicts)})
    known = Reevaluation.objects.filter(certificate=certificate, digest=digest)
    if known.filter(state__in=[Reevaluation.State.OPEN, Reevaluation.State.KEPT]).exists():
        if known.filter(state=Reevaluation.State.KEPT).exists():
            _undo(certificate)  # back at what somebody has decided to keep
        return 0
    _open(certificate).update(state=Reevaluation.State.OVERTAKEN, decided_at=timezone.now())
    Reevaluation.objects.create(
        certificate=certificate,
        digest=digest,
        minutes_before=certificate.attended_minutes,
        minutes_after=attended.theory + attended.practice,
        required_minutes=certificate.required_minutes,
        differs=[*_differs(certificate, sessions, now), *([rescored] if rescored else [])],
        eligible=all(verdict.ok for verdict in verdicts),
        verdicts=[asdict(verdict) for verdict in verdicts],
    )
    return 1


def _verdicts(
    training_class: TrainingClass, attended: rules.Attended, disputed: int
) -> list[Verdict]:
    """Only of what attendance decides: plugins and the register are not asked again."""
    numbers = numbers_of(training_class.rule_set)
    others = rules.certified(numbers, rules.Standing(disputed=disputed))
    return [*rules.trained(numbers, attended), *(v for v in others if v.rule == "undisputed")]


def _told(marks: list[Attendance], logs: Logs) -> dict[str, dict[str, Any]]:
    """By session: mark, minutes, grade, review, and the digest of the log."""
    found = {}
    for row in marks:
        log = logs.get(row.session_id)
        found[str(row.session_id)] = {
            "mark": row.mark,
            "minutes": row.minutes,
            "why": row.why,
            "basis": row.basis,
            "grade": log.grade if log else "",
            "review": log.review if log else "",
            "log": bytes(log.digest).hex() if log else "",
        }
    return found


def _differs(
    certificate: Certificate, sessions: list[VillageSession], now: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """The sessions that are not what was certified: before and after, for people to read."""
    grades = {str(pk): (grade, log) for pk, grade, log in certificate.evidence.get("logs", [])}
    before = {
        str(pk): {
            "mark": mark,
            "minutes": minutes,
            "basis": basis,
            "grade": grades.get(str(pk), ("", ""))[0],
            "log": grades.get(str(pk), ("", ""))[1],
            "review": "accepted",
        }
        for pk, mark, minutes, basis in certificate.evidence.get("marks", [])
    }
    rows = []
    for session in sessions:
        old, new = before.get(str(session.pk)), now.get(str(session.pk))
        if old and new and all(new[key] == value for key, value in old.items()):
            continue
        rows.append(
            {
                "session": session.pk,
                "number": session.number,
                "held_on": str(session.held_on),
                "before": _shown(old),
                "after": _shown(new),
            }
        )
    return rows


def _shown(told: dict[str, Any] | None) -> dict[str, Any] | None:
    return {key: told[key] for key in ("mark", "minutes", "grade", "review")} if told else None


@transaction.atomic
def decide(found: Reevaluation, verdict: str, reason: str, by: User) -> Reevaluation:
    """Keep the certificate for a reason, or ask that it be revoked: it stays open until a second
    person has done that. Raises ValidationError without a reason, and when something has changed
    once more or somebody else has decided.
    """
    Certificate.objects.select_for_update().get(pk=found.certificate_id)
    locked = Reevaluation.objects.select_for_update().get(pk=found.pk)
    if locked.state != Reevaluation.State.OPEN:
        raise ValidationError(
            "这次复核已不是待决定状态，请刷新页面"
            " / this is no longer open: something has changed, or somebody has decided"
        )
    if verdict not in (KEEP, REVOKE):
        raise ValidationError("请选择维持或撤销 / choose to keep or to revoke")
    reason = reason.strip()[:200]
    if not reason:
        raise ValidationError("请写明理由 / give the reason")
    if verdict == REVOKE:
        rescored = bool(locked.differs) and all(row.get("score") for row in locked.differs)
        why = Certificate.Why.OTHER if rescored else Certificate.Why.ATTENDANCE_CHANGED
        ask(locked.certificate, why, reason, by)
        return locked
    locked.state = Reevaluation.State.KEPT
    locked.decided_by, locked.decided_at, locked.reason = by, timezone.now(), reason
    locked.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return locked
