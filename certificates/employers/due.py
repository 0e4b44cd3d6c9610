"""Employers that wait for the centre."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from certificates.employers.models import Employer
from tenants.current import current_tenant
from tenants.due import Due, Waiting, counted
from tenants.staff.models import User


def _applied(user: User, today: date) -> Waiting:
    rows = Employer.objects.filter(centre_id=current_tenant().pk, state=Employer.State.APPLIED)
    return counted(rows, "applied_at")


AT_CENTRE = (
    Due(
        "employers",
        _("用人单位登记待审核"),
        ("employers.decide_employer",),
        _applied,
        "employers:index",
        "?state=applied",
    ),
)
