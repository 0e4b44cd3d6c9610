"""What of applications waits for whoever opens the desk."""

from typing import Any

from courses.applying.models import ClassProposal, CourseApplication
from tenants.staff.models import User


def to_do(user: User) -> dict[str, Any]:
    """Counts for the desk's front page, of what this person may decide."""
    found: dict[str, Any] = {}
    if user.has_perm("applying.decide_application"):
        rows = CourseApplication.objects.filter(repeats__isnull=True)
        found["applications"] = rows.filter(state=CourseApplication.State.NEW).count()
    if user.has_perm("applying.answer_proposal"):
        rows_ = ClassProposal.objects.filter(state=ClassProposal.State.NEW)
        found["proposals"] = rows_.count()
    found["may_propose"] = user.groups.filter(permissions__codename="call_people").exists() and (
        "proposals" not in found
    )
    return found
