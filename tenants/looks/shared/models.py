"""What the centre sees of the looks of its bases: everything but whom they were at."""

from django.db import models

from tenants.models import Tenant


class BaseLook(models.Model):
    """The look number `number` of a base, written in the transaction of the look itself."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    what = models.CharField(max_length=8)
    people = models.PositiveIntegerField()
    why = models.CharField(max_length=10)
    text = models.CharField(max_length=200)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at"], name="base_look_at")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="base_look_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id}: {self.number}"
