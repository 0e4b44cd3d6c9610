"""Change a class that is open: its place, its trainer, the time of what was not yet taught."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.models import TrainingClass, VillageSession
from courses.planning.models import ClassChange
from courses.planning.services.opening import facts_of_class
from courses.planning.services.share import share_plan
from courses.requests.facts import Facts, differences
from courses.requests.rules.steps import Terms, free_move
from courses.requests.services.policies import terms_on
from courses.requests.services.steps import By
from courses.services.classes import PlannedSession, plan_faults
from courses.services.listings import refresh_listings
from tenants.current import current_tenant
from tenants.models import Division
from tenants.staff.models import User

At = tuple[date, time]


@dataclass(frozen=True)
class Change:
    """How the class shall be. `times` is the day and hour of sessions, by number: those that are not named
    stay.
    """

    village: Division
    place: str
    trainer: User
    starts_on: date
    ends_on: date
    times: Mapping[int, At]


def as_it_is(found: TrainingClass) -> Change:
    return Change(
        found.village, found.place, found.trainer, found.starts_on, found.ends_on, times={}
    )


def taught(found: TrainingClass) -> set[int]:
    """Numbers of the sessions that have marks, a log or words of a phone: they are history."""
    rows = found.sessions.filter(
        Q(attendance__isnull=False) | Q(log__isnull=False) | Q(readings__isnull=False)
    )
    return set(rows.order_by().values_list("number", flat=True).distinct())


def asks_first(found: TrainingClass, on: date | None = None) -> Terms | None:
    """The policy by which a change of this class needs the centre's word; None when it does not: the class
    was opened without one, and none is asked for what was opened before.
    """
    terms = terms_on(current_tenant(), on or timezone.localdate())
    if terms.demands and hasattr(found, "approval"):
        return terms
    return None


def facts_after(found: TrainingClass, change: Change) -> Facts:
    """The class as the change would leave it."""
    before = facts_of_class(found)
    village = change.village
    parent = village.parent
    return replace(
        before,
        village=village.code,
        village_name=f"{parent.name} {village.name}" if parent else village.name,
        place=change.place.strip(),
        trainer=change.trainer.pk,
        trainer_name=str(change.trainer),
        starts_on=change.starts_on,
        ends_on=change.ends_on,
        sessions=tuple(
            replace(planned, held_on=day, starts_at=at)
            for number, planned in enumerate(before.sessions, 1)
            for day, at in [change.times.get(number, (planned.held_on, planned.starts_at))]
        ),
    )


def faults_of_change(found: TrainingClass, change: Change) -> list[str]:
    """What is wrong with a change, in Chinese and English; empty when nothing is."""
    if found.state == TrainingClass.State.FINISHED:
        return ["班次已结业，不能再变更 / the class is finished: nothing of it changes any more"]
    before, after = facts_of_class(found), facts_after(found, change)
    if not differences(before, after):
        return ["没有改动 / nothing is changed"]
    past, today, faults = taught(found), timezone.localdate(), []
    if past and before.village != after.village:
        faults.append(
            "已上过课，不能换村；请结业后另开一班"
            " / sessions were taught: the village stays; open another class for another village"
        )
    if after.starts_on > after.ends_on:
        faults.append("结业日期不能早于开班日期 / the class ends before it begins")
    for number, (one, other) in enumerate(zip(before.sessions, after.sessions, strict=True), 1):
        moved = (one.held_on, one.starts_at) != (other.held_on, other.starts_at)
        if moved and number in past:
            faults.append(
                f"第 {number} 次课已有考勤，不能改时间"
                f" / session {number} has attendance: its time stays"
            )
        elif moved and other.held_on < today:
            faults.append(
                f"第 {number} 次课不能改到今天以前 / session {number} cannot move into the past"
            )
    plan = [PlannedSession(**vars(planned)) for planned in after.sessions]
    pinned: Any = found  # the hours of the project as they were when the class opened
    limit = found.rule_set.minutes_per_day
    faults += plan_faults(pinned, after.starts_on, after.ends_on, plan, limit)
    return faults


@transaction.atomic
def change_class(
    found: TrainingClass,
    change: Change,
    by: By,
    *,
    reason: str,
    number: str = "",
    seen: int | None = None,
) -> ClassChange:
    """Change the class and keep what it was. `number` is the request that allows it, `seen` what
    `last_change` gave when the form was opened.

    Raises ValidationError: for what cannot be, and for a class whose changes the centre approves.
    """
    found = _locked(found)
    if seen is not None and seen != last_change(found):
        _tell_what_changed(found, seen)
    if not number and (terms := asks_first(found)) and not _is_free(found, change, terms):
        raise ValidationError(
            f"按 {terms.document}，这个班的变更须先经服务中心批准，请提交变更申请"
            f" / by {terms.document} the centre approves changes of this class: send a request"
        )
    if not reason.strip():
        raise ValidationError({"reason": "请写明理由 / say why"})
    if faults := faults_of_change(found, change):
        raise ValidationError(faults)
    before, after = facts_of_class(found), facts_after(found, change)
    _write(found, change)
    kept: ClassChange = ClassChange.objects.create(
        training_class=found,
        what=[list(line) for line in differences(before, after)],
        reason=reason.strip()[:400],
        number=number,
        by=by.name.strip()[:80],
        account=by.account,
    )
    return kept


@transaction.atomic
def move_session(session: VillageSession, day: date, at: time, by: By, reason: str) -> ClassChange:
    """Move one session; all else stays as it is now, whatever was shown. Raises ValidationError."""
    session.training_class = _locked(session.training_class)
    return change_class(session.training_class, move_of(session, day, at), by, reason=reason)


def last_change(found: TrainingClass) -> int:
    """The key of the class's last change, 0 before the first."""
    return (
        ClassChange.objects.filter(training_class=found).values_list("pk", flat=True).first() or 0
    )


def _tell_what_changed(found: TrainingClass, seen: int) -> None:
    later = ClassChange.objects.filter(training_class=found, pk__gt=seen)
    lines = [line for change in later for line in change.what]
    zh = "；".join(f"{line[0]}改为 {line[3]}" for line in lines)
    en = "; ".join(f"{line[1]} is now {line[3]}" for line in lines)
    raise ValidationError(
        f"有人刚改过这个班：{zh}。请重新打开再改"
        f" / somebody has just changed this class: {en}. Open it again, then change it"
    )


def _locked(found: TrainingClass) -> TrainingClass:
    rows = TrainingClass.objects.select_for_update(of=("self",))
    return rows.select_related("project__trade", "village__parent", "rule_set").get(pk=found.pk)


def _is_free(found: TrainingClass, change: Change, terms: Terms) -> bool:
    """Whether all that moves are hours, within their day and the policy's window."""
    same = replace(change, times={})
    if differences(facts_of_class(found), facts_after(found, same)):
        return False
    sessions = {each.number: each for each in found.sessions.all()}
    for number, (day, at) in change.times.items():
        session = sessions[number]
        if (day, at) == (session.held_on, session.starts_at):
            continue
        end = at.hour * 60 + at.minute + session.minutes
        until = time(*divmod(end, 60)) if end < 24 * 60 else time(0, 0)
        if not free_move(terms, session.held_on, day, at, until):
            return False
    return True


def is_free(found: TrainingClass, change: Change) -> bool:
    """Whether the change can be made at once, without asking the centre."""
    terms = asks_first(found)
    return terms is None or _is_free(found, change, terms)


def _write(found: TrainingClass, change: Change) -> None:
    """Sessions first: the class's own save shares the plan as it is then."""
    for session in found.sessions.filter(number__in=change.times):
        session.held_on, session.starts_at = change.times[session.number]
        session.save(update_fields=["held_on", "starts_at"])
    found.village, found.place = change.village, change.place.strip()
    found.trainer = change.trainer
    found.starts_on, found.ends_on = change.starts_on, change.ends_on
    found.full_clean(validate_unique=False)
    found.save(update_fields=["village", "place", "trainer", "starts_on", "ends_on"])
    share_plan(found)
    refresh_listings(found.project)


def move_of(session: VillageSession, day: date, at: time) -> Change:
    """A change that moves one session alone."""
    return replace(as_it_is(session.training_class), times={session.number: (day, at)})


def carry_out(found: TrainingClass, facts: Facts, by: By, number: str) -> ClassChange:
    """Change the class as the centre has approved. Raises ValidationError when it can no longer be."""
    trainer = User.objects.filter(pk=facts.trainer, is_active=True).first()
    if trainer is None:
        raise ValidationError("申请中的教师账号已停用 / the trainer's account is closed")
    change = Change(
        village=Division.objects.get(code=facts.village),
        place=facts.place,
        trainer=trainer,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        times={n: (p.held_on, p.starts_at) for n, p in enumerate(facts.sessions, 1)},
    )
    return change_class(found, change, by, reason=facts.reason, number=number)
