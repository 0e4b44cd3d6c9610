"""Keep, for all bases, how often somebody is trained in a year: in the transaction that changes it."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.intake.shared.models import YearlyTraining
from courses.models import Enrolment, TrainingClass
from courses.services.identity import is_forgotten, person_of_trainee
from tenants.current import current_tenant
from tenants.many import insert

KEPT_YEARS = 3  # after that nobody asks any more


class TakenMeanwhile(ValidationError):
    """Another base has enrolled the same person at this moment: what was judged is no longer true."""

    def __init__(self) -> None:
        super().__init__(
            "有人刚刚在另一个基地入班，请重新核对后再试"
            " / somebody was enrolled at another base at this moment: check again"
        )


def note(enrolments: Collection[Enrolment]) -> None:
    """Write down those who are in a class now, and strike out those who are not.

    Raises TakenMeanwhile when another base took the same place of the year at this moment.
    """
    tenant = current_tenant().pk
    keys = [each.pk for each in enrolments]
    mine = YearlyTraining.objects.filter(tenant_id=tenant, enrolment__any_of=keys)
    known = set(mine.values_list("enrolment", flat=True))
    inside = {each.pk for each in enrolments if each.state == Enrolment.State.ENROLLED}
    if gone := known - inside:
        YearlyTraining.objects.filter(tenant_id=tenant, enrolment__in=gone).delete()
    wanted = []
    for each in enrolments:
        if each.pk not in inside - known or is_forgotten(each.trainee):
            continue
        person = person_of_trainee(each.trainee).year
        wanted.append((each.pk, person, each.training_class.starts_on.year))
    _write(tenant, wanted)


def note_new(training_class: TrainingClass, placed: Iterable[tuple[int, bytes]]) -> None:
    """Write down those who have just got a place: their enrolment, and the person's digest of the year.

    Raises TakenMeanwhile as `note` does.
    """
    year = training_class.starts_on.year
    _write(current_tenant().pk, [(each, person, year) for each, person in placed])


def _write(tenant: int, wanted: list[tuple[int, bytes, int]]) -> None:
    if not wanted:
        return
    persons = [person for _, person, _ in wanted]
    taken: dict[tuple[bytes, int], set[int]] = {}
    there = YearlyTraining.objects.filter(person__any_of=persons).order_by()
    for person, year, slot in there.values_list("person", "year", "slot"):
        taken.setdefault((bytes(person), year), set()).add(slot)
    rows = []
    for enrolment, person, year in sorted(wanted, key=lambda each: each[1]):  # one order for all
        slots = taken.setdefault((person, year), set())
        slot = next(n for n in range(1, len(slots) + 2) if n not in slots)
        slots.add(slot)
        rows.append(
            {
                "tenant_id": tenant,
                "enrolment": enrolment,
                "person": person,
                "year": year,
                "slot": slot,
            }
        )
    written = insert(YearlyTraining, rows, returning=["enrolment"], on_conflict="skip")
    if len(written) < len(wanted):
        raise TakenMeanwhile


@transaction.atomic
def renew() -> None:
    """Write all of this base anew: after it has come from another installation."""
    YearlyTraining.objects.filter(tenant_id=current_tenant().pk).delete()
    since = timezone.localdate().year - KEPT_YEARS
    rows = Enrolment.objects.on_roll().filter(training_class__starts_on__year__gte=since)
    note(list(rows.defer("photo").select_related("trainee", "training_class")))


def prune() -> int:
    """By the clock: drop what is of years that nobody asks about; returns how many."""
    old = timezone.localdate().year - KEPT_YEARS
    rows = YearlyTraining.objects.filter(tenant_id=current_tenant().pk, year__lt=old)
    return rows.delete()[0]
