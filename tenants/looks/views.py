"""Ask why before an ID is shown, and list who has looked."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tenants.console.access import bases_of
from tenants.current import is_type
from tenants.lists.views import show
from tenants.looks.forms import ReasonForm
from tenants.looks.lists import AT_BASE, AT_CENTRE
from tenants.looks.models import Look
from tenants.looks.services import Reason
from tenants.looks.shared.models import BaseLook
from tenants.staff.access import actor, may


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
def look_list(request: HttpRequest) -> HttpResponseBase:
    """At a base, its own looks; at the centre, those of the bases in sight, without whom they were at."""
    if is_type("centre"):
        return show(request, AT_CENTRE, _of_bases(request), "looks/list.html")
    return show(request, AT_BASE, Look.objects.select_related("by"), "looks/list.html")


def _of_bases(request: HttpRequest) -> QuerySet[BaseLook]:
    in_sight = bases_of(actor(request)).exclude(tenant=None).values("tenant")
    return BaseLook.objects.filter(tenant__in=in_sight).select_related("tenant")
