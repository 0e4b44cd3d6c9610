from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.extensions import Judged
from courses.forms import (
    ClassForm,
    SessionFormSet,
    filled_lines,
    planned_sessions,
    with_more_lines,
)
from courses.lists.classes import CLASSES, classes
from courses.models import Enrolment, TrainingClass
from courses.services.assessment import latest_scores
from courses.services.classes import (
    class_summary,
    open_class,
    proposed_plan,
    rule_set_on,
    season_note,
    set_class_state,
)
from courses.services.openings import previews, said_at_opening
from tenants.faults import as_said
from tenants.lists.views import show
from tenants.models import Trade, in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response

#: Marks of those who are in the class now: they stand beside how many that are.
MARKED = Q(attendance__enrolment__state=Enrolment.State.ENROLLED)


@may("courses.view_trainingclass")
def class_list(request: HttpRequest) -> HttpResponseBase:
    return show(request, CLASSES, classes(), "courses/class_list.html")


@may("courses.add_trainingclass")
def class_open(request: HttpRequest) -> HttpResponse:
    """Open a class. The button "fill" proposes sessions; "open" opens."""
    form = ClassForm(request.POST or None)
    sessions = SessionFormSet(request.POST or None, prefix="s")
    if request.method == "POST" and "fill" in request.POST:
        if form.is_valid():
            data = form.cleaned_data
            plan = proposed_plan(data["project"], data["starts_on"], data["ends_on"])
            sessions = filled_lines(plan)
    elif request.method == "POST" and "more" in request.POST:
        sessions = with_more_lines(request.POST)
    elif request.method == "POST" and form.is_valid() and sessions.is_valid():
        try:
            opened = open_class(
                **form.cleaned_data,
                sessions=planned_sessions(sessions),
                opened_on=timezone.localdate(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if note := season_note(opened.starts_on):
                messages.warning(request, in_language(*note), extra_tags="warn")
            return redirect("class_detail", opened.code)
    context: dict[str, Any] = {"form": form, "sessions": sessions}
    try:
        context["rule_set"] = rule_set_on(timezone.localdate())
        context["against"] = _against(form)
    except ValidationError as error:
        context["no_rules"] = as_said(error)[0]
    return render(request, "courses/class_open.html", context)


def _against(form: ClassForm) -> list[dict[str, Any]]:
    """What the core's rules say against a class: of the chosen project, or of every trade of the base."""
    data = getattr(form, "cleaned_data", {})  # where the form was asked whether it is valid
    project, code = data.get("project"), data.get("code", "")
    trades = [project.trade] if project else Trade.objects.filter(project__isnull=False).distinct()
    found = previews(trades, code, timezone.localdate())
    return [_said(judged) | {"trade": trade} for trade, judged in found]


def _said(judged: Judged) -> dict[str, Any]:
    """Faults and the note on them, in the reader's language."""
    return {
        "lines": [in_language(fault.zh, fault.en) for fault in judged.faults],
        "note": in_language(*judged.note),
        "refuses": judged.refuses,
        "link": judged.link,
    }


@may("courses.view_trainingclass")
def class_detail(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(
        TrainingClass.objects.select_related("project", "village__parent", "trainer", "rule_set"),
        code=code,
    )
    everybody = found.enrolments.select_related("trainee__village").order_by("id")
    enrolments = list(everybody.on_roll())
    scores = latest_scores(found)
    if wants_excel(request):
        header = [_("序号"), _("姓名"), _("性别"), _("证件后四位"), _("联系电话"), _("村")]
        rows = [
            [n, e.trainee.name, e.trainee.sex, e.trainee.id_last4, e.trainee.phone,
             e.trainee.village.name if e.trainee.village else ""]
            for n, e in enumerate(enrolments, 1)
        ]  # fmt: skip
        return workbook_response(found.code, header, rows)
    sessions = (
        found.sessions.annotate(marked=Count("attendance", filter=MARKED))
        .select_related("log")
        .order_by("number")
    )
    context = {
        "class": found,
        "may_begin": found.starts_on <= timezone.localdate(),
        "planned": class_summary(found),
        "sessions": sessions,
        "warned": [_said(judged) for judged in said_at_opening(found)],
        "people": [(e, scores.get(e.pk)) for e in enrolments],
        "waiting": sum(e.state == Enrolment.State.WAITING for e in everybody),
    }
    return render(request, "courses/class_detail.html", context)


@may("courses.change_trainingclass")
@require_POST
def class_state(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(TrainingClass, code=code)
    state = request.POST.get("state", "")
    if state in TrainingClass.State.values:
        try:
            set_class_state(found, state, actor(request))
        except ValidationError as error:
            messages.error(request, as_said(error)[0], extra_tags="bad")
    return redirect("class_detail", code)
