"""Where villages lie, as far as anybody has said: the desk's table, and the form that says it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.fieldlog.rules.places import Spot, metres_between
from courses.fieldlog.services.villages import Village, say_place, villages
from tenants.faults import as_said
from tenants.models import Division
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


def _degrees(lat: float, lon: float) -> str:
    """As it may be typed again, the same in every language."""
    return f"{lat:.5f}, {lon:.5f}"


def _row(found: Village) -> dict[str, Any]:
    place, seen = found.place, found.seen
    return {
        "village": found,
        "place": _degrees(place.lat, place.lon) if place else "",
        "seen": _degrees(seen.lat, seen.lon) if seen else "",
        "accuracy": round(seen.accuracy) if seen else None,
        "apart": round(metres_between(Spot(place.lat, place.lon), seen))
        if place and seen
        else None,
    }


@may("fieldlog.manage_device")
def village_places(request: HttpRequest) -> HttpResponse:
    return _page(request, "", "")


def _page(request: HttpRequest, code: str, typed: str) -> HttpResponse:
    rows = [_row(each) for each in villages()]
    if wants_excel(request):
        return workbook_response("villages", _header(), [_line(each) for each in rows])
    context = {"rows": rows, "code": code, "typed": typed}
    return render(request, "fieldlog/villages.html", context)


def _header() -> list[str]:
    return [_("村代码"), _("乡镇"), _("村"), _("班次"), _("位置"), _("来源"), _("手机到过")]


def _line(row: dict[str, Any]) -> list[Any]:
    found: Village = row["village"]
    division, place = found.division, found.place
    town = division.parent.name if division.parent else ""
    return [
        *(division.code, town, division.name, found.classes, row["place"]),
        *(place.said_by if place else "", row["seen"]),
    ]


@may("fieldlog.manage_device")
@require_POST
def village_place(request: HttpRequest, code: str) -> HttpResponse:
    """Say where one village lies; what is no position comes back with what was typed."""
    village = get_object_or_404(Division, code=code)
    typed = request.POST.get("place", "")[:100]
    try:
        place = say_place(village, typed, actor(request))
    except ValidationError as error:
        for message in as_said(error):
            messages.error(request, message, extra_tags="bad")
        return _page(request, code, typed)
    text = _("%(village)s 的位置已登记，这个村的课次已重新比对。") % {"village": place.village.name}
    messages.success(request, text, extra_tags="ok")
    return redirect("village_places")
