"""What comes back on paper: answers of a printed variant, or only the score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.assessing import rules
from courses.assessing.models import Attempt, AttemptEvent, Result, Sitting
from courses.assessing.services.hold import How, State, locked_for, note
from courses.assessing.services.sit import Line, keep, ordered
from courses.assessing.services.standing import result_of
from courses.rules import score_of
from tenants.staff.models import User

Stands = Attempt.State


@dataclass(frozen=True)
class Typed:
    """Of one person: the variant's letters with blanks between, or only a score."""

    variant: str = ""
    answers: str = ""
    score: str = ""


def read_answers(line: Sequence[Line], text: str) -> dict[int, str]:
    """By question, as letters that are kept. `-` is no answer. Raises ValueError with the number."""
    words = text.replace("，", " ").replace(",", " ").split()
    if len(words) != len(line):
        raise ValueError(
            f"应有 {len(line)} 个答案，填了 {len(words)} 个"
            f" / {len(line)} answers wanted, {len(words)} given"
        )
    found = {}
    for each, word in zip(line, words, strict=True):
        version = each.question.version
        shown = "".join(kept for _letter, kept, _words in each.options)
        try:
            typed = (
                "" if word in "-—－_" else rules.read_answer(word, version.kind, version.letters)
            )
        except ValueError as error:
            raise ValueError(
                f"第 {each.number} 题的“{word[:6]}”看不懂 / no answer of question {each.number}"
            ) from error
        found[each.question.pk] = (
            typed if version.kind == rules.JUDGE else rules.from_printed(typed, shown)
        )
    return found


@transaction.atomic
def enter_typed(sitting: Sitting, rows: Mapping[int, Typed], by: User) -> int:
    """All that was typed, by attempt, or nothing: raises ValidationError with every fault. How many.

    While the sitting is open it may be typed again; the earlier result stays on record.
    """
    locked = locked_for(sitting, by, State.OPEN)
    if locked.how not in (How.PAPER, How.SCORES):
        raise ValidationError("这一场不用录入 / nothing is typed in for this sitting")
    variants = {v: ordered(locked, f"variant {v}", {}) for v in "AB"} if locked.minutes else {}
    attempts = {
        a.pk: a
        for a in locked.attempts.select_for_update(of=("self",)).select_related(
            "enrolment__trainee"
        )
    }
    faults, done = [], 0
    for pk, typed in rows.items():
        attempt = attempts.get(pk)
        if attempt is None or not (typed.answers.strip() or typed.score.strip()):
            continue
        try:
            done += _enter(attempt, typed, variants, by)
        except ValueError as error:
            zh, _, en = str(error).partition(" / ")
            name = attempt.enrolment.trainee.name
            faults.append(f"{name}：{zh} / {name}: {en}")
    if faults:
        raise ValidationError(faults)
    return done


def _enter(attempt: Attempt, typed: Typed, variants: Mapping[str, list[Line]], by: User) -> int:
    if attempt.state == Stands.VOID:
        raise ValueError("已作废，不能再录入 / it is void")
    row = Result(attempt=attempt, how=Result.How.TYPED, by=by)
    if typed.answers.strip() and typed.variant in variants:
        chosen = read_answers(variants[typed.variant], typed.answers)
        keep(attempt, chosen)
        asked = attempt.sitting.questions.select_related("version")
        row.points, row.total = rules.graded(
            (q.version.answer, chosen.get(q.pk, ""), q.points) for q in asked
        )
        row.score = rules.of_100(Decimal(row.points), Decimal(row.total))
        attempt.variant = typed.variant
    else:
        try:
            row.score = score_of(typed.score)
        except ValueError as error:
            raise ValueError(
                "成绩应是 0 到 100 的数，最多一位小数 / a score is 0 to 100 with one decimal at most"
            ) from error
    before = result_of(attempt)
    if before is not None:
        if (before.score, before.points) == (row.score, row.points):
            return 0
        row.replaces, row.reason = before, "重新录入"
    row.save()
    attempt.state, attempt.done_at = Stands.DONE, timezone.now()
    attempt.save(update_fields=["state", "done_at", "variant"])
    note(attempt, AttemptEvent.What.TYPED, by)
    return 1
