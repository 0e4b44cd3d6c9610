"""What follows when a class has been certified."""

from typing import Any

from django.dispatch import receiver

from certificates.duties.services.draws import draw
from certificates.moments import class_certified
from courses.models import TrainingClass


@receiver(class_certified)
def draw_a_share(training_class: TrainingClass, **kwargs: Any) -> None:
    draw(training_class)
