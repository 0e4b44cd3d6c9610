"""Who trainers are beyond their base, so that nobody teaches here and is somewhere else at once."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from courses.fieldlog.models import Reading, TrainerIdentity
from courses.fieldlog.services.project import hold_still, resettle
from courses.fieldlog.services.project.beside import TAUGHT
from courses.roster import REASONS
from courses.rules import normalise_id, resident_id_fault
from courses.services.identity import seal_id
from tenants.staff.models import User


def who_may_teach() -> QuerySet[User]:
    rows = User.objects.filter(is_active=True, groups__permissions__codename="record_attendance")
    return rows.distinct()


@dataclass(frozen=True)
class Known:
    """A trainer, and who they are as far as the base has been told."""

    trainer: User
    identity: TrainerIdentity | None


def trainers() -> list[Known]:
    """Everybody who may teach; of whom nobody knows who they are, first."""
    told = {each.trainer_id: each for each in TrainerIdentity.objects.select_related("said_by")}
    found = [Known(each, told.get(each.pk)) for each in who_may_teach().order_by("pk")]
    return sorted(found, key=lambda each: each.identity is not None)


@transaction.atomic
def say_who(trainer: User, resident_id: str, by: User) -> TrainerIdentity:
    """Note the trainer's resident ID, and compare with other bases where the trainer was when.

    Raises ValidationError, without the number in it.
    """
    number = normalise_id(resident_id)
    if fault := resident_id_fault(number):
        raise ValidationError(" / ".join(REASONS[fault]))
    hold_still()
    found, _new = TrainerIdentity.objects.update_or_create(
        trainer=trainer,
        defaults={
            "id_sealed": seal_id(number),
            "id_last4": number[-4:],
            "said_by": by,
            "said_at": timezone.now(),
        },
    )
    _compare(trainer)
    return found


@transaction.atomic
def forget_who(trainer: User) -> None:
    """Nothing of the trainer's number stays, and what rested on it is settled anew."""
    hold_still()
    if TrainerIdentity.objects.filter(trainer=trainer).delete()[0]:
        _compare(trainer)


def _compare(trainer: User) -> None:
    taught = Reading.objects.filter(TAUGHT, event__device__trainer=trainer, fault="")
    resettle(set(taught.exclude(session=None).values_list("session_id", flat=True)))
