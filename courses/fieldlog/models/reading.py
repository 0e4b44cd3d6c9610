"""The projection of the log: derived, and never written by anybody but `services.project`."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.fieldlog.models.log import FieldEvent
from courses.models.classes import VillageSession
from courses.models.people import Enrolment
from tenants.models import Division


class Reading(models.Model):
    """What one event says: opened, checked, without ID numbers. `fault` says why it says nothing.

    `at` is when it happened as far as clocks allow, between `not_before` and `not_after`.
    """

    event = models.OneToOneField(FieldEvent, on_delete=models.PROTECT, related_name="reading")
    fault = models.CharField(max_length=24, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    session = models.ForeignKey(
        VillageSession, on_delete=models.PROTECT, null=True, related_name="readings"
    )
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, null=True, related_name="readings"
    )
    walk_in = models.UUIDField(null=True, db_index=True)
    said = models.JSONField(default=dict)  # the payload, without kind, persons and ID numbers
    id_sealed = models.BinaryField(null=True)  # of a walk-in, as in Trainee
    id_digest = models.BinaryField(null=True)
    id_last4 = models.CharField(max_length=4, blank=True)
    at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    not_after = models.DateTimeField()
    clock_wrong = models.BooleanField(default=False)
    chain_wrong = models.BooleanField(default=False)
    after_revocation = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "event_id"]
        indexes = [models.Index(fields=["session", "kind"], name="reading_session_kind")]

    def __str__(self) -> str:
        return f"{self.kind or self.fault} {self.at:%Y-%m-%d %H:%M}"


class SessionLog(models.Model):
    """What the log says of a session as a whole, and whether a supervisor has accepted just that.

    `digest` is over the session's facts and marks; a review holds for one digest only.
    """

    class Grade(models.TextChoices):
        A = "A", "A"
        B = "B", "B"
        C = "C", "C"
        D = "D", "D"

    class Review(models.TextChoices):
        WAITING = "waiting", _("待审核")
        ACCEPTED = "accepted", _("已采信")
        DISPUTED = "disputed", _("有争议")
        CHANGED = "changed", _("审核后有变化")

    session = models.OneToOneField(VillageSession, on_delete=models.PROTECT, related_name="log")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    held_minutes = models.PositiveSmallIntegerField(null=True)
    headcount = models.PositiveSmallIntegerField(null=True)
    place = models.CharField(max_length=500, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)  # metres
    sources = ArrayField(models.CharField(max_length=5), default=list)
    devices = ArrayField(models.UUIDField(), default=list)
    marked = models.PositiveSmallIntegerField(default=0)
    disputed = models.PositiveSmallIntegerField(default=0)
    flags = models.JSONField(default=list)  # [[code, detail], ...]
    grade = models.CharField(max_length=1, choices=Grade.choices, blank=True)
    reasons = ArrayField(models.CharField(max_length=24), default=list)  # codes behind the grade
    walk_ins = models.PositiveSmallIntegerField(default=0)  # people who are on no list yet
    #: Of those who taught: what names each clash with another base, as `presence` does.
    trainers_elsewhere = ArrayField(models.CharField(max_length=48), default=list)
    digest = models.BinaryField()
    review = models.CharField(max_length=8, choices=Review.choices, default=Review.WAITING)
    review_event = models.ForeignKey(
        FieldEvent, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["session_id"]
        permissions = [("review_attendance", "可审核考勤")]

    def __str__(self) -> str:
        return f"{self.session} {self.review}"


class VillagePlace(models.Model):
    """Where a village lies, in degrees of WGS 84, as far as anybody has said."""

    village = models.OneToOneField(Division, on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField(_("纬度"))
    lon = models.FloatField(_("经度"))
    said_by = models.CharField(_("来源"), max_length=60)

    class Meta:
        verbose_name = _("村的位置")
        verbose_name_plural = _("村的位置")
        ordering = ["village"]
        constraints = [
            models.CheckConstraint(
                name="village_place_on_the_globe",
                condition=models.Q(lat__range=(-90, 90), lon__range=(-180, 180)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.lat:.4f}, {self.lon:.4f}"
