"""The call list of a base: on a phone, in Excel, on paper."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from certificates.duties.services import calls
from certificates.duties.services.calls import Filter, ToCall
from courses.models import TrainingClass
from tenants.models import Division, Trade
from tenants.staff.access import actor, may
from tenants.staff.models import User
from tenants.tables import wants_excel, workbook_response

STATES = {
    "overdue": gettext_lazy("逾期"),
    "today": gettext_lazy("今天"),
    "soon": gettext_lazy("七天内"),
    "later": gettext_lazy("以后"),
}
COLOURS = {"overdue": "bad", "today": "warn", "soon": "", "later": ""}
PAGE = 50


def _asked(request: HttpRequest) -> Filter:
    """A liaison sees no class and no trade, and filters by neither."""
    said = {name: request.GET.get(name, "")[:60] for name in ("state", "trade", "class", "village")}
    whole = request.user.has_perm(calls.WHOLE_LIST)
    return Filter(
        state=said["state"] if said["state"] in STATES else "",
        trade=said["trade"] if whole else "",
        training_class=said["class"] if whole else "",
        village=said["village"],
        mine=actor(request).pk if request.GET.get("mine") else None,
    )


@may("duties.call_people")
def call_list(request: HttpRequest) -> HttpResponse:
    user, today = actor(request), timezone.localdate()
    asked = _asked(request)
    found = calls.call_list(user, asked, today)
    if wants_excel(request):
        return _workbook(request, found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_shown(each) for each in page],
        "asked": asked,
        "states": STATES,
        "numbers": calls.in_numbers(user, today),
        "callers": calls.callers() if user.has_perm("duties.assign_duty") else [],
        **_choices(user),
    }
    return render(request, "duties/call_list.html", context)


def _shown(each: ToCall) -> dict[str, Any]:
    phone = each.trainee.phone
    return {
        "each": each,
        "colour": COLOURS[each.line.state],
        "state": STATES[each.line.state],
        "tel": tel(phone),
        "courses": sorted(
            {d.certificate.enrolment.training_class.project_name for d in each.duties}
        ),
        "classes": sorted({d.certificate.enrolment.training_class.code for d in each.duties}),
        "days": sorted({d.after_days for d in each.duties}),
    }


def tel(phone: str) -> str:
    """For a link that dials: digits and a leading plus."""
    return "".join(sign for sign in phone if sign.isascii() and (sign.isdigit() or sign == "+"))


def _choices(user: User) -> dict[str, Any]:
    """What the list can be filtered by: what is open in this person's sight."""
    duties = calls.open_duties(user)
    villages = duties.values("certificate__trainee__village")
    found: dict[str, Any] = {
        "villages": Division.objects.filter(pk__in=villages).select_related("parent")
    }
    if user.has_perm(calls.WHOLE_LIST):
        classes = duties.values("certificate__enrolment__training_class")
        trades = duties.values("certificate__enrolment__training_class__project__trade")
        found["classes"] = TrainingClass.objects.filter(pk__in=classes)
        found["trades"] = Trade.objects.filter(pk__in=trades)
    return found


def _village(each: ToCall) -> str:
    village = each.trainee.village
    return f"{village.parent or ''} {village.name}".strip() if village else ""


def _workbook(request: HttpRequest, found: list[ToCall]) -> HttpResponse:
    whole = request.user.has_perm(calls.WHOLE_LIST)
    header = [_("状态"), _("姓名"), _("联系电话"), _("村"), _("到期日"), _("下次回访")]
    header += [_("负责人"), _("上次回访"), _("上次结果")]
    rows = []
    for each in found:
        last = each.last
        row: list[Any] = [str(STATES[each.line.state]), each.trainee.name, each.trainee.phone]
        row += [_village(each), each.line.duties[0].due_on, each.line.call_on]
        row.append("、".join(each.assigned))
        row.append(timezone.localtime(last.at).date() if last else None)
        row.append(last.get_result_display() if last else "")
        if whole:
            shown = _shown(each)
            row += ["、".join(shown["classes"]), "、".join(shown["courses"])]
        rows.append(row)
    if whole:
        header += [_("班次"), _("培训项目")]
    return workbook_response(f"calls-{timezone.localdate()}", header, rows)


@may("duties.call_people")
def call_print(request: HttpRequest) -> HttpResponse:
    """A sheet for each village, with boxes to write in."""
    found = calls.call_list(actor(request), _asked(request), timezone.localdate())
    found.sort(key=lambda each: (_code(each), each.line.call_on, each.trainee.pk))
    sheets = [
        (_village(own[0]), [_shown(each) for each in own])
        for own in (list(group) for _key, group in groupby(found, key=_code))
    ]
    return render(request, "duties/call_print.html", {"sheets": sheets})


def _code(each: ToCall) -> str:
    return each.trainee.village.code if each.trainee.village else ""


@may("duties.call_people", "duties.assign_duty")
@require_POST
def call_assign(request: HttpRequest) -> HttpResponse:
    """Give the people that are ticked to somebody."""
    people = [int(pk) for pk in request.POST.getlist("person") if pk.isdecimal()][:500]
    to = request.POST.get("to", "")
    who = calls.callers().filter(pk=int(to)).first() if to.isdecimal() else None
    try:
        if to and who is None:
            raise ValidationError(_("请选择负责人。"))
        count = calls.assign(people, who, actor(request))
    except ValidationError as error:
        messages.error(request, error.messages[0], extra_tags="bad")
    else:
        said = _("已分配 %(n)s 项回访。") % {"n": count}
        messages.success(request, said, extra_tags="ok")
    return redirect("call_list")
