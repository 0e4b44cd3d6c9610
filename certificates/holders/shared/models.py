"""What the centre's host keeps of holders: proofs, attempts, links. Nobody's name, no ID in clear."""

import uuid

from django.db import models
from django.db.models import F, Q

from tenants.models import Tenant


class HolderProof(models.Model):
    """The keyed digest of the last four of the holder's ID (`holders.proof`), written with the issue."""

    code = models.CharField(max_length=32, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    proof = models.BinaryField()

    def __str__(self) -> str:
        return self.code


class Attempt(models.Model):
    """Wrong attempts at a code in a day, whether the code exists or not. `who` is a keyed digest of
    the code; nothing of who tried.
    """

    who = models.BinaryField()
    day = models.DateField()
    times = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["who", "day"], name="holder_attempts_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.times}"


class Share(models.Model):
    """A link that a holder gave to somebody: which certificates, until when, with the papers or not.

    `person` is the register's digest. The address is made of `uuid` under a key, so that rows alone
    open nothing. What was shared is not changed: it expires, or the holder takes it back.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    person = models.BinaryField()
    codes = models.JSONField()
    label = models.CharField(max_length=40, blank=True)
    papers = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["person"], name="share_by_person")]
        constraints = [
            models.CheckConstraint(
                name="share_expires_later", condition=Q(expires_at__gt=F("made_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.uuid}: {self.expires_at:%Y-%m-%d}"
