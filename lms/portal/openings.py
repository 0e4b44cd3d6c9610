"""Open classes of all bases, for whoever looks for one: filters, the nearest first, a village's page,
its notice for the board and its text for the loudspeaker. From shared tables alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.applying.places import Picker, picker
from courses.fieldlog.rules.places import Spot
from courses.openings.models import Given, OpenClass
from courses.openings.near import kilometres, nearest, spot_of
from courses.openings.spoken import announcement
from courses.villages import find_villages, written
from lms.portal import notice
from lms.portal.figures import open_bases
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.models import Division, OffSeason, Tenant, Trade
from tenants.tables import wants_excel, workbook_response
from tenants.throttle import too_often

PAGE = 24
ASKED = ("trade", "township", "month", "lodging", "near")
MONTHS = 12
ASKED_BASES = 6
DRAWS = 20  # an hour, of one address: notices that are not there yet


def takes_people(centre: Tenant, today: date) -> QuerySet[OpenClass]:
    """Classes to come of the centre's bases that may teach."""
    bases = open_bases(centre).exclude(training_base__state="suspended")
    found = OpenClass.objects.filter(tenant__in=bases, starts_on__gte=today)
    return found.select_related("tenant", "trade", "village__parent__parent").prefetch_related(
        "tenant__off_seasons"
    )


@dataclass(frozen=True)
class Month:
    """One to choose. `off` is whether it lies in an off-season of some base."""

    key: str
    off: bool


def _seasons(centre: Tenant) -> dict[int, list[OffSeason]]:
    found: dict[int, list[OffSeason]] = {}
    for season in OffSeason.objects.filter(tenant__centre=centre):
        found.setdefault(season.tenant_id, []).append(season)
    return found


def months(rows: QuerySet[OpenClass], today: date, centre: Tenant) -> list[Month]:
    """Those in which a class is held, the next twelve at most."""
    seasons = _seasons(centre)
    found: dict[str, bool] = {}
    spans = rows.order_by().values_list("tenant_id", "starts_on", "ends_on").distinct()
    for tenant, starts_on, ends_on in spans:
        day = max(starts_on, today)
        while day <= ends_on:
            off = any(season.holds(day) for season in seasons.get(tenant, ()))
            found[f"{day:%Y-%m}"] = found.get(f"{day:%Y-%m}", False) or off
            day = _next(day)
    return [Month(key, off) for key, off in sorted(found.items())][:MONTHS]


def _next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _in_month(rows: QuerySet[OpenClass], key: str) -> QuerySet[OpenClass]:
    year, month = int(key[:4]), int(key[5:])
    first = date(year, month, 1)
    return rows.filter(starts_on__lt=_next(first), ends_on__gte=first)


def _off_season(rows: QuerySet[OpenClass], centre: Tenant) -> QuerySet[OpenClass]:
    """Those that begin when their base says that people have time."""
    seasons = _seasons(centre)
    begin = rows.order_by().values_list("pk", "tenant_id", "starts_on")
    keys = [key for key, tenant, day in begin if any(s.holds(day) for s in seasons.get(tenant, ()))]
    return rows.filter(pk__in=keys)


@dataclass(frozen=True)
class Where:
    """What the visitor said of where they are. `several` are villages of the same name."""

    said: str
    village: Division | None = None
    several: tuple[Division, ...] = ()

    @property
    def unknown(self) -> bool:
        return bool(self.said) and self.village is None and not self.several


def where(text: str) -> Where:
    text = text.strip()[:80]
    found = find_villages(text) if text else []
    if len(found) == 1:
        return Where(text, found[0])
    return Where(text, None, tuple(found[:12]))


def _filtered(
    rows: QuerySet[OpenClass], asked: dict[str, str], known: list[Month], centre: Tenant
) -> QuerySet[OpenClass]:
    if asked["trade"]:
        rows = rows.filter(trade__code=asked["trade"])
    if asked["township"]:
        rows = rows.filter(village__parent__code=asked["township"])
    if asked["lodging"] == "yes":
        rows = rows.exclude(lodging=Given.NONE)
    elif asked["lodging"] == "no":
        rows = rows.filter(lodging=Given.NONE)
    if asked["month"] == "off":
        rows = _off_season(rows, centre)
    elif asked["month"] in {month.key for month in known}:
        rows = _in_month(rows, asked["month"])
    return rows


@require_safe
def open_classes(request: HttpRequest) -> HttpResponse:
    """The list; every choice is a link or a field of one form, so that it reads without a script."""
    centre, today = current_tenant(), timezone.localdate()
    every = takes_people(centre, today)
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ASKED}
    known = months(every, today, centre)
    there = where(asked["near"])
    found = _filtered(every, asked, known, centre)
    spot = None
    if there.village is not None:
        found, spot = nearest(found, there.village), spot_of(there.village)
    else:
        found = found.order_by("starts_on", "pk")
    if wants_excel(request):
        return _workbook(found, today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(page, spot),
        "asked": asked,
        "where": there,
        "several": [(each.code, written(each)) for each in there.several],
        "picker": _picker(request, centre),
        "months": known,
        "trades": Trade.objects.filter(pk__in=every.order_by().values("trade")),
        "townships": Division.objects.filter(
            pk__in=every.order_by().values("village__parent")
        ).select_related("parent"),
    }
    return render(request, "portal/open_classes.html", context)


def _picker(request: HttpRequest, centre: Tenant) -> Picker | None:
    at = request.GET.get("at", "")
    return picker(at, centre) if at else None


def _rows(found: Any, spot: Spot | None) -> list[dict[str, Any]]:
    rows, hosts = [], {}
    for one in found:
        if one.tenant_id not in hosts:
            hosts[one.tenant_id] = absolute(one.tenant, "")
        away = kilometres(one, spot)
        rows.append(
            {
                "one": one,
                "join": f"{hosts[one.tenant_id]}/join/class/{one.code}/",
                "site": f"{hosts[one.tenant_id]}/",
                "away": None if away is None else round(away),
                "rank": getattr(one, "rank", None),
            }
        )
    return rows


def _workbook(found: QuerySet[OpenClass], today: date) -> HttpResponse:
    header = [_("培训项目"), _("工种"), _("级别"), _("开班日期"), _("结业日期"), _("乡镇"), _("村")]
    header += [
        _("地点"),
        _("基地"),
        _("电话"),
        _("住宿"),
        _("伙食"),
        _("名额"),
        _("剩余"),
        _("费用"),
    ]
    rows = [
        [one.name, one.trade.name, one.level, one.starts_on, one.ends_on,
         one.village.parent.name if one.village.parent else "", one.village.name, one.place,
         one.tenant.name, one.tenant.phone, str(one.get_lodging_display()),
         str(one.get_meals_display()), one.capacity, one.left, one.cost]
        for one in found
    ]  # fmt: skip
    return workbook_response(f"open-classes-{today}", header, rows)


def _of_village(code: str) -> tuple[Division, list[OpenClass]]:
    village = get_object_or_404(
        Division.objects.select_related("parent__parent"), code=code, level="village"
    )
    rows = takes_people(current_tenant(), timezone.localdate())
    near = rows.filter(Q(village__code__startswith=current_tenant().division.code[:4]))
    return village, list(nearest(near, village)[: notice.MOST])


@require_safe
def village(request: HttpRequest, code: str) -> HttpResponse:
    """What a village puts on its board and says over its loudspeaker: the nearest classes."""
    found, classes = _of_village(code)
    today = timezone.localdate()
    context = {
        "village": found,
        "rows": _rows(classes, spot_of(found)),
        "text": announcement(notice.place_of(found), notice.announced(classes), today),
        "said": min(len(classes), notice.SAID),
        "lines": notice.SAID,
        "asked": [(base.title, absolute(base, "/propose/")) for base in _teachers(found)],
    }
    return render(request, "portal/village.html", context)


def _teachers(village: Division) -> list[Tenant]:
    """Bases that a village may ask for a class of its own: those of its county first."""
    bases = open_bases(current_tenant()).exclude(training_base__state="suspended")
    county = village.code[:6]
    found = bases.select_related("division").order_by("pk")
    return sorted(found, key=lambda base: not base.division.code.startswith(county))[:ASKED_BASES]


@require_safe
def village_notice(request: HttpRequest, code: str) -> HttpResponseBase:
    """The sheet for the board as PDF. It is drawn by the worker, once for what it says."""
    found, classes = _of_village(code)
    content = notice.content_of(found, classes, timezone.localdate())
    path = notice.path_of(content)
    if not path.exists():
        if too_often(request, "notice", DRAWS, 3600):
            return render(request, "registration/too_often.html", status=429)
        notice.order(content)
        page = render(request, "portal/notice_wait.html", {"village": found}, status=202)
        page["Refresh"] = "3"
        page["Cache-Control"] = "no-store"
        return page
    answer = FileResponse(path.open("rb"), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="notice-{code}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-cache"
    return answer
