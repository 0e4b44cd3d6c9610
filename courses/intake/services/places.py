"""Move people between the list of a class, its waiting list and out of it. Each step is a row of history."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from courses.extensions import papers_of_enrolments
from courses.fieldlog.services.walk_ins import recognise
from courses.intake.models import ClassSize, EnrolmentChange
from courses.intake.rules import Judgement, Leaving, may_leave
from courses.intake.services.enter import (
    lock_class,
    placed,
    refuse_crowd,
    room_of,
)
from courses.intake.services.knowing import judge_persons
from courses.models import Enrolment, TrainingClass
from courses.services.identity import is_forgotten, person_of_trainee
from tenants.staff.models import User
from tenants.verdict import faults_of

State, Why = Enrolment.State, EnrolmentChange.Why
WORDS = 300


@transaction.atomic
def withdraw(
    enrolment: Enrolment, why: str, words: str, on: date, by: User | None
) -> list[Enrolment]:
    """Take somebody off the list from the day `on`; who has moved up for it. Marks of before stay.

    Raises ValidationError without a reason, for a day to come or before the enrolment, in a finished
    class, and for somebody who holds a certificate of it.
    """
    training_class = _locked(enrolment.training_class)
    mine, words = _fresh(enrolment), _said(words)
    if why not in Why.values:
        raise ValidationError("请选择退班原因 / choose why")
    if why == Why.OTHER and not words:
        raise ValidationError("选“其他”须写明原因 / for another reason write it down")
    joined = timezone.localdate(mine.enrolled_at)
    if not min(joined, training_class.starts_on) <= on <= timezone.localdate():
        raise ValidationError(
            "退班日期应在报名之后、今天以前 / the day lies between the enrolment and today"
        )
    _refuse(_leaving(mine, training_class))
    _step(mine, State.WITHDRAWN, by, on=on, why=why, words=words)
    placed([mine])
    return _move_up_if_open(training_class, by)


@transaction.atomic
def transfer(
    enrolment: Enrolment, goal: TrainingClass, words: str, by: User | None
) -> tuple[Enrolment, list[Enrolment]]:
    """Move somebody to another class of the same project: the new place, and who moved up in the old class.

    A full class lets them wait. Marks stay with the class in which they were given and do not count
    in the other. Raises ValidationError.
    """
    both = sorted({enrolment.training_class_id, goal.pk})
    list(TrainingClass.objects.filter(pk__in=both).order_by("pk").select_for_update())
    old, new = _locked(enrolment.training_class), _locked(goal)
    mine, words = _fresh(enrolment), _said(words)
    if not words:
        raise ValidationError("请写明转班原因 / write why")
    there = Enrolment.objects.filter(trainee=mine.trainee_id, training_class=new).first()
    inside = there is not None and there.state in (State.ENROLLED, State.WAITING)
    _refuse(_leaving(mine, old, new, inside or new.pk == old.pk))
    today = timezone.localdate()
    moved = there or Enrolment(trainee=mine.trainee, training_class=new)
    moved.photo = mine.photo or moved.photo
    left = _step(mine, State.TRANSFERRED, by, on=today, words=words, moved_to=moved, save=False)
    placed([mine])
    warned = _refuse_unfit(moved)
    state = State.ENROLLED if room_of(new).takes(1) else State.WAITING
    if state == State.ENROLLED:
        refuse_crowd(new, 1)
    _step(moved, state, by, on=today, words=words, moved_from=mine, warned=warned)
    left.moved_to = moved
    left.save()
    _seen(new, [moved])
    return moved, _move_up_if_open(old, by)


@transaction.atomic
def take_back(enrolment: Enrolment, words: str, by: User | None) -> Enrolment:
    """Somebody who left comes back: into the class, or to the end of its waiting list."""
    training_class = lock_class(enrolment.training_class)
    mine, words = _fresh(enrolment), _said(words)
    if mine.state not in Enrolment.LEFT:
        raise ValidationError("此人在名单上，无需恢复 / is on the list already")
    if not words:
        raise ValidationError("请写明恢复的原因 / write why")
    warned = _refuse_unfit(mine)
    state = State.ENROLLED if room_of(training_class).takes(1) else State.WAITING
    if state == State.ENROLLED:
        refuse_crowd(training_class, 1)
    _step(mine, state, by, words=words, warned=warned)
    _seen(training_class, [mine])
    return mine


@transaction.atomic
def admit(enrolment: Enrolment, words: str, by: User | None) -> Enrolment:
    """Give a waiting person a place. Out of turn it takes words. Raises ValidationError."""
    training_class = lock_class(enrolment.training_class)
    mine, words = _fresh(enrolment), _said(words)
    if mine.state != State.WAITING:
        raise ValidationError("此人不在候补名单 / is not on the waiting list")
    first = _waiting(training_class).first()
    if first != mine and not words:
        raise ValidationError(
            "前面还有人候补，越过他们须写明原因 / others wait before: write why they are passed over"
        )
    if _free(training_class) < 1:
        raise ValidationError(
            "本班没有空余名额，请先增加名额 / the class has no free place: make it larger first"
        )
    warned = _refuse_unfit(mine)
    refuse_crowd(training_class, 1)
    _step(mine, State.ENROLLED, by, words=words, warned=warned)
    _seen(training_class, [mine])
    return mine


@transaction.atomic
def set_places(training_class: TrainingClass, places: int, by: User | None) -> list[Enrolment]:
    """How many the class takes from now on; who has moved up for it. Nobody loses a place.

    Raises ValidationError for fewer than are in it.
    """
    locked = lock_class(training_class)
    if not 1 <= places <= 10_000:
        raise ValidationError("名额应在 1 到 10000 之间 / places are 1 to 10,000")
    room = room_of(locked)
    if places < room.on_roll:
        raise ValidationError(
            f"班里已有 {room.on_roll} 人，名额不能更少"
            f" / {room.on_roll} people are in the class: there cannot be fewer places"
        )
    if room.places != places:
        ClassSize.objects.create(training_class=locked, places=places, by=by)
    return _move_up_if_open(locked, by)


@transaction.atomic
def move_up(training_class: TrainingClass, by: User | None) -> list[Enrolment]:
    """Fill free places from the waiting list, in its order. Who is no longer eligible is passed over
    and keeps the place on the list.
    """
    locked = lock_class(training_class)
    waiting = list(_waiting(locked).select_related("trainee", "training_class__rule_set"))
    found = judgements(locked, waiting)
    moved: list[Enrolment] = []
    for each in waiting:
        if _free(locked) < 1:
            break
        if not found[each.pk].ok:
            continue
        refuse_crowd(locked, 1)
        warned = [verdict.as_json() for verdict in found[each.pk].warnings]
        _step(each, State.ENROLLED, by, words="递补", warned=warned)
        moved.append(each)
    if moved:
        _seen(locked, moved)
    return moved


def judgements(
    training_class: TrainingClass, enrolments: Sequence[Enrolment]
) -> dict[int, Judgement]:
    """What the rule set says of people on the waiting list or on their way back, by the enrolment."""
    known = [e for e in enrolments if not is_forgotten(e.trainee)]
    found = judge_persons(training_class, {e.pk: person_of_trainee(e.trainee) for e in known})
    return {e.pk: found.get(e.pk, Judgement()) for e in enrolments}


def _move_up_if_open(training_class: TrainingClass, by: User | None) -> list[Enrolment]:
    """By itself only before the class begins: later somebody has to ask whether the hours still suffice."""
    return move_up(training_class, by) if training_class.state == "open" else []


def _waiting(training_class: TrainingClass) -> Any:
    return training_class.enrolments.filter(state=State.WAITING).order_by("queue")


def _free(training_class: TrainingClass) -> int:
    room = room_of(training_class)
    return 1 if room.places is None else room.places - room.on_roll


def _locked(training_class: TrainingClass) -> TrainingClass:
    rows = TrainingClass.objects.select_related("rule_set", "project__trade", "designation")
    return rows.select_for_update(of=("self",)).get(pk=training_class.pk)


def _fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.select_related(
        "trainee", "training_class__rule_set", "training_class__project__trade"
    ).get(pk=enrolment.pk)


def _said(words: str) -> str:
    words = words.replace("\x00", "").strip()
    if len(words) > WORDS:
        raise ValidationError(f"说明最多 {WORDS} 字 / at most {WORDS} characters")
    return words


def _leaving(
    mine: Enrolment, old: TrainingClass, new: TrainingClass | None = None, in_goal: bool = False
) -> Leaving:
    papers = {k: v for ask in papers_of_enrolments for k, v in ask([mine.pk]).items()}
    finished = TrainingClass.State.FINISHED
    return Leaving(
        state=mine.state,
        class_finished=old.state == finished,
        certificate=papers.get(mine.pk, ""),
        goal=new.code if new else "",
        goal_finished=new is not None and new.state == finished,
        same_project=new is None or new.project_key == old.project_key,
        in_goal=in_goal,
    )


def _refuse(facts: Leaving) -> None:
    if found := may_leave(facts):
        raise ValidationError([f"{zh} / {en}" for zh, en in found])


def _refuse_unfit(enrolment: Enrolment) -> list[dict[str, Any]]:
    """What the rule set warns of; raises ValidationError with what it refuses."""
    if is_forgotten(enrolment.trainee):
        raise ValidationError(
            "档案保存期已满，证号已清除，请用花名册重新报名 / the ID was deleted: enrol anew by a roster"
        )
    judgement = judgements(enrolment.training_class, [enrolment])[enrolment.pk]
    if faults := faults_of(judgement.refusals):
        raise ValidationError(faults)
    return [verdict.as_json() for verdict in judgement.warnings]


def _step(
    enrolment: Enrolment, state: str, by: User | None, save: bool = True, **facts: Any
) -> EnrolmentChange:
    """Write the state and the row of history that says how it came about."""
    was = "" if enrolment.pk is None else enrolment.state
    day = facts.pop("on", None) or timezone.localdate()
    enrolment.state = state
    leaves = state in Enrolment.LEFT
    enrolment.left_on, enrolment.left_from = (day, was) if leaves else (None, "")
    enrolment.queue = None
    if state == State.WAITING:
        rows = Enrolment.objects.filter(training_class=enrolment.training_class_id)
        enrolment.queue = (rows.aggregate(last=Max("queue"))["last"] or 0) + 1
    enrolment.save()
    moved_to = facts.pop("moved_to", None)
    change = EnrolmentChange(enrolment=enrolment, was=was, state=state, on=day, by=by, **facts)
    if save:
        change.moved_to = moved_to
        change.save()
    return change


def _seen(training_class: TrainingClass, enrolments: list[Enrolment]) -> None:
    """They have places now, or wait: what follows of it."""
    placed(enrolments)
    inside = [bytes(e.trainee.id_digest) for e in enrolments if e.state == State.ENROLLED]
    if inside:
        recognise(training_class, inside)
