"""Figures: counts without people, of every base, where the centre can read them."""

from django.db import models

from tenants.models import Tenant


def _count() -> "models.BigIntegerField[int, int]":
    return models.BigIntegerField(default=0)


class Figure(models.Model):
    """A part of the count of one base under one heading (`rules.counts`). The rows of a heading are
    added up: whoever writes adds to a row that nobody else holds, or puts down a new one, so that no
    two writers wait for each other.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    dimension = models.CharField(max_length=12)
    key = models.CharField(max_length=100, blank=True)
    enrolled = _count()
    trained = _count()
    qualified = _count()
    certified = _count()
    employed = _count()
    unknown = _count()
    unemployed = _count()
    studying = _count()
    not_seeking = _count()
    work_local = _count()
    work_outward = _count()
    work_overseas = _count()
    work_self_employed = _count()
    work_flexible = _count()
    known_self_reported = _count()
    known_liaison_call = _count()
    known_employer_confirmed = _count()
    known_document = _count()
    employed_self_reported = _count()
    employed_liaison_call = _count()
    employed_employer_confirmed = _count()
    employed_document = _count()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["dimension", "year", "tenant", "key"], name="figure_of_a_heading")
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.year} {self.dimension} {self.key}"
