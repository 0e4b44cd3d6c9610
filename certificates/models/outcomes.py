"""What came of a certificate."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.certificate import Certificate
from tenants.append_only import AppendOnly


class Outcome(AppendOnly):
    """就业去向 of a certificate. The latest row counts; unknown is not unemployed."""

    class Kind(models.TextChoices):
        LOCAL = "local", _("就近就业")
        OUTWARD = "outward", _("外出务工")
        SELF_EMPLOYED = "self_employed", _("自主创业")
        FLEXIBLE = "flexible", _("灵活就业")
        OVERSEAS = "overseas", _("境外就业")
        UNEMPLOYED = "unemployed", _("未就业")

    class Evidence(models.TextChoices):
        SELF_REPORTED = "self_reported", _("本人自述")
        LIAISON_CALL = "liaison_call", _("联络员电话")
        EMPLOYER_CONFIRMED = "employer_confirmed", _("用人单位确认")
        DOCUMENT = "document", _("书面材料")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("去向"), max_length=16, choices=Kind.choices)
    employer = models.CharField(_("用人单位"), max_length=80, blank=True)
    started_on = models.DateField(_("起始日期"), null=True, blank=True)
    evidence = models.CharField(_("依据"), max_length=20, choices=Evidence.choices)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="outcome_work_has_a_start",
                condition=Q(kind="unemployed") | Q(started_on__isnull=False),
            ),
            models.CheckConstraint(
                name="outcome_employer_is_named",
                condition=~Q(kind__in=["local", "outward", "overseas"]) | ~Q(employer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.kind}"


class FollowUp(models.Model):
    """跟踪回访: the duty that a certificate opens, due by a day."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="follow_up"
    )
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on"]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.due_on}"
