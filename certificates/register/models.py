"""The public register: what anybody may check of a certificate, across all bases."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant
from tenants.natural import ByKey


class IssuerKey(models.Model):
    """The public half of a base's signing key of one year (Ed25519, 32 raw bytes)."""

    kid = models.CharField(max_length=24, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="issuer_keys")
    year = models.PositiveSmallIntegerField()
    public_key = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    NATURAL = ("kid",)
    objects = ByKey()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "year"], name="issuer_key_once_a_year")
        ]

    def __str__(self) -> str:
        return self.kid

    def natural_key(self) -> tuple[str]:
        return (self.kid,)


class RegisterEntry(models.Model):
    """One issued certificate. `claims` is every claim that the paper prints.

    `person` is an HMAC of the resident ID under a key that no base holds: it makes a second
    certificate of one person and project impossible, and tells nobody who it is.

    A row whose base went to another cell is MOVED: it only says where to ask.
    """

    class Status(models.TextChoices):
        VALID = "valid", _("有效")
        REVOKED = "revoked", _("已撤销")
        MOVED = "moved", _("已迁到其他分区")

    code = models.CharField(max_length=32, unique=True)
    number = models.CharField(max_length=40, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="register")
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT)
    person = models.BinaryField()
    project_key = models.CharField(max_length=100)
    claims = models.JSONField()
    token = models.TextField()
    photo = models.BinaryField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.VALID)
    issued_on = models.DateField()
    revoked_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "project_key"],
                condition=models.Q(status="valid"),
                name="register_one_per_person_and_project",
            ),
            models.CheckConstraint(
                name="register_revoked_says_why",
                condition=models.Q(status="valid", revoked_on__isnull=True, reason="")
                | models.Q(status="moved")
                | (models.Q(status="revoked", revoked_on__isnull=False) & ~models.Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number
