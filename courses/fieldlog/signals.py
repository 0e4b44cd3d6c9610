"""What happens elsewhere and concerns the log."""

from typing import Any

from django.dispatch import receiver

from courses.fieldlog.jobs import read_soon
from courses.fieldlog.models import Unread
from courses.fieldlog.services.enrol import keep_out
from tenants.signals import account_changed, template_prepared
from tenants.staff.models import User


@receiver(template_prepared)
def read_what_waits(**kwargs: Any) -> None:
    """After a deploy: what a migration has put into the log is read too."""
    if Unread.objects.exists():
        read_soon()


@receiver(account_changed)
def keep_phones_out(user: User, by: User, **kwargs: Any) -> None:
    """Whoever may not take attendance any more does not go on with a phone."""
    keep_out(user, by)
