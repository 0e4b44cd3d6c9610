"""What an examinee does without an account: come in, begin, save, hand in once."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.assessing import rules
from courses.assessing.models import Answer, Attempt, AttemptEvent, Sitting, SittingQuestion
from courses.assessing.services.hold import finish, note
from courses.rules import fold_width

Stands, What = Attempt.State, AttemptEvent.What
#: How long after its end a sitting's code shows somebody the own result.
SHOWN = timedelta(days=60)
NOBODY = (
    "考号或证件后四位不对，请核对后再试，或请考评人帮忙"
    " / the code or the last four places are wrong: try again, or ask the examiner"
)


class AskName(ValidationError):
    """Two of the sitting have the same last four: the name decides."""

    def __init__(self) -> None:
        super().__init__(
            "有两人证件后四位相同，请再填姓名 / two people have these four: give the name too"
        )


class Elsewhere(ValidationError):
    """Another phone has come in since."""

    def __init__(self) -> None:
        super().__init__(
            "这份试卷已在另一部手机上打开，请重新进入"
            " / this paper was opened on another phone: come in again"
        )


@dataclass(frozen=True)
class Line:
    """A question as this examinee reads it: number, options as (letter shown, letter kept, words)."""

    number: int
    question: SittingQuestion
    options: list[tuple[str, str, str]]
    chosen: str


def clean_code(text: str) -> str:
    return "".join(fold_width(text).split()).replace("-", "").upper()[:12]


def find(code: str, last4: str, name: str = "") -> Attempt:
    """Who that is. Raises ValidationError, and AskName."""
    sitting = Sitting.objects.filter(code=clean_code(code), how=Sitting.How.PHONE).first()
    if sitting is None or not _lets_in(sitting):
        raise ValidationError(NOBODY)
    tail = fold_width(last4).strip().upper()
    if len(tail) != 4:
        raise ValidationError(NOBODY)
    rows = sitting.attempts.filter(enrolment__trainee__id_last4=tail)
    if name.strip():
        rows = rows.filter(enrolment__trainee__name=name.strip()[:60])
    found = list(rows[:2])
    if len(found) > 1:
        raise AskName
    if not found:
        raise ValidationError(NOBODY)
    return found[0]


def _lets_in(sitting: Sitting) -> bool:
    """While it is open, and for the result some weeks longer."""
    if sitting.closed_at is not None:
        return timezone.now() < sitting.closed_at + SHOWN
    return sitting.state == Sitting.State.OPEN


@transaction.atomic
def enter(attempt: Attempt) -> str:
    """The secret of the phone that comes in now; one that came in before saves nothing any more."""
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    locked.door = secrets.token_hex(16)
    locked.openings += 1
    locked.save(update_fields=["door", "openings"])
    if locked.state == Stands.STARTED:
        note(locked, What.CAME_BACK)
    return locked.door


def _locked(pk: int, door: str) -> Attempt:
    locked = Attempt.objects.select_for_update().select_related("sitting").get(pk=pk)
    if locked.door != door and locked.state in (Stands.WAITING, Stands.STARTED):
        raise Elsewhere
    return locked


@transaction.atomic
def begin(pk: int, door: str) -> Attempt:
    """The clock starts, by the server. Raises ValidationError when the sitting is not open."""
    locked = _locked(pk, door)
    if locked.state != Stands.WAITING:
        return locked
    sitting = locked.sitting
    if sitting.state != Sitting.State.OPEN or sitting.minutes is None:
        raise ValidationError("这一场已经结束 / this sitting is over")
    locked.state, locked.started_at = Stands.STARTED, timezone.now()
    locked.ends_at = locked.started_at + timedelta(minutes=sitting.minutes)
    locked.save(update_fields=["state", "started_at", "ends_at"])
    note(locked, What.STARTED)
    return locked


def save(pk: int, door: str, chosen: Mapping[int, str]) -> Attempt:
    """Keep what is chosen now, by question. Too late, it is not taken and the paper is handed in as it was.

    Raises Elsewhere.
    """
    with transaction.atomic():
        locked = _locked(pk, door)
        if locked.state == Stands.STARTED:
            if is_over(locked):
                finish(locked, What.TIME_OVER, None, locked.ends_at)
            else:
                keep(locked, chosen)
        return locked


def hand_in(pk: int, door: str) -> Attempt:
    """Once: a second time finds it handed in. Raises Elsewhere."""
    with transaction.atomic():
        locked = _locked(pk, door)
        if locked.state == Stands.STARTED:
            late = is_over(locked)
            what, at = (What.TIME_OVER, locked.ends_at) if late else (What.HANDED_IN, None)
            finish(locked, what, None, at)
        return locked


def is_over(attempt: Attempt) -> bool:
    return attempt.ends_at is not None and rules.is_late(attempt.ends_at, timezone.now())


def keep(attempt: Attempt, chosen: Mapping[int, str]) -> None:
    """Write answers down; what is none of the question's options is passed over."""
    rows = []
    for question in attempt.sitting.questions.select_related("version"):
        if question.pk not in chosen:
            continue
        version = question.version
        try:
            letters = rules.read_answer(chosen[question.pk], version.kind, version.letters)
        except ValueError:
            continue
        rows.append(Answer(attempt=attempt, question=question, chosen=letters, at=timezone.now()))
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["attempt", "question"],
        update_fields=["chosen", "at"],
    )


def lines(attempt: Attempt) -> list[Line]:
    """The paper in this examinee's order, with what is saved."""
    chosen = {a.question_id: a.chosen for a in attempt.answers.all()}
    who = f"enrolment {attempt.enrolment_id}"
    return ordered(attempt.sitting, who, chosen)


def ordered(sitting: Sitting, who: str, chosen: Mapping[int, str]) -> list[Line]:
    """The paper as `who` reads it: an examinee or a printed variant."""
    asked = {q.place: q for q in sitting.questions.select_related("version__picture")}
    kinds = {kind: n for n, kind in enumerate((rules.JUDGE, rules.SINGLE, rules.MULTIPLE))}
    places = rules.order(sitting.seed, who, asked)
    places.sort(key=lambda place: kinds[asked[place].version.kind])  # stable: kinds stay together
    found = []
    for number, place in enumerate(places, 1):
        question = asked[place]
        version = question.version
        shown = rules.option_order(sitting.seed, who, place, version.kind, version.letters)
        options = [
            (rules.LETTERS[n], letter, version.options[rules.LETTERS.index(letter)])
            for n, letter in enumerate(shown)
        ]
        found.append(Line(number, question, options, chosen.get(question.pk, "")))
    return found
