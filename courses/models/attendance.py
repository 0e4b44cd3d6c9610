"""The attendance log: appended events, and the reading of them that certificates use."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.classes import VillageSession
from courses.models.people import Enrolment
from tenants.append_only import AppendOnly


class Mark(models.TextChoices):
    PRESENT = "present", _("到课")
    LATE = "late", _("迟到")
    EARLY_LEAVE = "early_leave", _("早退")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺勤")


class AttendanceEvent(AppendOnly):
    """One sealed fact. `uuid` comes from the client: the same event sent twice is one event.

    `corrects` is the event that this one replaces; a correction says why.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    session = models.ForeignKey(VillageSession, on_delete=models.PROTECT, related_name="events")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="events")
    mark = models.CharField(max_length=12, choices=Mark.choices)
    minutes = models.PositiveSmallIntegerField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="event_correction_says_why",
                condition=models.Q(corrects__isnull=True) | ~models.Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=["session", "enrolment"],
                condition=models.Q(corrects__isnull=True),
                name="event_first_once",
            ),
            models.UniqueConstraint(fields=["corrects"], name="event_corrected_once"),
            models.CheckConstraint(
                name="event_away_has_no_minutes",
                condition=~models.Q(mark__in=["excused", "absent"]) | models.Q(minutes=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.enrolment_id} {self.mark}"


class Attendance(models.Model):
    """The projection: one row a trainee and session, remade from the events at any time."""

    session = models.ForeignKey(VillageSession, on_delete=models.PROTECT, related_name="attendance")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendance")
    event = models.ForeignKey(AttendanceEvent, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=12, choices=Mark.choices)
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.enrolment_id} {self.mark}"
