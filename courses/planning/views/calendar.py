"""The desk's calendar: a month, a list, paper, Excel; and moving a session."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import VillageSession
from courses.planning.forms import MoveForm
from courses.planning.services.calendar import (
    Entry,
    conflicts_at_base,
    entries_of_base,
    ways_of,
)
from courses.planning.services.changes import is_free, move_of, move_session
from courses.planning.views import draw
from courses.requests.services.steps import By
from tenants.current import current_tenant
from tenants.faults import put_faults
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


@may("courses.view_trainingclass")
def calendar(request: HttpRequest) -> HttpResponse:
    first = draw.month_asked(request)
    everything = entries_of_base(first, draw.last_of(first))
    chosen = _chosen(request, everything)
    found = conflicts_at_base(everything)
    keys = {entry.slot.key for entry in chosen}
    conflicts = [each for each in found if keys & set(each.keys)]
    movable = actor(request).has_perm("planning.move_session")
    rows = draw.shown(chosen, conflicts, lambda entry: _links(entry, movable))
    if wants_excel(request):
        return workbook_response(f"calendar-{first:%Y-%m}", *draw.sheet(rows, with_base=False))
    context = month_context(request, first, rows) | {
        "conflicts": [(c, in_language(c.zh, c.en), draw.CONFLICTS[c.kind]) for c in conflicts],
        "ways": ways_of(chosen),
        "trainers": sorted({(e.slot.trainer, e.slot.trainer_name) for e in everything}),
        "villages": sorted({(e.slot.village, e.slot.village_name) for e in everything}),
        "classes": sorted({e.slot.class_code for e in everything}),
        "movable": movable,
    }
    return render(request, "planning/calendar.html", context)


def month_context(request: HttpRequest, first: date, rows: list[draw.Shown]) -> dict[str, Any]:
    """What month and list are drawn from, at a base and at the centre."""
    view = "list" if request.GET.get("view") == "list" else "month"
    by = request.GET.get("by", "")
    by = by if by in draw.GROUPS else "day"
    return {
        "month": first,
        "before": f"{draw.month_before(first):%Y-%m}",
        "after": f"{draw.month_after(first):%Y-%m}",
        "weeks": draw.days(first, rows),
        "seasons": draw.seasons_of(first),
        "view": view,
        "by": by,
        "groups": draw.GROUPS,
        "listed": draw.grouped(rows, by),
        "count": len(rows),
        "asked": request.GET,
    }


def _chosen(request: HttpRequest, entries: list[Entry]) -> list[Entry]:
    """The filters of the address: a trainer, a village, a class."""
    trainer, village = request.GET.get("trainer", ""), request.GET.get("village", "")
    code = request.GET.get("class", "")
    return [
        entry
        for entry in entries
        if (not trainer or entry.slot.trainer == trainer)
        and (not village or entry.slot.village == village)
        and (not code or entry.slot.class_code == code)
    ]


def _links(entry: Entry, movable: bool) -> tuple[str, str]:
    if entry.pending:
        return reverse("request_page", args=[entry.pending]), ""
    move = reverse("session_move", args=[entry.session]) if movable and entry.movable else ""
    return reverse("class_detail", args=[entry.slot.class_code]), move


@may("courses.view_trainingclass")
def calendar_print(request: HttpRequest) -> HttpResponse:
    """A4, one sheet a trainer or a village: to be hung up, or taken along."""
    by = request.GET.get("by", "trainer")
    if by not in ("trainer", "village"):
        raise Http404
    first = draw.month_asked(request)
    entries = [e for e in entries_of_base(first, draw.last_of(first)) if not e.pending]
    entries = _chosen(request, entries)
    conflicts = conflicts_at_base(entries)
    rows = draw.shown(entries, conflicts, lambda entry: ("", ""))
    sheets = [
        {
            "title": title,
            "rows": listed,
            "ways": ways_of([row.entry for row in listed]) if by == "trainer" else [],
            "minutes": sum(row.entry.minutes for row in listed),
        }
        for title, listed in draw.grouped(rows, by)
    ]
    context = {"sheets": sheets, "by": by, "title": draw.GROUPS[by], "month": first}
    context |= {"seasons": draw.seasons_of(first), "base": current_tenant(), "asked": request.GET}
    return render(request, "planning/print.html", context)


@may("planning.move_session")
def session_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One session to another day or hour: what dragging does, as a form.

    What the centre has to approve leads to the form of a change, with what was asked for in it.
    """
    session = get_object_or_404(
        VillageSession.objects.select_related("training_class__village__parent"), pk=pk
    )
    at_first = {"day": session.held_on, "at": session.starts_at}
    form = MoveForm(request.POST or None, initial=at_first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        change = move_of(session, data["day"], data["at"])
        if not is_free(session.training_class, change):
            return _to_change(request, session, data)
        who = actor(request)
        reason = data["reason"].strip() or "在日历上调整"
        try:
            by = By(str(who), who.username)
            move_session(session, data["day"], data["at"], by, reason)
        except ValidationError as error:
            put_faults(form, error)
        else:
            _say_what_is_against(request, session.pk, data["day"])
            return redirect(f"{reverse('calendar')}?month={data['day']:%Y-%m}")
    context = {"session": session, "class": session.training_class, "form": form}
    return render(request, "planning/move.html", context)


def _to_change(request: HttpRequest, session: VillageSession, data: dict[str, Any]) -> HttpResponse:
    said = _("这个班的变更须经服务中心批准：请写明理由，提交变更申请。")
    messages.warning(request, said, extra_tags="warn")
    query = urlencode(
        {"session": session.number, "day": f"{data['day']}", "at": f"{data['at']:%H:%M}"}
    )
    return redirect(f"{reverse('class_change', args=[session.training_class.code])}?{query}")


def _say_what_is_against(request: HttpRequest, session: int, day: date) -> None:
    """The move is made; what does not fit now is said at once."""
    messages.success(request, _("课次已调整，记入班次的变更记录。"), extra_tags="ok")
    for each in conflicts_at_base(entries_of_base(day, day)):
        if f"s{session}" in each.keys:
            messages.warning(request, in_language(each.zh, each.en), extra_tags="warn")
