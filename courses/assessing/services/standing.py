"""Where each trainee of a class stands in a part: sittings, the result that counts, whether to sit again."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from courses.assessing import rules
from courses.assessing.models import Attempt, Part, Result, Sitting
from courses.assessing.services.policy import policy_of
from courses.models import TrainingClass
from courses.services.assessment import latest_scores
from tenants.verdict import Verdict

DONE, VOID = Attempt.State.DONE, Attempt.State.VOID


@dataclass(frozen=True)
class PartStanding:
    """`score` is what counts now of closed sittings, or what was entered without any."""

    attempts: tuple[Attempt, ...]
    used: int
    score: Decimal | None
    passed: bool
    may: Verdict

    @property
    def counting(self) -> Attempt | None:
        return next((a for a in reversed(self.attempts) if counts(a)), None)


def result_of(attempt: Attempt) -> Result | None:
    """The latest row; of prefetched results without a query."""
    rows = list(attempt.results.all())
    return max(rows, key=lambda row: row.pk, default=None)


def counts(attempt: Attempt) -> bool:
    """Only what was published: absent people and open sittings count nothing."""
    return attempt.sitting.state == Sitting.State.CLOSED and result_of(attempt) is not None


def attempts_of(training_class: TrainingClass, part: str) -> dict[int, list[Attempt]]:
    """By enrolment, in the order in which they were sat."""
    rows = (
        Attempt.objects.filter(sitting__training_class=training_class, sitting__part=part)
        .exclude(sitting__state=Sitting.State.CANCELLED)
        .select_related("sitting")
        .prefetch_related(Prefetch("results", Result.objects.order_by("id")))
        .order_by("number", "sitting__closed_at", "pk")
    )
    found: dict[int, list[Attempt]] = {}
    for row in rows:
        found.setdefault(row.enrolment_id, []).append(row)
    return found


def standings(training_class: TrainingClass, part: str) -> dict[int, PartStanding]:
    """By enrolment, everybody of the class."""
    policy = policy_of(training_class.rule_set)
    rule_set = training_class.rule_set
    mark = rule_set.pass_theory if part == Part.THEORY else rule_set.pass_practice
    sat, entered = attempts_of(training_class, part), latest_scores(training_class)
    found = {}
    for pk in training_class.enrolments.on_roll().order_by("id").values_list("pk", flat=True):
        mine = sat.get(pk, [])
        counted = [a for a in mine if counts(a)]
        score: Decimal | None = None
        if counted:
            latest = result_of(counted[-1])
            score = latest.score if latest else None
        elif pk in entered:
            score = getattr(entered[pk], part)
        passed = score is not None and score >= mark
        used = len(counted) or int(score is not None)
        may = rules.may_sit(used, passed, policy.retakes, str(rule_set))
        if may.ok and any(a.sitting.state in ("planned", "open") for a in mine):
            may = Verdict(
                "already_in_a_sitting", False, "1", "0", str(rule_set),
                "已排在另一场，结束或取消后再排",
                "already in another sitting: close or cancel it first",
            )  # fmt: skip
        found[pk] = PartStanding(tuple(mine), used, score, passed, may)
    return found
