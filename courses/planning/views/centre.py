"""At the centre: requests to decide, all bases' calendar, the holidays. Nothing of it reads a base's schema."""

from datetime import date
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.planning.forms import DecisionForm, HolidayForm
from courses.planning.lists.centre import REQUESTS, bases_in_sight, requests_in_sight
from courses.planning.lists.own import COLOURS
from courses.planning.services.calendar import (
    Entry,
    conflicts_of,
    entries_of_bases,
    entries_of_facts,
)
from courses.planning.services.decide import decide
from courses.planning.views import draw
from courses.planning.views.calendar import month_context
from courses.requests.facts import Facts, differences, facts_from
from courses.requests.models import ClassRequest, Holiday
from courses.requests.services import holidays
from courses.requests.services.policies import terms_on
from courses.requests.services.steps import By, last_version
from tenants.current import current_tenant
from tenants.designations.models import TrainingBase
from tenants.faults import as_said, put_faults
from tenants.lists.views import show
from tenants.models import Tenant, Trade, in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response

MOST = 1500  # sessions on the page; the workbook has all of them


def _bases(request: HttpRequest) -> QuerySet[Tenant]:
    return bases_in_sight(actor(request))


@may("requests.view_classrequest")
def centre_requests(request: HttpRequest) -> HttpResponseBase:
    """Those that wait first; then what is asked for."""
    terms = terms_on(current_tenant(), timezone.localdate())
    rows = requests_in_sight(actor(request))
    return show(request, REQUESTS, rows, "planning/centre_requests.html", terms=terms)


@may("requests.view_classrequest")
def centre_request(request: HttpRequest, number: str) -> HttpResponse:
    """One request; whoever may decides the version that is shown."""
    rows = ClassRequest.objects.filter(tenant__in=_bases(request))
    found = get_object_or_404(rows.select_related("tenant", "trade"), number=number)
    version, officer = last_version(found), actor(request)
    form = DecisionForm(request.POST or None, initial={"version": version.number})
    if request.method == "POST":
        if not officer.has_perm("requests.decide_request"):
            raise PermissionDenied
        if form.is_valid():
            try:
                decide(
                    number,
                    request.POST.get("act", ""),
                    By(str(officer), officer.username),
                    **form.cleaned_data,
                )
            except ValidationError as error:
                put_faults(form, error)
            else:
                messages.success(request, _("已办理，基地已收到消息。"), extra_tags="ok")
                return redirect("centre_request", number)
    facts = facts_from(version.facts)
    before = facts_from(version.before) if version.before else None
    context = {
        "found": found,
        "facts": facts,
        "version": version,
        "form": form,
        "may_decide": officer.has_perm("requests.decide_request") and found.state == "sent",
        "colour": COLOURS[found.state],
        "steps": found.steps.order_by("number"),
        "versions": _versions(found),
        "changed": _said(differences(before, facts)) if before else [],
        "notes": [in_language(zh, en) for zh, en in version.notes],
        "against": [f"{c.day} {in_language(c.zh, c.en)}" for c in _against(request, found, facts)],
    }
    return render(request, "planning/centre_request.html", context)


def _said(lines: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str]]:
    return [(in_language(zh, en), one, other) for zh, en, one, other in lines]


def _versions(found: ClassRequest) -> list[dict[str, Any]]:
    """What each later version has changed."""
    rows = list(found.versions.order_by("number"))
    return [
        {
            "version": after,
            "changed": _said(differences(facts_from(one.facts), facts_from(after.facts))),
        }
        for one, after in pairwise(rows)
    ]


def _against(request: HttpRequest, found: ClassRequest, facts: Facts) -> list[Any]:
    """With all bases' plans as they stand today: halls and villages that two bases ask for."""
    if found.state not in ("sent", "returned", "approved") or not facts.sessions:
        return []
    days = [planned.held_on for planned in facts.sessions]
    base = found.tenant.title
    mine = entries_of_facts(facts, "new", "", {}, base)
    same = (base, facts.class_code)
    beside = [
        entry
        for entry in entries_of_bases(list(_bases(request)), min(days), max(days))
        if (entry.slot.base, entry.slot.class_code) != same
    ]
    conflicts = conflicts_of([*mine, *beside], _ends([*mine, *beside], request))
    return [each for each in conflicts if any(key.startswith("new.") for key in each.keys)]


def _ends(entries: list[Entry], request: HttpRequest) -> dict[tuple[str, str], date]:
    """The last day of each base's designation, for each class that is shown."""
    records = TrainingBase.objects.filter(tenant__in=_bases(request), ends_on__isnull=False)
    ends = {row.tenant.title: row.ends_on for row in records.select_related("tenant") if row.tenant}
    return {
        (e.slot.base, e.slot.class_code): last
        for e in entries
        if (last := ends.get(e.slot.base)) is not None
    }


@may("designations.view_trainingbase")
def centre_calendar(request: HttpRequest) -> HttpResponse:
    """What all bases in sight plan: by base, trade and division."""
    first, bases = draw.month_asked(request), list(_bases(request))
    base, trade = request.GET.get("base", ""), request.GET.get("trade", "")
    chosen = [each for each in bases if not base or each.slug == base]
    entries = entries_of_bases(chosen, first, draw.last_of(first))
    place = request.GET.get("place", "")
    entries = [
        entry
        for entry in entries
        if (not trade or entry.trade == trade)
        and (not place.isdecimal() or entry.slot.village.startswith(place))
    ]
    conflicts = conflicts_of(entries, _ends(entries, request))
    rows = draw.shown(entries, conflicts, _links)
    if wants_excel(request):
        return workbook_response(f"calendar-{first:%Y-%m}", *draw.sheet(rows, with_base=True))
    context = month_context(request, first, rows[:MOST]) | {
        "conflicts": [
            (c, in_language(c.zh, c.en), draw.CONFLICTS[c.kind]) for c in conflicts[:MOST]
        ],
        "count": len(rows),
        "most": MOST if len(rows) > MOST else 0,
        "bases": bases,
        "trades": Trade.objects.all(),
        "towns": _towns(bases),
        "at_centre": True,
    }
    return render(request, "planning/calendar.html", context)


def _towns(bases: list[Tenant]) -> list[tuple[str, str]]:
    """Townships in which something is planned: code and name."""
    from courses.requests.models import PlannedClass

    rows = PlannedClass.objects.filter(tenant__in=bases, village__parent__isnull=False)
    found = rows.order_by().values_list("village__parent__code", "village__parent__name")
    return sorted(set(found))


def _links(entry: Entry) -> tuple[str, str]:
    return (reverse("centre_request", args=[entry.pending]) if entry.pending else ""), ""


@may("requests.change_holiday")
def holiday_year(request: HttpRequest, year: int) -> HttpResponse:
    """The days of one year: loaded from what is known, and changed by hand."""
    if not draw.FIRST_YEAR <= year <= draw.LAST_YEAR:
        return redirect("holiday_year", timezone.localdate().year)
    centre, act = current_tenant(), request.POST.get("act", "")
    form = HolidayForm(request.POST if act == "add" else None)
    if request.method == "POST":
        try:
            done = _act(centre, year, act, form, request.POST.get("drop", ""))
        except ValidationError as error:
            if form.is_bound:
                put_faults(form, error)
            else:
                messages.error(request, as_said(error)[0], extra_tags="bad")
        else:
            if done:
                messages.success(request, done, extra_tags="ok")
                return redirect("holiday_year", year)
    rows = Holiday.objects.filter(centre=centre, day__year=year)
    if wants_excel(request):
        lines = [[row.day, row.name, str(row.get_kind_display())] for row in rows]
        return workbook_response(f"holidays-{year}", [_("日期"), _("名称"), _("类别")], lines)
    context = {
        "year": year,
        "years": range(max(year - 1, draw.FIRST_YEAR), min(year + 1, draw.LAST_YEAR) + 1),
        "rows": [(row, holidays.shown_name(row.name)) for row in rows],
        "known": bool(holidays.known_days(year)),
        "form": form,
    }
    return render(request, "planning/holidays.html", context)


def _act(centre: Tenant, year: int, act: str, form: HolidayForm, drop: str) -> str:
    """What was done, in words; empty when the form has faults."""
    if act == "load":
        return _("已载入 %(n)s 天。") % {"n": holidays.load_year(centre, year)}
    if drop:
        try:
            holidays.drop_day(centre, date.fromisoformat(drop))
        except ValueError:
            return ""
        return _("已删除。")
    if form.is_valid():
        holidays.add_day(centre, **form.cleaned_data)
        return _("已保存。")
    return ""
