"""Open a class, plan its sessions, finish it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from courses.directory.models import RuleSet
from courses.models import Project, TrainingClass, VillageSession
from courses.services.listings import refresh_listings
from tenants.models import Division
from tenants.staff.models import User


@dataclass(frozen=True)
class PlannedSession:
    """`minutes` of teaching of one kind (theory or practice) on one day."""

    held_on: date
    starts_at: time
    kind: str
    minutes: int
    topic: str = ""


def rule_set_on(day: date) -> RuleSet:
    """The rule set in force on `day`. Raises ValidationError when there is none."""
    found = (
        RuleSet.objects.filter(effective_from__lte=day)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=day))
        .order_by("-effective_from", "-version")
        .first()
    )
    if found is None:
        raise ValidationError(
            f"{day} 没有生效的规则，请联系服务中心 / no rule set is in force on {day}; ask the centre"
        )
    return found


@transaction.atomic
def open_class(
    *,
    project: Project,
    code: str,
    starts_on: date,
    ends_on: date,
    village: Division,
    place: str,
    trainer: User,
    sessions: Sequence[PlannedSession],
    opened_on: date,
) -> TrainingClass:
    """Open a class with its plan and the rule set in force on `opened_on`.

    Raises ValidationError for a bad plan: days outside the class, no session, or fewer planned
    minutes of theory or practice than the project has.
    """
    opened = TrainingClass(
        project=project,
        code=code,
        starts_on=starts_on,
        ends_on=ends_on,
        village=village,
        place=place,
        trainer=trainer,
        rule_set=rule_set_on(opened_on),
    )
    opened.full_clean()
    faults = plan_faults(project, starts_on, ends_on, sessions)
    if faults:
        raise ValidationError(faults)
    opened.save()
    VillageSession.objects.bulk_create(
        VillageSession(training_class=opened, number=number, **vars(planned))
        for number, planned in enumerate(
            sorted(sessions, key=lambda s: (s.held_on, s.starts_at)), 1
        )
    )
    refresh_listings(project)
    return opened


def proposed_plan(project: Project, starts_on: date, ends_on: date) -> list[PlannedSession]:
    """Sessions that fill the project's hours: two a day of four class hours each, theory first.

    When the days do not suffice the last one is filled up; the clerk changes it.
    """
    longest = 4 * project.minutes_per_hour
    pieces: list[tuple[str, int]] = []
    for kind, hours in (("theory", project.theory_hours), ("practice", project.practice_hours)):
        left = hours * project.minutes_per_hour
        while left > 0:
            pieces.append((kind, min(longest, left)))
            left -= longest
    last = (ends_on - starts_on).days
    return [
        PlannedSession(
            held_on=starts_on + timedelta(days=min(index // 2, last)),
            starts_at=time(13, 30) if index % 2 else time(8, 30),
            kind=kind,
            minutes=minutes,
        )
        for index, (kind, minutes) in enumerate(pieces)
    ]


def plan_faults(
    project: Project, starts_on: date, ends_on: date, sessions: Sequence[PlannedSession]
) -> list[str]:
    """What is wrong with a plan, in Chinese and English; empty when nothing is."""
    faults = []
    for planned in sessions:
        if not starts_on <= planned.held_on <= ends_on:
            faults.append(
                f"{planned.held_on} 的课次不在班次日期之内，请改日期"
                f" / a session on {planned.held_on} lies outside the class; change the day"
            )
    for kind, zh, hours in (
        ("theory", "理论", project.theory_hours),
        ("practice", "实操", project.practice_hours),
    ):
        planned_minutes = sum(s.minutes for s in sessions if s.kind == kind)
        wanted = hours * project.minutes_per_hour
        if planned_minutes < wanted:
            faults.append(
                f"{zh}计划 {planned_minutes} 分钟，项目要求 {wanted} 分钟，请补充课次"
                f" / {kind}: {planned_minutes} minutes planned, the project needs {wanted};"
                " add sessions"
            )
    return faults


@transaction.atomic
def set_class_state(training_class: TrainingClass, state: str) -> None:
    """Move a class forward: open, in session, finished. Raises ValidationError on a step back."""
    order = [choice for choice, _ in TrainingClass.State.choices]
    if order.index(state) < order.index(training_class.state):
        raise ValidationError("班次状态不能倒退 / a class cannot go back to an earlier state")
    training_class.state = state
    training_class.save(update_fields=["state"])
    refresh_listings(training_class.project)


def class_summary(training_class: TrainingClass) -> dict[str, Any]:
    """Planned minutes of a class by kind, and in total."""
    minutes = {"theory": 0, "practice": 0}
    for kind, planned in training_class.sessions.values_list("kind", "minutes"):
        minutes[kind] += planned
    return minutes | {"total": sum(minutes.values())}
