"""What of applications waits for whoever opens the front page."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from courses.applying.models import ClassProposal, CourseApplication
from tenants.due import Due, Waiting, counted
from tenants.staff.models import User


def _applications(user: User, today: date) -> Waiting:
    rows = CourseApplication.objects.filter(state=CourseApplication.State.NEW)
    return counted(rows.filter(repeats__isnull=True), "sent_at")


def _proposals(user: User, today: date) -> Waiting:
    return counted(ClassProposal.objects.filter(state=ClassProposal.State.NEW), "sent_at")


AT_BASE = (
    Due(
        "applications",
        _("报名待审核"),
        ("applying.decide_application",),
        _applications,
        "desk_applications",
        "?state=new",
    ),
    Due(
        "proposals",
        _("办班申请待答复"),
        ("applying.answer_proposal",),
        _proposals,
        "desk_proposals",
    ),
)
