"""Where a trainee is reached: put right after the roster had it wrong, or not at all."""

from django.core.exceptions import ValidationError
from django.db import transaction

from courses.models import Enrolment, Trainee
from courses.moments import chain_moved
from courses.services.identity import is_forgotten
from courses.villages import written
from tenants.lists.history import note
from tenants.models import Division
from tenants.staff.models import User

PHONE, VILLAGE = "联系电话 / telephone", "村 / village"


def lock(pk: int) -> Trainee:
    """The person as they are, until the end of the transaction. Raises Trainee.DoesNotExist."""
    rows = Trainee.objects.select_related("village__parent")
    return rows.select_for_update(of=("self",)).get(pk=pk)


@transaction.atomic
def correct(trainee: Trainee, phone: str, village: Division | None, by: User) -> bool:
    """Write both, and what they were, into the record of the person; False when nothing differs.

    Figures by township follow in the same transaction; papers that were issued say what they said.
    Raises ValidationError for somebody whose record has come to the end of its term.
    """
    person = lock(trainee.pk)
    if is_forgotten(person):
        raise ValidationError(
            "档案保存期满，已清除，不能再更改 / the term of this record is over: it was cleared"
        )
    moved = person.village != village
    changes = []
    if person.phone != phone:
        changes.append((PHONE, _masked(person.phone), _masked(phone)))
    if moved:
        changes.append((VILLAGE, _named(person.village), _named(village)))
    if not changes:
        return False
    person.phone, person.village = phone, village
    person.save(update_fields=["phone", "village"])
    note(person, by, "更正联系方式 / contact corrected", changes)
    if moved:
        enrolments = set(Enrolment.objects.filter(trainee=person).values_list("pk", flat=True))
        chain_moved.send(None, enrolments=enrolments)
    return True


def _masked(phone: str) -> str:
    """Enough for the record to say which number it was: the last four digits."""
    return f"*{phone[-4:]}" if phone else ""


def _named(village: Division | None) -> str:
    return written(village) if village else ""
