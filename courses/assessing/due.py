"""What of assessment waits: sittings of today and before, appeals; and the next sitting."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.assessing.models import Sitting
from courses.assessing.services.appeals import open_appeals
from courses.assessing.views.access import DECIDE, EXAMINE, PLAN
from tenants.due import Coming, Day, Due, Waiting, counted
from tenants.staff.models import User

#: Of the list of sittings: those whose day is here, and which are not over.
DUE = "due"
OPEN = (Sitting.State.PLANNED, Sitting.State.OPEN)


def in_sight(user: User) -> QuerySet[Sitting]:
    """All for whoever plans; an examiner's own."""
    return Sitting.objects.all() if user.has_perm(PLAN) else of_examiner(user)


def of_examiner(user: User) -> QuerySet[Sitting]:
    return Sitting.objects.filter(examiners__user=user)


def _sittings(user: User, today: date) -> Waiting:
    waits = counted(in_sight(user).filter(state__in=OPEN, held_on__lte=today), "held_on")
    mine = "" if user.has_perm(PLAN) else "&mine=1"
    return Waiting(waits.count, waits.day, f"{reverse('sitting_list')}?state={DUE}{mine}")


def _appeals(user: User, today: date) -> Waiting:
    return counted(open_appeals(), "at")


def next_sitting(user: User, today: date) -> Coming | None:
    """The next one of an examiner; whoever plans has sessions to look forward to."""
    if not user.has_perm(EXAMINE) or user.has_perm(PLAN):
        return None
    rows = in_sight(user).filter(state__in=OPEN, held_on__gte=today)
    found = rows.select_related("training_class").order_by("held_on", "pk").first()
    if found is None:
        return None
    title = f"{found.training_class.project_name} {found.get_part_display()}"
    return Coming(found.held_on, title, reverse("sitting", args=[found.pk]))


AT_BASE = (
    Due(
        "sittings",
        _("今天的考核，或还没有结束的"),
        (PLAN, EXAMINE),
        _sittings,
        "sitting_list",
        day=Day.BY,
    ),
    Due("appeals", _("成绩申诉待裁定"), (DECIDE,), _appeals, "appeal_list"),
)
