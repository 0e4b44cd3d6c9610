"""Paper sheets that were printed: which rows stand on each, and how far it has come back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.fieldlog.models.log import FieldEvent
from courses.models.classes import VillageSession
from courses.models.people import Enrolment


class PaperSheet(models.Model):
    """A roster sheet of one session. What it says is in the log; this says what was printed, and
    keeps what somebody has begun to type.

    `entered` is the log's event of the newest entry, `countersigned` that of whoever compared just
    that one with the photo. `objection` is what such a person found wrong with it.
    """

    code = models.CharField(_("名单编号"), max_length=12, unique=True)
    session = models.ForeignKey(VillageSession, on_delete=models.PROTECT, related_name="sheets")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    draft = models.JSONField(default=dict)
    draft_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    draft_at = models.DateTimeField(null=True)
    entered = models.OneToOneField(
        FieldEvent, on_delete=models.PROTECT, null=True, related_name="entered_sheet"
    )
    taught_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    countersigned = models.OneToOneField(
        FieldEvent, on_delete=models.PROTECT, null=True, related_name="countersigned_sheet"
    )
    objection = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("纸质名单")
        verbose_name_plural = _("纸质名单")
        ordering = ["-id"]
        permissions = [
            ("enter_paper", "可打印和录入纸质名单"),
            ("countersign_paper", "可复核纸质名单"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sheet_countersigned_after_its_entry",
                condition=models.Q(countersigned__isnull=True) | models.Q(entered__isnull=False),
            ),
            models.UniqueConstraint(
                name="sheet_entered_once_a_session",
                fields=["session"],
                condition=models.Q(entered__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"


class PaperRow(models.Model):
    """A printed row: its place, and who stands there."""

    sheet = models.ForeignKey(PaperSheet, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveSmallIntegerField()
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_row_once"),
            models.UniqueConstraint(fields=["sheet", "enrolment"], name="sheet_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.number}"
