"""The call list of a base: on a phone, in Excel, on paper."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from certificates.duties.lists import (
    COLOURS,
    STATES,
    calls_for,
    classes_of,
    courses_of,
    days_of,
    village_of,
)
from certificates.duties.services import calls
from certificates.duties.services.calls import Filter, ToCall
from tenants.lists.views import show
from tenants.staff.access import actor, may


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
def call_list(request: HttpRequest) -> HttpResponseBase:
    user, today = actor(request), timezone.localdate()
    found = calls.call_list(user, _asked(request), today)
    context = {"states": STATES, "numbers": calls.in_numbers(user, today)}
    return show(request, calls_for(user), found, "duties/call_list.html", **context)


def _shown(each: ToCall) -> dict[str, Any]:
    return {
        "each": each,
        "colour": COLOURS[each.line.state],
        "state": STATES[each.line.state],
        "tel": each.tel,
        "courses": courses_of(each),
        "classes": classes_of(each),
        "days": days_of(each),
    }


@may("duties.call_people")
def call_print(request: HttpRequest) -> HttpResponse:
    """A sheet for each village, with boxes to write in."""
    found = calls.call_list(actor(request), _asked(request), timezone.localdate())
    found.sort(key=lambda each: (_code(each), each.line.call_on, each.trainee.pk))
    sheets = [
        (village_of(own[0]), [_shown(each) for each in own])
        for own in (list(group) for _key, group in groupby(found, key=_code))
    ]
    return render(request, "duties/call_print.html", {"sheets": sheets})


def _code(each: ToCall) -> str:
    return each.trainee.village.code if each.trainee.village else ""
