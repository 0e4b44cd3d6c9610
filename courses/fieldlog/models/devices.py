"""Phones that a base lets write into its log, and the keys that both sides hold."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldKey(models.Model):
    """A key of the base. Sealing keys are never deleted: a phone may hand in years later."""

    class Purpose(models.TextChoices):
        SEALING = "sealing", _("封存")
        RECEIPT = "receipt", _("回执")

    kid = models.CharField(max_length=32, unique=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    public_key = models.BinaryField()  # the uncompressed point, 65 bytes
    private_sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.kid


class Ticket(models.Model):
    """The right to enrol one phone, shown once as a QR. Only a digest of it is kept."""

    digest = models.BinaryField(unique=True)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    all_classes = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.trainer} {self.expires_at:%Y-%m-%d %H:%M}"


class Device(models.Model):
    """A phone. Its key signs events; its token, of which a digest is kept, only opens the pack.

    `claimed_seq` is the highest number that the phone said it has written: what has not arrived of
    it is missing. `contiguous` is a lower bound of the numbers 1 ... n that have all arrived.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="field_devices"
    )
    all_classes = models.BooleanField(_("全部班次"), default=False)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="device")
    name = models.CharField(_("手机"), max_length=60, blank=True)
    app = models.CharField(_("应用版本"), max_length=40, blank=True)
    public_key = models.BinaryField()
    token_digest = models.BinaryField(unique=True)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    last_contact_at = models.DateTimeField(_("最近联系"), null=True)
    claimed_seq = models.PositiveBigIntegerField(default=0)
    contiguous = models.PositiveBigIntegerField(default=0)
    revoked_at = models.DateTimeField(_("停用时间"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoke_reason = models.CharField(_("停用原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("手机")
        verbose_name_plural = _("手机")
        ordering = ["-id"]
        permissions = [("manage_device", "可登记和停用手机")]
        constraints = [
            models.CheckConstraint(
                name="device_revoked_by_somebody_for_a_reason",
                condition=models.Q(revoked_at__isnull=True)
                | (models.Q(revoked_by__isnull=False) & ~models.Q(revoke_reason="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.trainer} · {self.name or str(self.uuid)[:8]}"


class PackTaken(models.Model):
    """When a phone had which list: so that an old one can be told from a new one.

    One row each time that it asked, for a later one must not make an earlier session's list newer.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="packs")
    etag = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["device", "etag", "at"], name="pack_of_device")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.etag} {self.at:%Y-%m-%d %H:%M}"


class TrainerIdentity(models.Model):
    """Who an account is beyond this base: nobody teaches here and is somewhere else at once.

    The resident ID is sealed, as a trainee's is, and leaves the base only as a keyed digest.
    """

    trainer = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    id_sealed = models.BinaryField()
    id_last4 = models.CharField(max_length=4)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["trainer_id"]

    def __str__(self) -> str:
        return f"{self.trainer} ****{self.id_last4}"
