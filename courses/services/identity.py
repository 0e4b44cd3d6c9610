"""Resident IDs: sealed for keeping, digested for finding, never in clear in the database.

The only place that opens one. Four digests: the base's finds a person again at this base; the
register's, that of presences and that of a year's trainings know the same person at every base, each
under a key of its own that no base's staff can use.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from courses.models import Trainee
from courses.rules import birth_date
from tenants import crypto
from tenants.current import current_tenant

SEALING = "resident-id/sealing"
AT_BASE = "resident-id/base"
IN_REGISTER = "resident-id/register"
AT_A_TIME = "resident-id/presence"
IN_A_YEAR = "resident-id/year"


def _tenant() -> bytes:
    return current_tenant().uuid.bytes


def base_digest(resident_id: str) -> bytes:
    """Finds the person again at this base only: another base's digest differs."""
    return crypto.keyed_digest(resident_id, AT_BASE, _tenant())


def seal_id(resident_id: str) -> bytes:
    return id_sealer()(resident_id)


def id_sealer() -> Callable[[str], bytes]:
    """The same for many numbers."""
    seal = crypto.sealer(SEALING, _tenant())
    return lambda resident_id: seal(resident_id.encode())


class Forgotten(LookupError):
    """The archive's term is over: the ID was deleted, and nobody gets it back from here."""


def is_forgotten(trainee: Trainee) -> bool:
    return not trainee.id_sealed


def open_id(trainee: Trainee) -> str:
    """The resident ID in clear. Never log it, never put it into a page or a URL; what a person is to
    see goes through `courses.services.seen`. Raises Forgotten.
    """
    if is_forgotten(trainee):
        raise Forgotten(trainee.pk)
    return crypto.unseal(bytes(trainee.id_sealed), SEALING, _tenant()).decode()


def age_on(trainee: Trainee, day: date) -> int:
    """Whole years, by the birth date in the resident ID (GB 11643, places 7 to 14)."""
    text = open_id(trainee)
    born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def register_digest(trainee: Trainee) -> bytes:
    """The same at every base, so that the register refuses a second certificate."""
    return crypto.keyed_digest(_number_or_stand_in(trainee), IN_REGISTER)


@dataclass(frozen=True)
class Person:
    """Somebody who wants to join a class, as rules and counts know them: never the number itself.

    `year` is the digest by which trainings of a year are counted together at all bases.
    """

    born: date
    base: bytes
    register: bytes
    year: bytes


def person_of(resident_id: str) -> Person:
    """Of a number that is in order. Raises ValueError for one without a birth date."""
    return persons_of([resident_id])[resident_id]


def persons_of(ids: Iterable[str]) -> dict[str, Person]:
    """The same of many numbers."""
    base, register, year = (
        crypto.digester(AT_BASE, _tenant()),
        crypto.digester(IN_REGISTER),
        crypto.digester(IN_A_YEAR),
    )
    found = {}
    for number in ids:
        born = birth_date(number)
        if born is None:
            raise ValueError("no birth date")
        found[number] = Person(born, base(number), register(number), year(number))
    return found


def person_of_trainee(trainee: Trainee) -> Person:
    """Raises Forgotten."""
    return person_of(open_id(trainee))


def presence_digest(trainee: Trainee) -> bytes:
    """The same at every base, so that nobody is marked in two places at once."""
    return crypto.keyed_digest(_number_or_stand_in(trainee), AT_A_TIME)


def _number_or_stand_in(trainee: Trainee) -> str:
    """Whoever is forgotten has digests of their own, which are nobody's: they match no ID."""
    return f"forgotten {trainee.uuid}" if is_forgotten(trainee) else open_id(trainee)


def presence_digest_of(id_sealed: bytes) -> bytes:
    """The same digest, of somebody who teaches."""
    return crypto.keyed_digest(open_sealed(id_sealed), AT_A_TIME)


def open_sealed(id_sealed: bytes) -> str:
    """The resident ID of a walk-in or a trainer in clear, for enrolling; never for a page."""
    return crypto.unseal(id_sealed, SEALING, _tenant()).decode()
