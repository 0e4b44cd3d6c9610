"""Who checked a certificate, where whoever did has a name that its holder may read."""

from django.db import models

from tenants.models import Tenant


class Check(models.Model):
    """How often `name` checked a certificate within an hour. No address, nothing of a person.

    `kind` is the way, one of `services.TITLES`; `name` is an organisation as the centre wrote it down.
    """

    code = models.CharField(max_length=32)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    kind = models.SlugField(max_length=20, db_index=False)
    name = models.CharField(max_length=80)
    hour = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-hour", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "kind", "name", "hour"], name="check_once_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.hour:%Y-%m-%d %H} {self.kind} {self.name}: {self.times}"
