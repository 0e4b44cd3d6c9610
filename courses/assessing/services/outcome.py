"""From results to scores: what counts of theory and practice goes through the writer of scores."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db import transaction

from courses.assessing.models import Attempt, Part
from courses.assessing.services.standing import attempts_of, counts, result_of
from courses.models import TrainingClass
from courses.services.assessment import ScoreEntry, enter_scores, latest_scores
from tenants.staff.models import User


@transaction.atomic
def settle(
    training_class: TrainingClass, enrolments: Collection[int], by: User, reason: str = ""
) -> int:
    """Enter the scores of those who have both parts, where they say something new; how many. Who has left
    the class keeps the results and gets no score.

    The latest sitting of a part counts; a part that was never sat keeps what was entered by hand.
    """
    sat = {part: attempts_of(training_class, part) for part in Part.values}
    entered = latest_scores(training_class)
    by_day: dict[date, dict[int, ScoreEntry]] = defaultdict(dict)
    here = training_class.enrolments.on_roll().filter(pk__in=enrolments)
    for pk in here.values_list("pk", flat=True):
        old = entered.get(pk)
        counting = {part: _latest(sat[part].get(pk, [])) for part in Part.values}
        score: dict[str, Decimal] = {}
        for part, attempt in counting.items():
            row = result_of(attempt) if attempt else None
            if row is not None:
                score[part] = row.score
            elif old is not None:
                score[part] = getattr(old, part)
        if len(score) < len(Part.values) or not any(counting.values()):
            continue
        if old and (old.theory, old.practice) == (score["theory"], score["practice"]):
            continue
        days = [a.sitting.held_on for a in counting.values() if a]
        why = reason or _why(counting)
        by_day[max(days)][pk] = ScoreEntry(score["theory"], score["practice"], why[:200])
    return sum(enter_scores(training_class, entries, on, by) for on, entries in by_day.items())


def _latest(attempts: list[Attempt]) -> Attempt | None:
    return next((each for each in reversed(attempts) if counts(each)), None)


def _why(counting: dict[str, Attempt | None]) -> str:
    """The reason of a score that takes the place of another; the words of a record, in Chinese."""
    again = any(each and each.number > 1 for each in counting.values())
    return "补考" if again else "考核场次结束"
