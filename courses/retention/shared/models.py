"""What the centre sees of the archives of its bases: how much is due, and when somebody last cleared it."""

from typing import Any

from django.db import models

from tenants.models import Tenant


def _counts() -> "models.JSONField[Any, Any]":
    return models.JSONField(default=dict)


class DueFiles(models.Model):
    """Numbers a kind (`retention.rules.Plan`), without people, as the base has last counted them.

    `over` is past its term, `this_year` and `next_year` what is due besides by the end of `year` and of
    the year after. `ran_*` is the last deletion.
    """

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, related_name="+")
    counted_at = models.DateTimeField()
    year = models.PositiveSmallIntegerField()
    over = _counts()
    this_year = _counts()
    next_year = _counts()
    ran_at = models.DateTimeField(null=True)
    ran_counts = _counts()

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.year}"
