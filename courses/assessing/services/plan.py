"""Make a sitting: who sits, before whom, with which questions or which checklist."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from courses.assessing import rules
from courses.assessing.models import (
    Attempt,
    Blueprint,
    Checklist,
    Kind,
    Part,
    Question,
    Sitting,
    SittingExaminer,
    SittingQuestion,
)
from courses.assessing.services.bank import bank_of, frozen
from courses.assessing.services.policy import policy_of, refuse_trainer
from courses.assessing.services.standing import PartStanding, standings
from courses.models import TrainingClass
from tenants.lists import history
from tenants.staff.models import User

How, State = Sitting.How, Sitting.State


@dataclass(frozen=True)
class NewSitting:
    """`seed` is drawn where none is given; `enrolments` are everybody who may sit where none is."""

    part: str
    how: str
    held_on: date
    examiners: Sequence[User]
    blueprint: Blueprint | None = None
    checklist: Checklist | None = None
    minutes: int | None = None
    enrolments: Iterable[int] | None = None
    seed: str = ""


class NotEnough(ValidationError):
    """The bank cannot fill the paper; says which line lacks how many."""

    def __init__(self, short: Sequence[rules.Short]) -> None:
        super().__init__([_lacks(each) for each in short])


def _lacks(short: rules.Short) -> str:
    want = short.want
    zh = f"{Kind(want.kind).label}" + (f"“{want.topic}”" if want.topic else "")
    return (
        f"题库不够：{zh}要 {want.count} 题，只有 {short.found} 题，请先补充考题"
        f" / too few questions: {want.count} of {want.kind} {want.topic} wanted, {short.found} there;"
        " add some to the bank"
    )


def draw(blueprint: Blueprint, seed: str) -> list[tuple[Question, int]]:
    """The questions of a paper with their points. The same seed and bank give the same paper.

    Raises NotEnough.
    """
    bank = {q.pk: q for q in bank_of(blueprint.project)}
    lines = list(blueprint.lines.all())
    wants = [rules.Want(line.kind, line.topic, line.count) for line in lines]
    listed = (rules.InBank(q.pk, q.kind, q.topic) for q in bank.values())
    found, short = rules.drawn(seed, wants, listed)
    if short:
        raise NotEnough(short)
    return [
        (bank[key], line.points or bank[key].points)
        for line, keys in zip(lines, found, strict=True)
        for key in keys
    ]


@transaction.atomic
def make_sitting(training_class: TrainingClass, wanted: NewSitting, by: User) -> Sitting:
    """Raises ValidationError: nobody may sit, no examiner or the trainer, too few questions."""
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    if wanted.held_on < training_class.starts_on:
        raise ValidationError(
            f"考核日期不能早于开班日期 {training_class.starts_on}"
            f" / not before the first day {training_class.starts_on}"
        )
    policy = policy_of(training_class.rule_set)
    _check_examiners(training_class, wanted, policy.practice_examiners)
    rule_set = training_class.rule_set
    theory = wanted.part == Part.THEORY
    made = Sitting(
        training_class=training_class,
        part=wanted.part,
        how=wanted.how,
        held_on=wanted.held_on,
        pass_mark=rule_set.pass_theory if theory else rule_set.pass_practice,
        wanted_looks=policy.practice_examiners,
        gap=policy.practice_gap,
        made_by=by,
        **({"seed": wanted.seed} if wanted.seed else {}),
    )
    _set_before_them(made, wanted)
    people = _people(training_class, wanted)
    made.save()
    SittingExaminer.objects.bulk_create(
        SittingExaminer(sitting=made, user=user) for user in wanted.examiners
    )
    if made.blueprint:
        ask(made, made.blueprint)
    Attempt.objects.bulk_create(
        Attempt(
            sitting=made,
            enrolment_id=pk,
            number=each.used + 1,
            variant="AB"[n % 2] if made.how == How.PAPER else "",
        )
        for n, (pk, each) in enumerate(people)
    )
    return made


def _check_examiners(training_class: TrainingClass, wanted: NewSitting, least: int) -> None:
    if not wanted.examiners:
        raise ValidationError({"examiners": "请至少选一位考评人 / choose one examiner at least"})
    if wanted.how == How.CHECKLIST and len(wanted.examiners) < least:
        raise ValidationError(
            {"examiners": f"实操须有 {least} 位考评人分别评分 / practice takes {least} examiners"}
        )
    for user in wanted.examiners:
        _check_examiner(training_class, user)


def _check_examiner(training_class: TrainingClass, user: User) -> None:
    if not user.has_perm("courses.enter_scores"):
        raise ValidationError({"examiners": f"{user} 没有考评权限 / {user} may not examine"})
    try:
        refuse_trainer(training_class, user)
    except ValidationError as error:
        raise ValidationError({"examiners": error.messages}) from error


@transaction.atomic
def add_examiner(sitting: Sitting, user: User, by: User | None = None) -> None:
    """One more, for a third look or in somebody's place. Raises ValidationError."""
    locked = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if locked.state not in (State.PLANNED, State.OPEN):
        raise ValidationError("这一场已经结束 / this sitting is over")
    _check_examiner(locked.training_class, user)
    _row, new = SittingExaminer.objects.get_or_create(sitting=locked, user=user)
    if new:
        history.note(locked, by, "增加考评人 / examiner added", [("考评人 / examiner", "", user)])


def _set_before_them(made: Sitting, wanted: NewSitting) -> None:
    project = made.training_class.project_id
    if made.how in (How.PHONE, How.PAPER):
        blueprint = wanted.blueprint
        if made.part != Part.THEORY or blueprint is None or blueprint.project_id != project:
            raise ValidationError(
                {"blueprint": "请选本项目的组卷方案 / choose a blueprint of this project"}
            )
        made.blueprint = blueprint
        made.minutes = wanted.minutes or blueprint.minutes
    elif made.how == How.CHECKLIST:
        checklist = wanted.checklist
        if made.part != Part.PRACTICE or checklist is None or checklist.project_id != project:
            raise ValidationError(
                {"checklist": "请选本项目的评分表 / choose a checklist of this project"}
            )
        items = [rules.Item(i.title, i.points, i.critical) for i in checklist.items.all()]
        if not items:
            raise ValidationError({"checklist": "评分表没有评分项 / the checklist is empty"})
        made.items = [asdict(item) for item in items]


def _people(training_class: TrainingClass, wanted: NewSitting) -> list[tuple[int, PartStanding]]:
    found = [
        (pk, each) for pk, each in standings(training_class, wanted.part).items() if each.may.ok
    ]
    if wanted.enrolments is not None:
        chosen = set(wanted.enrolments)
        found = [(pk, each) for pk, each in found if pk in chosen]
    if not found:
        raise ValidationError(
            "没有人可以参加这一场：都已及格、补考次数已用完，或已排在别的场次"
            " / nobody may sit: passed, without retakes left, or in another sitting"
        )
    return found


def ask(sitting: Sitting, blueprint: Blueprint) -> None:
    """Draw the paper by the sitting's seed, and freeze its words."""
    chosen = draw(blueprint, sitting.seed)
    if not chosen:
        raise ValidationError({"blueprint": "组卷方案没有题目 / the blueprint is empty"})
    versions = frozen(question for question, _points in chosen)
    SittingQuestion.objects.bulk_create(
        SittingQuestion(sitting=sitting, place=place, version=versions[question.pk], points=points)
        for place, (question, points) in enumerate(chosen, 1)
    )


@transaction.atomic
def cancel(sitting: Sitting, by: User) -> None:
    """Only before anybody has begun. What was drawn stays on record."""
    locked = Sitting.objects.select_for_update().get(pk=sitting.pk)
    begun = locked.attempts.exclude(state__in=[Attempt.State.WAITING]).exists()
    if locked.state not in (State.PLANNED, State.OPEN) or begun:
        raise ValidationError(
            "已有人开始或已结束，不能取消 / somebody has begun, or it is over: it cannot be cancelled"
        )
    locked.state = State.CANCELLED
    locked.save(update_fields=["state"])
    history.note(locked, by, "取消考核 / cancelled")
