"""Certificates of other bodies that end soon."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from certificates.external.rules import WITHIN_90
from certificates.external.services import standing_list
from tenants.due import Day, Due, Waiting, counted
from tenants.staff.models import User


def _ending(user: User, today: date) -> Waiting:
    return counted(standing_list(WITHIN_90), "expires_on")


AT_BASE = (
    Due(
        "external",
        _("外部证书 90 天内到期"),
        ("external.view_externalcertificate",),
        _ending,
        "external_list",
        "?state=90",
        Day.BY,
    ),
)
