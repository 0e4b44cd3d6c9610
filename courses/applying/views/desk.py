"""Applications at the desk: the list, one of them, and the decision, one by one or many at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.applying.models import CourseApplication
from courses.applying.rules import STEPS
from courses.applying.services import decide
from courses.models import Project, TrainingClass
from tenants.models import Division, in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response

State = CourseApplication.State
COLOURS = {"new": "warn", "waiting": "", "accepted": "ok", "refused": "bad", "withdrawn": ""}
MAY = "applying.decide_application"
PAGE = 50
ASKED = ("state", "project", "class", "township", "q")


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the list is filtered by: what waits for a decision unless something else is asked."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ASKED}
    if "state" not in request.GET:
        asked["state"] = "open"
    return asked


def _found(asked: dict[str, str]) -> QuerySet[CourseApplication]:
    rows = CourseApplication.objects.filter(repeats__isnull=True)
    if asked["state"] == "open":
        rows = rows.filter(state__in=(State.NEW, State.WAITING))
    elif asked["state"] in State.values:
        rows = rows.filter(state=asked["state"])
    if asked["project"]:
        rows = rows.filter(project__code=asked["project"])
    if asked["class"]:
        rows = rows.filter(training_class__code=asked["class"])
    if asked["township"]:
        rows = rows.filter(village__code__startswith=asked["township"])
    if query := asked["q"]:
        wanted = Q(name__icontains=query) | Q(number=query.replace(" ", "").upper())
        if query.isdecimal():
            wanted |= Q(phone__contains=query)
        rows = rows.filter(wanted)
    return rows.select_related(
        "project", "training_class", "village__parent", "placed_in"
    ).order_by("sent_at", "pk")


@may(MAY)
def application_list(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    found = _found(asked)
    if wants_excel(request):
        return _workbook(found)
    page = Paginator(found.annotate(again=Count("repeated")), PAGE).get_page(
        request.GET.get("page")
    )
    open_ = CourseApplication.objects.filter(repeats__isnull=True)
    numbers = dict(open_.values_list("state").annotate(n=Count("pk")).order_by("state"))
    towns = open_.exclude(village=None).values("village__parent")
    project = Project.objects.filter(code=asked["project"]).first()
    context = {
        "page": page,
        "rows": [(one, COLOURS[one.state]) for one in page],
        "asked": asked,
        "numbers": [(s, s.label, numbers.get(s, 0)) for s in (State.NEW, State.WAITING)],
        "states": State.choices,
        "projects": Project.objects.filter(pk__in=open_.values("project")),
        "classes": TrainingClass.objects.filter(pk__in=open_.values("training_class")),
        "townships": Division.objects.filter(pk__in=towns),
        "into": decide.classes_for(project.pk) if project else (),
        "project": project,
    }
    return render(request, "applying/list.html", context)


def _workbook(found: QuerySet[CourseApplication]) -> HttpResponse:
    header = [
        _("受理号"),
        _("提交时间"),
        _("姓名"),
        _("证件后四位"),
        _("联系电话"),
        _("乡镇"),
        _("村"),
    ]
    header += [_("培训项目"), _("想上的班"), _("需要住宿"), _("状态"), _("理由"), _("录取班次")]
    rows = []
    for one in found:
        village = one.village
        town = village.parent.name if village and village.parent else ""
        rows.append(
            [
                *(one.number, timezone.localtime(one.sent_at).replace(tzinfo=None), one.name),
                *(one.id_last4, one.phone, town, village.name if village else ""),
                *(one.project.name, one.training_class.code if one.training_class else ""),
                _("是") if one.lodging else "",
                *(str(one.get_state_display()), one.reason),
                one.placed_in.code if one.placed_in else "",
            ]
        )
    return workbook_response(f"applications-{timezone.localdate()}", header, rows)


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
        for message in error.messages:
            zh, _slash, en = message.partition(" / ")
            messages.error(request, in_language(zh, en), extra_tags="bad")
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
        zh, _slash, en = why.partition(" / ")
        messages.warning(request, f"{one.name}：{in_language(zh, en)}", extra_tags="warn")


def _back(request: HttpRequest) -> str:
    to = request.POST.get("back", "")
    if to.startswith("/desk/applications/") and url_has_allowed_host_and_scheme(to, None):
        return to
    return "desk_applications"
