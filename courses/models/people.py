"""Trainees, their places in classes, and the rosters that brought them."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.classes import TrainingClass
from tenants.models import Division


class Trainee(models.Model):
    """学员. The resident ID is sealed; `id_digest` finds it again, `id_last4` is for people."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("姓名"), max_length=60)
    sex = models.CharField(_("性别"), max_length=2)
    id_sealed = models.BinaryField()
    id_digest = models.BinaryField(unique=True)
    id_last4 = models.CharField(_("证件后四位"), max_length=4)
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    village = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("村")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("学员")
        verbose_name_plural = _("学员")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Who of a class's people is meant. The row of somebody who left stays, with all that rests on it."""

    def on_roll(self) -> Self:
        """Who is in the class now: taught, marked, assessed, certified."""
        return self.filter(state=Enrolment.State.ENROLLED)

    def on_roll_of(self, day: date) -> Self:
        """Those, and whoever left after that day: their marks of then may still be put right."""
        left = models.Q(left_from=Enrolment.State.ENROLLED, left_on__gt=day)
        return self.filter(models.Q(state=Enrolment.State.ENROLLED) | left)

    def counted(self) -> Self:
        """Who counts as enrolled in the figures: also those who gave up once the class had begun, or a
        class would look the better the more people leave it. Not who waits, or is in another class.
        """
        gave_up = models.Q(
            state=Enrolment.State.WITHDRAWN,
            left_from=Enrolment.State.ENROLLED,
            left_on__gte=models.F("training_class__starts_on"),
        )
        return self.filter(models.Q(state=Enrolment.State.ENROLLED) | gave_up)


class Enrolment(models.Model):
    """A trainee in a class, on its waiting list, or no longer in it.

    `state` is the present one; how it came about are rows of `intake.EnrolmentChange`. `queue` is the
    place on the waiting list, the smallest first, with gaps; `left_on` the first day out of the class, and `left_from` the state before it.
    """

    class State(models.TextChoices):
        ENROLLED = "enrolled", _("在班")
        WAITING = "waiting", _("候补")
        TRANSFERRED = "transferred", _("已转班")
        WITHDRAWN = "withdrawn", _("已退班")

    LEFT = (State.TRANSFERRED, State.WITHDRAWN)

    # No index of their own: the two unique ones begin with them.
    trainee = models.ForeignKey(
        Trainee, on_delete=models.PROTECT, related_name="enrolments", db_index=False
    )
    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="enrolments", db_index=False
    )
    photo = models.BinaryField(null=True, blank=True)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(
        _("状态"), max_length=11, choices=State.choices, default=State.ENROLLED
    )
    queue = models.PositiveIntegerField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    left_from = models.CharField(max_length=11, blank=True, default="")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["trainee", "training_class"], name="enrolment_once"),
            models.UniqueConstraint(
                fields=["training_class", "queue"], name="enrolment_queue_once"
            ),
            models.CheckConstraint(
                name="enrolment_waits_in_a_place",
                condition=models.Q(state="waiting", queue__isnull=False)
                | ~models.Q(state="waiting") & models.Q(queue__isnull=True),
            ),
            models.CheckConstraint(
                name="enrolment_left_on_a_day",
                condition=models.Q(
                    state__in=["transferred", "withdrawn"],
                    left_on__isnull=False,
                    left_from__in=["enrolled", "waiting"],
                )
                | models.Q(state__in=["enrolled", "waiting"], left_on__isnull=True, left_from=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainee} · {self.training_class.code}"


class RosterImport(models.Model):
    """An uploaded roster between preview and confirm. The file holds resident IDs: it is sealed.

    What was read of it is in `intake.RosterSheet` and `intake.RosterPart`.
    """

    class State(models.TextChoices):
        COLUMNS = "columns", _("待指明各列")
        READING = "reading", _("读取中")
        PREVIEW = "preview", _("待确认")
        IMPORTING = "importing", _("导入中")
        CONFIRMED = "confirmed", _("已导入")

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="imports"
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEW)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    imported = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
