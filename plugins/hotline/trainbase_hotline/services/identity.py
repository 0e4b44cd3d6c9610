"""Who complained: sealed when it comes in, opened one by one, each look on record."""

import json
from dataclasses import asdict, dataclass

from django.db import transaction

from lms.plugin import User, seal, unseal
from trainbase_hotline import clock
from trainbase_hotline.models import Complaint, Identity, Look


@dataclass(frozen=True)
class Person:
    name: str
    phone: str
    id_last4: str = ""


def keep(complaint: Complaint, person: Person) -> None:
    """Sealed with the receipt number: moved to another complaint, it does not open."""
    plain = json.dumps(asdict(person) | {"number": complaint.number}, ensure_ascii=False)
    Identity.objects.create(complaint=complaint, sealed=seal(plain))


def _open(complaint: Complaint) -> Person | None:
    found = Identity.objects.filter(complaint=complaint).first()
    if found is None:
        return None
    plain = json.loads(unseal(found.sealed))
    if plain.pop("number") != complaint.number:
        raise ValueError("this identity belongs to another complaint")
    return Person(**plain)


@transaction.atomic
def look(complaint: Complaint, by: User) -> Person | None:
    """Who complained; None for an anonymous complaint. The look is recorded before it happens."""
    Look.objects.create(complaint=complaint, by=by, at=clock.now())
    return _open(complaint)


def name_of(complaint: Complaint) -> str:
    """Only to keep the name out of public texts; shown to nobody, so no look."""
    person = _open(complaint)
    return person.name if person else ""
