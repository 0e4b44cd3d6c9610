"""What may be sent, what may be decided, and what a number shows to whoever holds it. Pure."""

import re
import unicodedata
from datetime import date

from courses.rules import (
    MINIMUM_AGE,
    age_on,
    birth_date,
    normalise_id,
    resident_id_fault,
)

#: From which states the desk may go where. Who is enrolled is moved as an enrolment, not here.
STEPS = {
    "new": ("waiting", "accepted", "refused"),
    "waiting": ("accepted", "refused"),
    "refused": ("waiting", "accepted"),
    "accepted": (),
    "withdrawn": (),
}
#: What the applicant may still take back without calling.
MAY_WITHDRAW = ("new", "waiting")


def id_fault(text: str, today: date) -> str | None:
    """The code of the first fault of a resident ID as it was typed, of `courses.roster.words`."""
    number = normalise_id(text)
    if fault := resident_id_fault(number):
        return fault
    born = birth_date(number)
    if born is None or born > today:
        return "id_birth_date"
    return "under_age" if age_on(born, today) < MINIMUM_AGE else None


def name_of(text: str) -> str | None:
    """The name as on the card; None for what is no name."""
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    fits = 0 < len(name) <= 60 and all(c.isalpha() or c in " ·•'-.()" for c in name)
    return name if fits and any(c.isalpha() for c in name) else None


def may_go(state: str, wanted: str) -> bool:
    return wanted in STEPS[state]


def is_same_sender(name: str, phone: str, first_name: str, first_phone: str) -> bool:
    """Whether who sent a second application may be told of the first one.

    A resident ID alone proves nothing: whoever has seen somebody's card could learn here whether
    they are in a course. Name and telephone as they were given at first make it the same person.
    """
    return name == first_name and phone == first_phone
