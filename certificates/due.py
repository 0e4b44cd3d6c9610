"""What of certificates waits for a second person, and what changed after they were issued."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from certificates.models import Revocation
from certificates.services.reevaluate import open_reevaluations
from tenants.due import Due, Waiting, counted
from tenants.staff.models import User

REVOKE = "certificates.revoke_certificate"


def _revocations(user: User, today: date) -> Waiting:
    """Those that somebody else has asked for: nobody confirms the own."""
    rows = Revocation.objects.filter(state=Revocation.State.OPEN).exclude(asked_by=user)
    return counted(rows, "asked_at")


def _changed(user: User, today: date) -> Waiting:
    return counted(open_reevaluations(), "found_at")


AT_BASE = (
    Due("revocations", _("撤销证书待您确认"), (REVOKE,), _revocations, "revocation_list"),
    Due(
        "changed",
        _("发证后考勤或成绩有变化"),
        (REVOKE,),
        _changed,
        "revocation_list",
        "#changed",
    ),
)
