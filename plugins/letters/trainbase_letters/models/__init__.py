from trainbase_letters.models.assessments import Appeal, AppealDecision, Assessment, Decision
from trainbase_letters.models.letters import Event, Letter
from trainbase_letters.models.settings import LettersSettings
from trainbase_letters.models.units import Unit

__all__ = [
    "Appeal",
    "AppealDecision",
    "Assessment",
    "Decision",
    "Event",
    "Letter",
    "LettersSettings",
    "Unit",
]
