"""What bases ask the centre before they teach, and what all of them plan: shared tables."""

from courses.requests.models.asked import ClassRequest, RequestStep, RequestVersion
from courses.requests.models.planned import PlannedClass, PlannedSession
from courses.requests.models.policy import Holiday, OpeningPolicy, SeasonWindow

__all__ = [
    "ClassRequest",
    "Holiday",
    "OpeningPolicy",
    "PlannedClass",
    "PlannedSession",
    "RequestStep",
    "RequestVersion",
    "SeasonWindow",
]
