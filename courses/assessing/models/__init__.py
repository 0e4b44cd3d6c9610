"""The bank, who sits what, and what came of it."""

from courses.assessing.models.bank import (
    BankImport,
    Blueprint,
    BlueprintLine,
    Checklist,
    ChecklistItem,
    Kind,
    Picture,
    Question,
    QuestionVersion,
)
from courses.assessing.models.results import Appeal, AppealDecision, Look, Result
from courses.assessing.models.sittings import (
    Answer,
    Attempt,
    AttemptEvent,
    Part,
    Sitting,
    SittingExaminer,
    SittingQuestion,
)

__all__ = [
    "Answer",
    "Appeal",
    "AppealDecision",
    "Attempt",
    "AttemptEvent",
    "BankImport",
    "Blueprint",
    "BlueprintLine",
    "Checklist",
    "ChecklistItem",
    "Kind",
    "Look",
    "Part",
    "Picture",
    "Question",
    "QuestionVersion",
    "Result",
    "Sitting",
    "SittingExaminer",
    "SittingQuestion",
]
