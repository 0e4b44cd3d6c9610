"""What the portal shows of a class follows each change of it, in the same transaction; so does the
application of somebody who moves up from the waiting list.
"""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from courses.applying.models import ClassTerms
from courses.applying.services.decide import take_places
from courses.applying.services.listed import forget_village, list_class, place_village
from courses.fieldlog.models import VillagePlace
from courses.intake.models import ClassSize
from courses.models import Enrolment, TrainingClass
from courses.moments import chain_moved


@receiver(post_save, sender=TrainingClass)
@receiver(post_delete, sender=TrainingClass)
def class_changed(instance: TrainingClass, raw: bool = False, **kwargs: Any) -> None:
    if not raw:  # rows that are put back say nothing new
        list_class(instance.pk)


@receiver(post_save, sender=ClassTerms)
@receiver(post_delete, sender=ClassTerms)
@receiver(post_save, sender=ClassSize)
@receiver(post_delete, sender=Enrolment)
def of_class_changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        list_class(instance.training_class_id)


@receiver(post_save, sender=Enrolment)
def somebody_joined(instance: Enrolment, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        list_class(instance.training_class_id)


@receiver(chain_moved)
def people_joined(enrolments: Collection[int], **kwargs: Any) -> None:
    """Rosters write many rows at once, of which no signal tells."""
    open_ = TrainingClass.objects.filter(state=TrainingClass.State.OPEN)
    theirs = Enrolment.objects.filter(pk__any_of=enrolments).values("training_class")
    for key in open_.filter(pk__in=theirs).order_by("pk").values_list("pk", flat=True):
        list_class(key)
    take_places(enrolments)


@receiver(post_save, sender=VillagePlace)
def village_placed(instance: VillagePlace, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        place_village(instance)


@receiver(post_delete, sender=VillagePlace)
def village_displaced(instance: VillagePlace, **kwargs: Any) -> None:
    forget_village(instance.village_id)
