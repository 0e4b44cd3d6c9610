"""After a deploy: what a migration has put into the log is read too."""

from typing import Any

from django.dispatch import receiver

from courses.fieldlog.jobs import read_soon
from courses.fieldlog.models import Unread
from tenants.signals import template_prepared


@receiver(template_prepared)
def read_what_waits(**kwargs: Any) -> None:
    if Unread.objects.exists():
        read_soon()
