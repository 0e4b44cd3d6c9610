"""What a certificate rests on: marks, the logs that a supervisor has accepted with their grades, scores."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from certificates import rules
from certificates.models import Certificate
from courses.directory.models import RuleSet
from courses.fieldlog.models import SessionLog
from courses.fieldlog.rules.settle import capped
from courses.models import Attendance, Mark, Score, TrainingClass, VillageSession

Logs = Mapping[int, SessionLog]


@dataclass(frozen=True)
class Basis:
    """`facts` are frozen into a certificate, and its digest is over them. Of `planned` sessions
    `accepted` have a mark of the trainee in a log that a supervisor has accepted.
    """

    facts: dict[str, Any]
    planned: int
    accepted: int

    @property
    def digest(self) -> bytes:
        return digest_of(self.facts)


def numbers_of(rule_set: RuleSet) -> rules.Numbers:
    return rules.Numbers(
        document=str(rule_set),
        attendance_percent=rule_set.attendance_percent,
        theory_percent=rule_set.theory_percent,
        practice_percent=rule_set.practice_percent,
        pass_theory=rule_set.pass_theory,
        pass_practice=rule_set.pass_practice,
    )


def marks_of(
    training_class: TrainingClass, enrolments: Collection[int] | None = None
) -> dict[int, list[Attendance]]:
    """By enrolment, of the whole class or only of `enrolments`."""
    found: dict[int, list[Attendance]] = defaultdict(list)
    rows = Attendance.objects.filter(session__training_class=training_class)
    if enrolments is not None:
        rows = rows.filter(enrolment__in=enrolments)
    for row in rows.order_by("session_id"):
        found[row.enrolment_id].append(row)
    return found


def logs_of(sessions: Sequence[VillageSession]) -> Logs:
    return {log.session_id: log for log in SessionLog.objects.filter(session__in=sessions)}


def is_accepted(log: SessionLog | None) -> bool:
    return log is not None and log.review == SessionLog.Review.ACCEPTED


def _day_of(session: VillageSession, log: SessionLog) -> date:
    """The local day when it was held; the planned one where no phone has opened it."""
    return timezone.localdate(log.opened_at) if log.opened_at else session.held_on


def attended_of(
    training_class: TrainingClass,
    sessions: Sequence[VillageSession],
    marks: Sequence[Attendance],
    logs: Logs,
) -> rules.Attended:
    """Minutes of accepted logs, no more a day than the rule set allows, of all that was planned.

    The day is the one on which the session was held, not that of the plan: the planner bounds that.
    """
    planned = {"theory": 0, "practice": 0}
    for session in sessions:
        planned[session.kind] += session.minutes
    rows = {row.session_id: row for row in marks}
    accepted = [s for s in sessions if s.pk in rows and is_accepted(logs.get(s.pk))]
    got = capped(
        ((str(_day_of(s, logs[s.pk])), s.kind, rows[s.pk].minutes) for s in accepted),
        training_class.rule_set.minutes_per_day,
    )
    return rules.Attended(
        planned_theory=planned["theory"],
        planned_practice=planned["practice"],
        theory=got.get("theory", 0),
        practice=got.get("practice", 0),
        sessions_without_mark=len(sessions) - len(marks),
        unreviewed=len(marks) - len(accepted),
    )


def basis_of(
    sessions: Sequence[VillageSession],
    marks: Sequence[Attendance],
    logs: Logs,
    score: Score | None,
) -> Basis:
    """The events and the score, with the grade of each session's log and the digest that its
    supervisor has accepted. No name is in it.
    """
    facts = {
        "marks": [[row.session_id, row.mark, row.minutes, row.basis] for row in marks],
        "logs": [
            [row.session_id, logs[row.session_id].grade, bytes(logs[row.session_id].digest).hex()]
            for row in marks
            if row.session_id in logs
        ],
        "score": [score.pk, str(score.theory), str(score.practice)] if score else None,
    }
    accepted = sum(1 for row in marks if is_accepted(logs.get(row.session_id)))
    return Basis(facts, len(sessions), accepted)


def digest_of(facts: dict[str, Any]) -> bytes:
    """SHA-256 over the facts of a basis, as canonical JSON."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


@dataclass(frozen=True)
class Rests:
    """One session that a certificate rests on, as it was frozen."""

    session: VillageSession | None
    mark: str
    minutes: int
    grade: str
    log: str  # digest of the session's log that its supervisor had accepted


@dataclass(frozen=True)
class RestsOn:
    """What was frozen, for people to read; `proved`: its digest is the one that was frozen too."""

    sessions: list[Rests]
    digest: str
    proved: bool


def rests_on(certificate: Certificate) -> RestsOn | None:
    """None for a certificate from before its evidence was kept in words."""
    facts = certificate.evidence
    if not facts:
        return None
    grades = {pk: (grade, log) for pk, grade, log in facts["logs"]}
    sessions = VillageSession.objects.in_bulk([pk for pk, *_ in facts["marks"]])
    rows = [
        Rests(sessions.get(pk), str(Mark(mark).label), minutes, *grades.get(pk, ("", "")))
        for pk, mark, minutes, _basis in facts["marks"]
    ]
    digest = bytes(certificate.evidence_digest)
    return RestsOn(rows, digest.hex(), digest_of(facts) == digest)
