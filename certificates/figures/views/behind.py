"""Behind a number: the bases that it comes from, and in each the names. Every look is written down."""

import re
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from certificates.figures.rules.counts import CHAIN, COLUMNS
from certificates.figures.rules.report import OTHER, TRANSFERRED
from certificates.figures.scope import NAMES, titles_of
from certificates.figures.services import sums, under
from certificates.figures.views.guard import asked_base, asked_number, asked_scope, asked_year
from certificates.figures.words import DEFINITIONS, DIMENSIONS, TITLES
from certificates.services.places import Place
from certificates.standing.models import NamesSeen
from certificates.standing.services.names import Number, behind, looked, people
from tenants.cells import is_here
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response

PAGE = 200
SUMS = {"transferred": TRANSFERRED, "other_work": OTHER}
VIEW = "standing.view_figures"


def _asked(request: HttpRequest) -> Number:
    dimension, key, step = asked_number(request.GET)
    year = asked_year(request, [])
    whole_year = dimension == "report" and bool(request.GET.get("whole_year"))
    return Number(step, year, dimension, key, whole_year)


def _said(number: Number) -> dict[str, Any]:
    """The number in words."""
    title = TITLES.get(number.step, number.step)
    where = ""
    if number.dimension == "report":
        month, _space, township = number.key.partition(" ")
        named = titles_of("township", [township]).get(township, township)
        since = f"{month[:4]}-01 — " if number.whole_year else ""
        where = f"{since}{month} {named}"
    elif number.dimension != "total":
        named = titles_of(number.dimension, [number.key]).get(number.key, number.key)
        where = f"{DIMENSIONS[number.dimension]} {named}"
    return {"number": number, "title": title, "where": where} | {
        "definition": DEFINITIONS.get(number.step, "")
    }


@may(VIEW, NAMES)
def number_by_base(request: HttpRequest) -> HttpResponse:
    """A number of several bases, base by base."""
    scope = asked_scope(request)
    number = _asked(request)
    rows = under(list(scope.bases), number.year or 0, number.dimension)
    rows = rows.filter(_keys(number) if number.dimension == "report" else Q(key=number.key))
    found = [(scope.bases[row["tenant"]], _count(row, number.step)) for row in sums(rows, "tenant")]
    found = sorted((pair for pair in found if pair[1]), key=lambda pair: -pair[1])
    if wants_excel(request):
        lines = [[base.title, count] for base, count in found]
        header = [_("基地"), str(TITLES.get(number.step, number.step))]
        return workbook_response(f"figures-{number.step}", header, lines)
    context = _said(number) | {"found": found, "total": sum(count for _b, count in found)}
    return render(request, "figures/by_base.html", context)


def _keys(number: Number) -> Q:
    """The headings of a month, or of the year up to it; of one township, or of all."""
    month, _space, township = number.key.partition(" ")
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise Http404
    last = int(month[5:])
    months = [f"{month[:5]}{n:02}" for n in range(1 if number.whole_year else last, last + 1)]
    found = Q()
    for each in months:
        found |= Q(key=f"{each} {township}") if township else Q(key__startswith=f"{each} ")
    return found


def _count(row: dict[str, Any], step: str) -> int:
    """The column, or of those lost at a step the difference of two."""
    if step in COLUMNS:
        return int(row[step])
    if step in SUMS:
        return sum(int(row[name]) for name in SUMS[step])
    after = step.removeprefix("not_")
    return int(row[CHAIN[CHAIN.index(after) - 1]] - row[after])


@may(VIEW, NAMES)
def names(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of one base whom a number counts."""
    scope = asked_scope(request)
    base = asked_base(scope, slug)
    number = _asked(request)
    said = _said(number) | {"base": base}
    if not is_here(base):
        return render(request, "figures/elsewhere.html", said)
    excel = wants_excel(request)
    with tenant_context(base):
        rows = behind(number).order_by("class_code", "enrolment_id")
        pages = Paginator(rows, PAGE)
        page = pages.get_page(request.GET.get("page"))
        chosen = rows if excel else rows.filter(pk__in=[row.pk for row in page])
        lines = [_line(place) for place in people(chosen)]
    looked(actor(request), base.slug, number, len(lines), excel)
    if excel:
        return workbook_response(f"{base.slug}-{number.step}", _header(), lines)
    header = _header()
    context = said | {"header": header, "page": page, "count": pages.count}
    context["lines"] = [list(zip(header, line, strict=True)) for line in lines]
    return render(request, "figures/names.html", context)


def _header() -> list[str]:
    return [
        _("姓名"),
        _("证件后四位"),
        _("班次"),
        _("村"),
        _("证书编号"),
        _("去向"),
        _("依据"),
        _("起始日期"),
    ]


def _line(place: Place) -> list[Any]:
    trainee, outcome = place.enrolment.trainee, place.outcome
    training_class = place.enrolment.training_class
    return [
        trainee.name,
        trainee.id_last4,
        training_class.code,
        str(trainee.village or training_class.village),
        place.certificate.number if place.certificate else "",
        str(outcome.get_kind_display()) if outcome else "",
        str(outcome.get_evidence_display()) if outcome else "",
        str(outcome.started_on or "") if outcome else "",
    ]


@may(NAMES)
def looks(request: HttpRequest) -> HttpResponse:
    """Who has looked at whose names."""
    asked_scope(request)
    rows = NamesSeen.objects.select_related("by")
    if wants_excel(request):
        header = [_("时间"), _("人员"), _("基地"), _("统计数"), _("人数")]
        lines = [
            [f"{r.at:%Y-%m-%d %H:%M}", str(r.by), r.base, _told(r), r.names] for r in rows[:10_000]
        ]
        return workbook_response("names-seen", header, lines)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "found": [(row, _told(row)) for row in page]}
    return render(request, "figures/looks.html", context)


def _told(row: NamesSeen) -> str:
    parts = (
        row.year or "",
        DIMENSIONS.get(row.dimension, ""),
        row.key,
        TITLES.get(row.step, row.step),
    )
    return " ".join(str(part) for part in parts if part)
