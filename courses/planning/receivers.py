"""What follows a write elsewhere: the shared plan is as the class is."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from courses.fieldlog.models import TrainerIdentity
from courses.models import TrainingClass
from courses.planning.services.share import share_of_trainer, share_plan


@receiver(post_save, sender=TrainingClass)
def follow_class(
    instance: TrainingClass, created: bool = False, raw: bool = False, **kwargs: Any
) -> None:
    """A new class has no sessions yet: the rule of its opening shares it."""
    if not raw and not created:
        share_plan(instance)


@receiver(post_save, sender=TrainerIdentity)
@receiver(post_delete, sender=TrainerIdentity)
def follow_trainer(instance: TrainerIdentity, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        share_of_trainer(instance.trainer_id)
