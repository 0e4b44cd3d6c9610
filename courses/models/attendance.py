"""The accepted reading of the field log: what certificates count."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.classes import VillageSession
from courses.models.people import Enrolment


class Mark(models.TextChoices):
    PRESENT = "present", _("到课")
    LATE = "late", _("迟到")
    EARLY_LEAVE = "early_leave", _("早退")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺勤")


class Attendance(models.Model):
    """The projection: one row a trainee and session, remade from the field log at any time.

    `minutes` are 0 while the mark is disputed: `why` says by what. `basis` are the hashes of the
    events that it rests on, `claims` of all that speak of it, with
    `session:<id>` for each other session at the same time.
    """

    class State(models.TextChoices):
        CLEAR = "clear", _("一致")
        DISPUTED = "disputed", _("有争议")

    session = models.ForeignKey(VillageSession, on_delete=models.PROTECT, related_name="attendance")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendance")
    state = models.CharField(max_length=8, choices=State.choices, default=State.CLEAR)
    why = ArrayField(models.CharField(max_length=24), default=list)
    mark = models.CharField(max_length=12, choices=Mark.choices)
    minutes = models.PositiveSmallIntegerField()
    said_minutes = models.PositiveSmallIntegerField()  # before a dispute takes them away
    source = models.CharField(max_length=5)  # of the strongest claim
    basis = ArrayField(models.CharField(max_length=64), default=list)
    claims = ArrayField(models.CharField(max_length=64), default=list)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once"),
            models.CheckConstraint(
                name="attendance_away_has_no_minutes",
                condition=~models.Q(mark__in=["excused", "absent"]) | models.Q(minutes=0),
            ),
            models.CheckConstraint(
                name="attendance_disputed_has_no_minutes",
                condition=models.Q(state="clear") | models.Q(minutes=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.enrolment_id} {self.mark}"
