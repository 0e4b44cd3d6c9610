"""补贴档案: what a base hands in for a class, frozen on the day when it was made."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models import TrainingClass
from tenants.append_only import AppendOnly


class Dossier(AppendOnly):
    """One version of a class's dossier. `body` is the snapshot as canonical JSON, `digest` its SHA-256;
    the files are made of it alone. `differs` names what is not as in the version before.
    """

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="dossiers"
    )
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    differs = models.JSONField(default=list)
    xlsx_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["training_class", "-number"]
        permissions = [("make_dossier", "可制作补贴档案")]
        constraints = [
            models.UniqueConstraint(fields=["training_class", "number"], name="dossier_once"),
            models.CheckConstraint(
                name="dossier_later_one_differs", condition=Q(number=1) | ~Q(differs=[])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} v{self.number}"
