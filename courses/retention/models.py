"""What was deleted when its time was over: that it was, never what it was."""

from django.conf import settings
from django.db import models

from courses.models import TrainingClass
from tenants.append_only import AppendOnly


class RetentionRun(AppendOnly):
    """One deletion, of just the list that somebody had looked at: `digest` is over it.

    `counts` are numbers a kind; `plan` names rows by their keys, no person by name.
    """

    digest = models.CharField(max_length=64)
    counts = models.JSONField()
    plan = models.JSONField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    said_by = models.CharField(max_length=100)  # a name, or an operator at the command line
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        permissions = [("keep_retention", "可清理到期档案")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.digest[:8]}"


class RetiredClass(AppendOnly):
    """A class whose time is over: the log is read without the ID numbers of its walk-ins."""

    training_class = models.OneToOneField(
        TrainingClass, on_delete=models.PROTECT, related_name="retired"
    )
    run = models.ForeignKey(RetentionRun, on_delete=models.PROTECT, related_name="classes")

    def __str__(self) -> str:
        return str(self.training_class_id)


class GonePicture(AppendOnly):
    """A picture of the field log that was here, was counted, and was deleted: no phone is asked for it."""

    hash = models.CharField(max_length=64, unique=True)
    run = models.ForeignKey(RetentionRun, on_delete=models.PROTECT, related_name="pictures")

    def __str__(self) -> str:
        return self.hash[:12]
