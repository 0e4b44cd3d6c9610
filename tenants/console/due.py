"""What of bases waits for the centre: checks on site, decisions, designations that end."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.console.access import PERMISSION, bases_of
from tenants.designations.models import TrainingBase
from tenants.due import Day, Due, Waiting, counted
from tenants.staff.models import User

#: Days before its end in which a designation is decided anew.
AHEAD = 90
State = TrainingBase.State
CHECK, DECIDE = (PERMISSION("check_base"),), (PERMISSION("decide_base"),)


def _to_check(user: User, today: date) -> Waiting:
    return counted(bases_of(user).filter(state=State.APPLIED), "state_on")


def _to_decide(user: User, today: date) -> Waiting:
    return counted(bases_of(user).filter(state=State.CHECKED), "state_on")


def _ending(user: User, today: date) -> Waiting:
    last = today + timedelta(days=AHEAD)
    rows = bases_of(user).filter(state=State.DESIGNATED, ends_on__lte=last)
    asked = f"?state={State.DESIGNATED}&ends_on__lte={last}&ordering=ends_on"
    waits = counted(rows, "ends_on")
    return Waiting(waits.count, waits.day, reverse("console:index") + asked)


AT_CENTRE = (
    Due("to_check", _("基地申请待实地核查"), CHECK, _to_check, "console:index", "?state=applied"),
    Due(
        "to_decide", _("已核查的基地待认定"), DECIDE, _to_decide, "console:index", "?state=checked"
    ),
    Due("ending", _("基地认定 90 天内到期"), DECIDE, _ending, "console:index", day=Day.BY),
)
