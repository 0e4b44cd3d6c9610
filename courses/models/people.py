"""Trainees, their places in classes, and the rosters that brought them."""

import uuid

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


class Enrolment(models.Model):
    """A trainee in a class."""

    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="enrolments")
    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="enrolments"
    )
    photo = models.BinaryField(null=True, blank=True)
    enrolled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["trainee", "training_class"], name="enrolment_once")
        ]

    def __str__(self) -> str:
        return f"{self.trainee} · {self.training_class.code}"


class RosterImport(models.Model):
    """An uploaded roster between preview and confirm. The file holds resident IDs: it is sealed."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("待确认")
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
