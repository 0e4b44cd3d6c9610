"""What follows a change below: attendance that a certificate rests on."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from certificates.services.reevaluate import reevaluate
from courses.fieldlog.moments import sessions_settled


@receiver(sessions_settled)
def look_again(sessions: Collection[int], **kwargs: Any) -> None:
    reevaluate(sessions)
