"""结业考核: theory and practice scores."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.people import Enrolment
from tenants.append_only import AppendOnly


class Score(AppendOnly):
    """One entry of scores (0 to 100, one decimal). The latest row of an enrolment counts."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="scores")
    theory = models.DecimalField(_("理论成绩"), max_digits=4, decimal_places=1)
    practice = models.DecimalField(_("实操成绩"), max_digits=4, decimal_places=1)
    assessed_on = models.DateField(_("考核日期"))
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("更正原因"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="score_of_100",
                condition=models.Q(theory__range=(0, 100), practice__range=(0, 100)),
            ),
            models.CheckConstraint(
                name="score_correction_says_why",
                condition=models.Q(replaces__isnull=True) | ~models.Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=models.Q(replaces__isnull=True),
                name="score_first_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.theory}/{self.practice}"
