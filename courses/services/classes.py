"""Open a class, plan its sessions, finish it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.directory.models import Programme, RuleSet
from courses.extensions import ClassOpening, class_opening_rules
from courses.models import Enrolment, Project, TrainingClass, VillageSession
from courses.services.listings import refresh_listings
from courses.services.openings import ask_rules, keep, refusals
from tenants.current import current_tenant
from tenants.designations.models import Designation
from tenants.designations.rules import (
    Terms,
    may_continue,
    may_open,
    may_start,
    places_left,
)
from tenants.designations.services import standing_of, terms_of
from tenants.lists.history import note
from tenants.models import Division, Trade
from tenants.plugins.points import Judges
from tenants.staff.models import User
from tenants.verdict import Verdict, faults_of


@dataclass(frozen=True)
class PlannedSession:
    """`minutes` of teaching of one kind (theory or practice) on one day."""

    held_on: date
    starts_at: time
    kind: str
    minutes: int
    topic: str = ""


def rule_set_on(day: date) -> RuleSet:
    """The base's rule set in force on `day`. Raises ValidationError when there is none."""
    found = (
        RuleSet.objects.filter(code=current_tenant().rule_code, effective_from__lte=day)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gte=day))
        .order_by("-effective_from", "-version")
        .first()
    )
    if found is None:
        raise ValidationError(
            f"{day} 没有生效的规则，请联系服务中心 / no rule set is in force on {day}; ask the centre"
        )
    return found


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
    programme: Programme | None = None,
) -> TrainingClass:
    """Open a class with its plan, and the rule set and designation in force on `opened_on`.

    Raises ValidationError for a class outside the base's designation, with the document that says
    so, for one that a plugin refuses, and for a bad plan: days outside the class, no session, or
    fewer planned minutes of theory or practice than the project has.
    """
    opening = ClassOpening(
        project_code=project.code,
        trade_code=project.trade.code,
        code=code,
        starts_on=starts_on,
        ends_on=ends_on,
        village_code=village.code,
        place=place,
        trainer=str(trainer),
        planned_minutes=sum(planned.minutes for planned in sessions),
        on=opened_on,
    )
    with Judges(class_opening_rules) as judges:  # before the transaction: its failures are kept
        of_plugins = judges.verdicts(opening)
    return _open(
        of_plugins,
        *(project, code, starts_on, ends_on, village, place, trainer, sessions, opened_on),
        programme,
    )


@transaction.atomic
def _open(
    of_plugins: list[Verdict],
    project: Project,
    code: str,
    starts_on: date,
    ends_on: date,
    village: Division,
    place: str,
    trainer: User,
    sessions: Sequence[PlannedSession],
    opened_on: date,
    programme: Programme | None,
) -> TrainingClass:
    if programme and not programme.pays_on(opened_on):
        raise ValidationError(
            f"资金项目“{programme.name}”在 {opened_on} 无效，请另选"
            f" / the programme {programme.name_en} does not pay on {opened_on}; choose another"
        )
    verdicts = [*opening_verdicts(project, starts_on, ends_on, opened_on), *of_plugins]
    of_core = [] if faults_of(verdicts) else ask_rules(project.trade, code, opened_on)
    if faults := faults_of([*verdicts, *refusals(of_core)]):
        raise ValidationError(faults)
    opened = TrainingClass(
        **{pinned: getattr(project, source) for pinned, source in TrainingClass.PINNED},
        project=project,
        code=code,
        starts_on=starts_on,
        ends_on=ends_on,
        village=village,
        place=place,
        trainer=trainer,
        rule_set=rule_set_on(opened_on),
        designation=Designation.objects.get(document=_terms(opened_on, starts_on).document),
        programme=programme,
    )
    opened.full_clean()
    faults = plan_faults(project, starts_on, ends_on, sessions, opened.rule_set.minutes_per_day)
    if faults:
        raise ValidationError(faults)
    opened.save()
    VillageSession.objects.bulk_create(
        VillageSession(training_class=opened, number=number, **vars(planned))
        for number, planned in enumerate(
            sorted(sessions, key=lambda s: (s.held_on, s.starts_at)), 1
        )
    )
    keep(of_core, opened)
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
    project: Project,
    starts_on: date,
    ends_on: date,
    sessions: Sequence[PlannedSession],
    minutes_per_day: int,
) -> list[str]:
    """What is wrong with a plan, in Chinese and English; empty when nothing is."""
    faults = _crowded(sessions, minutes_per_day)
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


def _crowded(sessions: Sequence[PlannedSession], minutes_per_day: int) -> list[str]:
    """Sessions that lie over one another, and days with more teaching than the rule set allows."""
    faults = []
    ordered = sorted(sessions, key=lambda s: (s.held_on, s.starts_at))
    for one, other in pairwise(ordered):
        begins = datetime.combine(other.held_on, other.starts_at)
        if datetime.combine(one.held_on, one.starts_at) + timedelta(minutes=one.minutes) > begins:
            faults.append(
                f"{begins:%Y-%m-%d %H:%M} 的课次与前一课次时间重叠，请改时间"
                f" / the session at {begins:%Y-%m-%d %H:%M} begins before the one above it ends"
            )
    for day, same in groupby(ordered, key=lambda s: s.held_on):
        if (planned := sum(s.minutes for s in same)) > minutes_per_day:
            faults.append(
                f"{day} 计划 {planned} 分钟，每日上限 {minutes_per_day} 分钟，请延长班次日期"
                f" / {planned} minutes planned on {day}, at most {minutes_per_day}: give more days"
            )
    return faults


@transaction.atomic
def set_class_state(training_class: TrainingClass, state: str, by: User | None = None) -> None:
    """Move a class forward: open, in session, finished. Raises ValidationError on a step back."""
    order = [choice for choice, _ in TrainingClass.State.choices]
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    training_class.refresh_from_db(fields=["state", "starts_on", "ends_on"])
    now, wanted = order.index(training_class.state), order.index(state)
    if wanted < now:
        raise ValidationError("班次状态不能倒退 / a class cannot go back to an earlier state")
    if wanted == now:
        return
    if wanted > now + 1:
        raise ValidationError("请先开始培训，再办理结业 / begin the class before you finish it")
    ends = state == TrainingClass.State.FINISHED
    day = training_class.ends_on if ends else training_class.starts_on
    if day > timezone.localdate():
        zh, en = ("结业日期", "ends") if ends else ("开班日期", "begins")
        raise ValidationError(f"{zh} {day} 还没有到 / the class {en} on {day}, still to come")
    if faults := faults_of([_may_move(training_class, state)]):
        raise ValidationError(faults)
    before, after = (TrainingClass.State(each).label for each in (training_class.state, state))
    training_class.state = state
    training_class.save(update_fields=["state"])
    note(training_class, by, "班次状态 / state of the class", [("状态 / state", before, after)])
    refresh_listings(training_class.project)


def _may_move(training_class: TrainingClass, state: str) -> Verdict:
    """A suspended base starts no class; whether it finishes a running one, the decision says."""
    standing = standing_of(current_tenant())
    starts = training_class.state == TrainingClass.State.OPEN and state != training_class.state
    return may_start(standing) if starts else may_continue(standing)


def _terms(day: date, starts_on: date) -> Terms:
    terms = standing_of(current_tenant(), day).at(starts_on).terms
    assert terms is not None  # opening_verdicts refuses a base without terms
    return terms


def opening_verdicts(project: Project, starts_on: date, ends_on: date, on: date) -> list[Verdict]:
    """What the designation in force on `on` says of a class that nobody has joined yet."""
    standing = standing_of(current_tenant(), on)
    trade, hours = project.trade, project.total_hours
    found = may_open(standing, trade.code, trade.name, hours, starts_on, ends_on, on)
    terms = standing.at(starts_on).terms
    if terms and trade.code in terms.trades:
        designation = Designation.objects.get(document=terms.document)
        found.append(places_left(terms, trade.code, places_used(designation, trade), 1))
    return found


def places_used(designation: Designation, trade: Trade) -> int:
    """People on the rolls of classes of the trade that were opened under the designation."""
    return (
        Enrolment.objects.on_roll()
        .filter(
            training_class__designation_id=designation.pk,
            training_class__project__trade_id=trade.pk,
        )
        .count()
    )


def enrolling_verdicts(training_class: TrainingClass, people: int) -> list[Verdict]:
    """Whether `people` more may join the class: the base stands well, and has places left."""
    designation, trade = training_class.designation, training_class.project.trade
    used = places_used(designation, trade)
    return [
        may_start(standing_of(current_tenant())),
        places_left(terms_of(designation), trade.code, used, people),
    ]


def season_note(starts_on: date) -> tuple[str, str] | None:
    """A warning (zh, en) when the class begins outside the base's off-seasons. It blocks nothing."""
    seasons = list(current_tenant().off_seasons.all())
    if not seasons or any(season.holds(starts_on) for season in seasons):
        return None
    listed = "、".join(str(season) for season in seasons)
    return (
        f"开班日期不在农闲期（{listed}），请确认学员有空",
        f"the class begins outside the off-season ({listed}); make sure that people have time",
    )


def class_summary(training_class: TrainingClass) -> dict[str, Any]:
    """Planned minutes of a class by kind, and in total."""
    minutes = {"theory": 0, "practice": 0}
    for kind, planned in training_class.sessions.values_list("kind", "minutes"):
        minutes[kind] += planned
    return minutes | {"total": sum(minutes.values())}
