"""What of classes waits, and the next session of whoever teaches or looks after them."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import TrainingClass, VillageSession
from tenants.due import Coming, Day, Due, Waiting, counted
from tenants.staff.models import User

#: Of the list of classes: those whose first day is here, and which nobody has started.
TO_START = "due"


def to_start(today: date) -> QuerySet[TrainingClass]:
    return TrainingClass.objects.filter(state=TrainingClass.State.OPEN, starts_on__lte=today)


def _to_start(user: User, today: date) -> Waiting:
    return counted(to_start(today), "starts_on")


def next_session(user: User, today: date) -> Coming | None:
    """The next session: of the own classes for whoever teaches, of the base for whoever changes classes."""
    if not user.has_perm("courses.view_trainingclass"):
        return None
    rows = VillageSession.objects.filter(held_on__gte=today)
    if not user.has_perm("courses.change_trainingclass"):
        rows = rows.filter(training_class__trainer=user)
    found = rows.select_related("training_class__project").order_by("held_on", "starts_at").first()
    if found is None:
        return None
    of = found.training_class
    title = _("%(what)s第 %(n)s 次课（%(code)s）") % {
        "what": of.project_name,
        "n": found.number,
        "code": of.code,
    }
    return Coming(found.held_on, title, reverse("class_detail", args=[of.code]))


AT_BASE = (
    Due(
        "classes_to_start",
        gettext_lazy("开班日期已到，待开始培训"),
        ("courses.change_trainingclass",),
        _to_start,
        "class_list",
        f"?state={TO_START}",
        Day.BY,
    ),
)
