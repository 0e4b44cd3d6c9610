"""What is done again and again."""

from typing import Any

from django.dispatch import receiver

from courses.retention.keep import keep_due
from courses.retention.moments import cleared
from tenants.jobs.schedule import every


@every("retention.count", minutes=24 * 60, type="base")
def count_due() -> None:
    keep_due()


@receiver(cleared)
def _count_again(**kwargs: Any) -> None:
    keep_due()
