"""What this base signs with, counts with and writes down."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.register.models import IssuerKey
from tenants.append_only import AppendOnly


class NumberSequence(models.Model):
    """The last number given in a year. Locked while a certificate is written: no gaps, no races."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class SigningKey(models.Model):
    """The private half of a key of this tenant and year, sealed under the master key; see
    `register.IssuerKey`. A key that was replaced is destroyed: its row keeps an empty value.
    """

    kid = models.CharField(max_length=24, unique=True)
    use = models.CharField(
        max_length=12, choices=IssuerKey.Use.choices, default=IssuerKey.Use.CERTIFICATES
    )
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveSmallIntegerField(default=1)
    private_sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["use", "year", "serial"], name="signing_key_serial_once"
            )
        ]

    def __str__(self) -> str:
        return self.kid


class LogEntry(AppendOnly):
    """One line of this base's issuance log: what was done to which certificate or key.

    `hash` is SHA-256 over the hash of the line before it and the canonical JSON of seq, at, kind,
    subject and facts. `seq` has no gap. The database refuses to change or delete a line.
    """

    class Kind(models.TextChoices):
        ISSUED = "issued", _("签发")
        REVOKED = "revoked", _("撤销")
        SUPERSEDED = "superseded", _("换发")
        REISSUE_ALLOWED = "reissue_allowed", _("同意重新发证")
        KEY_MADE = "key_made", _("启用密钥")
        KEY_RETIRED = "key_retired", _("停用密钥")
        KEY_COMPROMISED = "key_compromised", _("密钥泄露")

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    subject = models.CharField(max_length=40)  # the certificate's number, or the key's id
    facts = models.JSONField()
    hash = models.BinaryField(unique=True)

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.subject}"
