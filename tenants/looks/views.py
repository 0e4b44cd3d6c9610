"""Ask why before an ID is shown, and list who has looked."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.console.access import bases_of
from tenants.current import is_type
from tenants.looks.forms import ReasonForm
from tenants.looks.models import Look
from tenants.looks.services import Reason
from tenants.looks.shared.models import BaseLook
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


def after_reason(
    request: HttpRequest, context: dict[str, Any], show: Callable[[Reason], HttpResponse]
) -> HttpResponse:
    """The page that asks why; `show` answers its POST, records the look and then shows. What it shows is
    kept by no cache. `context` has `title`, and `back` with `back_title`.
    """
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = show(form.reason)
    else:
        answer = render(request, "looks/reason.html", {**context, "form": form})
    answer["Cache-Control"] = "private, no-store"
    return answer


@may("looks.list_looks")
def look_list(request: HttpRequest) -> HttpResponse:
    """At a base, its own looks; at the centre, those of the bases in sight, without whom they were at."""
    at_centre = is_type("centre")
    found: QuerySet[Any] = _of_bases(request) if at_centre else Look.objects.select_related("by")
    filters = {name: request.GET.get(name, "") for name in ("why", "what")}
    for name, choices in (("why", Look.Why), ("what", Look.What)):
        if filters[name] in choices.values:
            found = found.filter(**{name: filters[name]})
    if wants_excel(request):
        return workbook_response("looks", _header(at_centre), (_row(each) for each in found))
    context = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "kinds": [("what", _("查看内容"), Look.What.choices), ("why", _("事由"), Look.Why.choices)],
        "filters": filters,
        "header": _header(at_centre),
    }
    rows = [list(zip(context["header"], _row(each), strict=True)) for each in context["page"]]
    return render(request, "looks/list.html", {**context, "rows": rows})


def _of_bases(request: HttpRequest) -> QuerySet[BaseLook]:
    in_sight = bases_of(actor(request)).exclude(tenant=None).values("tenant")
    return BaseLook.objects.filter(tenant__in=in_sight).select_related("tenant")


def _header(at_centre: bool) -> list[str]:
    whom = _("基地") if at_centre else _("对象")
    return [_("时间"), _("查看人"), whom, _("查看内容"), _("证号数"), _("事由"), _("说明")]


def _row(each: Model) -> list[Any]:
    assert isinstance(each, Look | BaseLook)
    whom = each.tenant.title if isinstance(each, BaseLook) else each.subject
    at = timezone.localtime(each.at)
    return [
        at.strftime("%Y-%m-%d %H:%M"), str(each.by), whom, str(Look.What(each.what).label),
        each.people, str(Look.Why(each.why).label), each.text,
    ]  # fmt: skip
