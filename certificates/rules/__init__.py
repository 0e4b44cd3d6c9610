"""The chain: trained, qualified, certified, employed. Pure: facts in, Verdicts out."""

from certificates.rules.chain import (
    Assessed,
    Attended,
    Numbers,
    Standing,
    certified,
    qualified,
    required_minutes,
    stage,
    trained,
)
from certificates.rules.employment import Destination, Said, destination_of, employed

__all__ = [
    "Assessed",
    "Attended",
    "Destination",
    "Numbers",
    "Said",
    "Standing",
    "certified",
    "destination_of",
    "employed",
    "qualified",
    "required_minutes",
    "stage",
    "trained",
]
