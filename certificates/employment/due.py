"""What people outside have said of somebody's work, and waits for the base."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from certificates.employment.models import Claim
from certificates.models import Objection
from tenants.due import Due, Waiting, counted
from tenants.staff.models import User

RECORD = ("certificates.record_outcome",)


def _claims(user: User, today: date) -> Waiting:
    return counted(Claim.objects.filter(state=Claim.State.OPEN), "said_at")


def _objections(user: User, today: date) -> Waiting:
    return counted(Objection.objects.filter(state=Objection.State.OPEN), "said_at")


AT_BASE = (
    Due("claims", _("就业申报待打电话核实"), RECORD, _claims, "claim_list"),
    Due("objections", _("本人异议待办结"), RECORD, _objections, "claim_list", "#objections"),
)
