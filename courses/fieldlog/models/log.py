"""What came, as it came. The database itself refuses to change or delete an event."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.fieldlog.models.devices import Device
from tenants.append_only import AppendOnly


class FieldEvent(AppendOnly):
    """A fact, by the hash of its exact text: the same text twice is one row.

    From a phone it has device, number and signature, and its payload is sealed. From the desk or a
    paper sheet it has `by`. Two texts under one number are both kept (docs/reference/field-protocol.md).
    """

    class Source(models.TextChoices):
        PHONE = "phone", _("手机")
        PAPER = "paper", _("纸质名单")
        DESK = "desk", _("办公端")

    hash = models.BinaryField(unique=True)  # SHA-256 of `body`
    source = models.CharField(max_length=5, choices=Source.choices)
    body = models.TextField()
    signature = models.BinaryField(null=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="events")
    seq = models.PositiveBigIntegerField(null=True)
    blobs = ArrayField(models.CharField(max_length=64), default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["device", "seq"], name="event_device_seq"),
            GinIndex(fields=["blobs"], name="event_blobs", condition=~models.Q(blobs=[])),
            models.Index(fields=["device"], name="event_with_blobs", condition=~models.Q(blobs=[])),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_of_a_phone_or_of_a_person",
                condition=models.Q(
                    source="phone", device__isnull=False, seq__gte=1, signature__isnull=False
                )
                | models.Q(source__in=["paper", "desk"], device__isnull=True, seq__isnull=True)
                & models.Q(by__isnull=False, signature__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {bytes(self.hash).hex()[:12]}"


class Quarantined(AppendOnly):
    """Bytes that no known device has signed. Kept apart, so that nothing is lost by a mistake of
    ours; a device that becomes known again sends its events once more.
    """

    hash = models.BinaryField(unique=True)  # SHA-256 of `raw`
    raw = models.BinaryField()
    reason = models.CharField(max_length=24)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.reason} {bytes(self.hash).hex()[:12]}"


class Blob(models.Model):
    """A file that events name by its SHA-256: whole, or as far as it has come.

    The bytes lie in the private storage as they came, so that the hash can be proved; people are
    shown a picture that was drawn anew (`fieldlog.services.blobs.shown`).
    """

    hash = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()  # bytes of the whole
    received = models.PositiveIntegerField(default=0)  # bytes that are here
    whole_at = models.DateTimeField(null=True)
    is_picture = models.BooleanField(null=True)  # None until it is whole
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="blob_not_longer_than_it_is",
                condition=models.Q(received__lte=models.F("size")),
            )
        ]

    def __str__(self) -> str:
        return self.hash[:12]

    @property
    def path(self) -> str:
        return f"field/{self.hash[:2]}/{self.hash}"


class Unread(models.Model):
    """Events of one arrival that the projection has not read yet; goes with their reading. Events that
    were read before are looked at once more, since a file that they name has arrived.
    """

    events = ArrayField(models.BigIntegerField())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{len(self.events)} unread"
