"""Who is qualified and waits for a certificate, as it was written down; at the centre, reports to sign."""

from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from certificates.standing.models import MonthlyReport, ReportSignature, Standing
from tenants.due import Due, Waiting, counted
from tenants.staff.models import User

ISSUE, SIGN = "certificates.issue_certificate", "standing.sign_report"


def to_certify(today: date) -> QuerySet[Standing]:
    """The qualified without a certificate whose class's last day has come.

    Not whoever has one of the project already, or had one that was revoked and gets no other before a manager
    has said so: to issue would refuse them (rules `once_per_person_and_project`, `not_revoked`).
    """
    held = Certificate.objects.filter(
        Q(status=Certificate.Status.VALID)
        | Q(status=Certificate.Status.REVOKED, reissue_on__isnull=True),
        trainee=OuterRef("enrolment__trainee"),
        enrolment__training_class__project=OuterRef("enrolment__training_class__project"),
    )
    return Standing.objects.filter(~Exists(held), reached="qualified", ended_on__lte=today)


def _to_issue(user: User, today: date) -> Waiting:
    return counted(to_certify(today), "ended_on")


def _to_sign(user: User, today: date) -> Waiting:
    """Months and corrections with a draft and no signature; how often they were drafted does not matter."""
    signed = ReportSignature.objects.filter(month=OuterRef("month"), number=OuterRef("number"))
    rows = MonthlyReport.objects.filter(~Exists(signed)).order_by()
    found = list(rows.values_list("month", "number").annotate(drafted=Max("drafted_at")))
    days = [timezone.localdate(drafted) for _month, _number, drafted in found]
    return Waiting(len(days), min(days, default=None))


AT_BASE = (Due("certificates", _("合格待发证的人"), (ISSUE,), _to_issue, "issue_due"),)
AT_CENTRE = (Due("reports", _("月报待签发"), (SIGN,), _to_sign, "report_months"),)
