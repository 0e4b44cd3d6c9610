"""Applications at the desk: the list, one of them, and the decision, one by one or many at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.applying.lists.applications import APPLICATIONS, COLOURS, MAY, State, applications
from courses.applying.models import CourseApplication
from courses.applying.rules import STEPS
from courses.applying.services import decide
from courses.models import Project, TrainingClass
from tenants.faults import as_said
from tenants.lists.views import show
from tenants.models import as_read
from tenants.staff.access import actor, may


@may(MAY)
def application_list(request: HttpRequest) -> HttpResponseBase:
    """The list, what waits in numbers, and the form that decides those that are ticked."""
    open_ = CourseApplication.objects.filter(repeats__isnull=True)
    numbers = dict(open_.values_list("state").annotate(n=Count("pk")).order_by("state"))
    project = Project.objects.filter(code=request.GET.get("project", "")[:60]).first()
    context = {
        "numbers": [(s, s.label, numbers.get(s, 0)) for s in (State.NEW, State.WAITING)],
        "into": decide.classes_for(project.pk) if project else (),
        "project": project,
        "ticks": "decide",
    }
    return show(request, APPLICATIONS, applications(), "applying/list.html", **context)


@may(MAY)
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application with its history, and the decision."""
    rows = CourseApplication.objects.select_related(
        "project", "training_class", "village__parent__parent", "placed_in", "consent", "repeats"
    )
    found = get_object_or_404(rows, pk=pk)
    if found.repeats_id:
        return redirect("desk_application", found.repeats_id)
    context = {
        "found": found,
        "colour": COLOURS[found.state],
        "steps": found.steps.select_related("by", "training_class"),
        "repeated": found.repeated.select_related("village__parent"),
        "into": decide.classes_for(found.project_id),
        "may_go": STEPS[found.state],
    }
    return render(request, "applying/application.html", context)


@may(MAY)
@require_POST
def application_decide(request: HttpRequest) -> HttpResponse:
    """`act` is accept, wait or refuse, for the applications that are ticked."""
    keys = [int(key) for key in request.POST.getlist("one") if key.isdecimal() and len(key) < 19]
    act, by = request.POST.get("act", ""), actor(request)
    reason = request.POST.get("reason", "")
    try:
        if not keys:
            raise ValidationError("请先选中要办理的报名 / tick the applications first")
        if act == "accept":
            done = decide.accept(keys, _class(request), by)
        elif act == "wait":
            done = decide.wait(keys, by, reason)
        elif act == "refuse":
            done = decide.refuse(keys, by, reason)
        else:
            raise ValidationError("请选择录取、候补或者不录取 / accept, wait or refuse")
    except ValidationError as error:
        for message in as_said(error):
            messages.error(request, message, extra_tags="bad")
    else:
        _say(request, done)
    return redirect(_back(request))


def _class(request: HttpRequest) -> TrainingClass:
    code = request.POST.get("into", "")[:40]
    found = TrainingClass.objects.filter(code=code).first()
    if found is None:
        raise ValidationError("请选择录取到哪个班 / choose the class")
    return found


def _say(request: HttpRequest, done: decide.Done) -> None:
    if n := len(done.decided):
        said = _("已办理 %(n)s 份报名。") % {"n": n}
        messages.success(request, said, extra_tags="ok")
    for one, why in done.left[:30]:
        messages.warning(request, f"{one.name}：{as_read(why)}", extra_tags="warn")


def _back(request: HttpRequest) -> str:
    to = request.POST.get("back", "")
    if to.startswith("/desk/applications/") and url_has_allowed_host_and_scheme(to, None):
        return to
    return "desk_applications"
