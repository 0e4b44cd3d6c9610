"""Whom to call, and what the centre has heard otherwise."""

from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.duties.services.calls import to_call
from certificates.duties.services.samples import open_discrepancies
from tenants.due import Coming, Day, Due, Waiting, counted
from tenants.staff.models import User

CALL = "duties.call_people"


def _calls(state: str, user: User, today: date) -> Waiting:
    """People in that state; the first line is whoever waits longest."""
    found = [line for line in to_call(user, today) if line.state == state]
    return Waiting(len(found), found[0].call_on if found else None)


def _discrepancies(user: User, today: date) -> Waiting:
    return counted(open_discrepancies(), "at")


def next_call(user: User, today: date) -> Coming | None:
    """The next day on which somebody is to be called, within a week."""
    found = to_call(user, today) if user.has_perm(CALL) else []
    days = [line.call_on for line in found if line.call_on >= today]
    return Coming(min(days), _("回访电话"), reverse("call_list")) if days else None


AT_BASE = (
    Due(
        "calls_late",
        gettext_lazy("逾期未打的回访电话"),
        (CALL,),
        partial(_calls, "overdue"),
        "call_list",
        "?state=overdue",
        Day.BY,
    ),
    Due(
        "calls",
        gettext_lazy("今天要打的回访电话"),
        (CALL,),
        partial(_calls, "today"),
        "call_list",
        "?state=today",
        Day.BY,
    ),
    Due(
        "discrepancies",
        gettext_lazy("中心抽查的差异待答复"),
        ("duties.answer_sample",),
        _discrepancies,
        "discrepancy_list",
    ),
)
