"""What follows a change below: attendance or a score that a certificate rests on."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from certificates.services.reevaluate import reevaluate, reevaluate_people
from courses.fieldlog.moments import sessions_settled
from courses.moments import scores_entered


@receiver(sessions_settled)
def look_again(sessions: Collection[int], **kwargs: Any) -> None:
    reevaluate(sessions)


@receiver(scores_entered)
def look_at_scores(enrolments: Collection[int], **kwargs: Any) -> None:
    reevaluate_people(enrolments)
