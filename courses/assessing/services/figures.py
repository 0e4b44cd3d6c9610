"""How many got each question right: of papers that were handed in, and not void."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q

from courses.assessing.models import Answer, Question, Sitting, SittingQuestion


@dataclass(frozen=True)
class Asked:
    """`asked` papers had it, `right` of them had it right, `empty` had nothing."""

    question: SittingQuestion
    asked: int
    right: int
    chosen: dict[str, int]

    @property
    def percent(self) -> int:
        return round(100 * self.right / self.asked) if self.asked else 0


def of_sitting(sitting: Sitting) -> list[Asked]:
    """Of each question of a sitting, with how often each answer was chosen."""
    done = sitting.attempts.filter(state="done")
    if sitting.how == Sitting.How.PAPER:  # whoever has only a score has no answers
        done = done.filter(answers__isnull=False).distinct()
    papers = done.count()
    rows = (
        Answer.objects.filter(attempt__in=done)
        .values("question", "chosen")
        .annotate(n=Count("pk"))
        .order_by("question", "-n")
    )
    chosen: dict[int, dict[str, int]] = {}
    for row in rows:
        chosen.setdefault(row["question"], {})[row["chosen"]] = row["n"]
    return [
        Asked(q, papers, chosen.get(q.pk, {}).get(q.version.answer, 0), chosen.get(q.pk, {}))
        for q in sitting.questions.select_related("version")
    ]


def of_bank(questions: Iterable[Question]) -> dict[int, tuple[int, int]]:
    """By question, over all versions and sittings: (answered, right)."""
    rows = (
        Answer.objects.filter(
            question__version__question__in=list(questions), attempt__state="done"
        )
        .values(key=F("question__version__question"))
        .annotate(
            asked=Count("pk"), right=Count("pk", filter=Q(chosen=F("question__version__answer")))
        )
    )
    return {row["key"]: (row["asked"], row["right"]) for row in rows}
