"""The centre's funnel: of all bases in sight, and of one base. It reads rows of what is shown."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.figures import charts
from certificates.figures.models import Figure
from certificates.figures.rules.counts import PROVED, STEPS, Rate, reason_of
from certificates.figures.rules.hiding import SMALL
from certificates.figures.scope import Scope, titles_of
from certificates.figures.services import sums, under
from certificates.figures.shown import shown
from certificates.figures.table import (
    SHOWN,
    Line,
    Row,
    Table,
    add_up,
    lines_of,
    rates,
    total_line,
)
from certificates.figures.trend import charts_of, trend_of
from certificates.figures.views.guard import asked_base, asked_scope, asked_year
from certificates.figures.words import DEFINITIONS, DIMENSIONS, EVIDENCE, RATES, TITLES
from tenants.models import Tenant
from tenants.staff.access import may
from tenants.tables import wants_excel, workbook_response

#: Tables of all bases, in the order of the page; those of one base, for whoever sees every count.
WHOLE = ("trade", "township", "month", "programme", "place")
OF_BASE = ("class", *WHOLE)
FEWEST = 10  # certified, of a base that is compared with the others
BEST = 3


def _years(tenants: list[int]) -> list[int]:
    rows = Figure.objects.filter(tenant__in=tenants, dimension="total")
    return sorted(rows.order_by().values_list("year", flat=True).distinct(), reverse=True)


def _rows(found: list[dict[str, Any]], scope: Scope) -> dict[str, list[Row]]:
    """By dimension, with titles; of a township officer's townships the others are one row."""
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        by[row["dimension"]].append(row)
    tables: dict[str, list[Row]] = {}
    for dimension, rows in by.items():
        if dimension == "township" and scope.prefix:
            rows = _others(rows, scope.prefix)
        titles = titles_of(dimension, [row["key"] for row in rows])
        tables[dimension] = [
            (row["key"], row.get("title") or titles.get(row["key"], row["key"]), row)
            for row in rows
        ]
    return tables


def _others(rows: list[dict[str, Any]], prefix: str) -> list[dict[str, Any]]:
    mine = [row for row in rows if row["key"].startswith(prefix[:9])]
    rest = [row for row in rows if not row["key"].startswith(prefix[:9])]
    return [*mine, add_up(rest, SHOWN) | {"key": "", "title": _("其他乡镇")}] if rest else mine


def _table(dimension: str, rows: list[Row], total: Mapping[str, int], exact: bool) -> Table:
    lines = lines_of(rows, total, exact)
    if dimension == "month":
        lines.sort(key=lambda line: (line.key == "", line.key))
    else:
        lines.sort(key=lambda line: (line.key == "", -(line.counts["enrolled"] or 0), line.title))
    return Table(dimension, str(DIMENSIONS[dimension]), lines)


@may("standing.view_figures")
def dashboard(request: HttpRequest) -> HttpResponse:
    """All bases in sight, by what their classes of one year have come to."""
    scope = asked_scope(request)
    ids = list(scope.bases)
    years = _years(ids)
    year = asked_year(request, years)
    of_bases = sums(under(ids, year, "total"), "tenant")
    total = add_up(of_bases)
    bases: list[Row] = [
        (scope.bases[row["tenant"]].slug, scope.bases[row["tenant"]].title, row) for row in of_bases
    ]
    tables = [_table("base", bases, total, scope.exact)]
    found = sums(under(ids, year, *WHOLE), "dimension", "key", columns=SHOWN)
    rest = _rows(found, scope)
    for dimension in WHOLE:
        if dimension != "place":
            tables.append(_table(dimension, rest.get(dimension, []), total, scope.exact))
        elif scope.exact:  # only of the employed: its rows do not add up to the page's total
            rows = rest.get(dimension, [])
            tables.append(_table(dimension, rows, total, True))
    trend = trend_of(ids, year, scope.exact, timezone.localdate())
    if wants_excel(request):
        return _excel(request, [*tables, *trend], year)
    context = _context(request, scope, year, years, total, tables, trend)
    return render(request, "figures/dashboard.html", context)


@may("standing.view_figures")
def base_figures(request: HttpRequest, slug: str) -> HttpResponse:
    """One base. Whoever may not see every count sees its classes alone: other tables of one base,
    beside those of all, would give hidden counts away by subtraction.
    """
    scope = asked_scope(request)
    base = asked_base(scope, slug)
    years = _years([base.pk])
    year = asked_year(request, years)
    everywhere = sums(under(list(scope.bases), year, "total"), "tenant")
    total = add_up([row for row in everywhere if row["tenant"] == base.pk])
    line = _line_of(scope, base.slug, everywhere) if not scope.exact else None
    dimensions = OF_BASE if scope.exact else ("class",)
    found = _rows(
        sums(under([base.pk], year, *dimensions), "dimension", "key", columns=SHOWN), scope
    )
    tables = [_table(d, found.get(d, []), total, scope.exact) for d in dimensions]
    if not scope.exact and (line is None or None in line.counts.values()):
        tables = []
    trend = trend_of([base.pk], year, True, timezone.localdate()) if scope.exact else []
    if wants_excel(request):
        return _excel(request, [*tables, *trend], year, base.slug)
    context = _context(request, scope, year, years, total, tables, trend, base)
    if not scope.exact:
        hidden = Line("", _("合计"), dict.fromkeys(STEPS), False)
        context |= _of_total(line or hidden)
    return render(request, "figures/dashboard.html", context)


def _line_of(scope: Scope, slug: str, everywhere: list[dict[str, Any]]) -> Line | None:
    """What the page of all bases shows of this one: no more is shown here."""
    rows: list[Row] = [(scope.bases[r["tenant"]].slug, "", r) for r in everywhere]
    lines = lines_of(rows, add_up(everywhere), False)
    if len([row for row in rows if row[2]["enrolled"]]) == 1:
        return total_line(add_up(everywhere), False)
    return next((line for line in lines if line.key == slug), None)


def _context(
    request: HttpRequest,
    scope: Scope,
    year: int,
    years: list[int],
    total: Mapping[str, int],
    tables: list[Table],
    trend: list[Table],
    base: Tenant | None = None,
) -> dict[str, Any]:
    line = total_line(total, scope.exact)
    return {
        "scope": scope,
        "year": year,
        "years": years,
        "tables": tables,
        "shown": [
            shown(table, year, base, request.GET.get(f"page-{table.dimension}"))
            for table in [*tables, *trend]
            if table.lines
        ],
        "base": base,
        "query": f"year={year}&",
        "steps": [(step, TITLES[step]) for step in STEPS],
        "definitions": [(TITLES[step], DEFINITIONS[step]) for step in STEPS],
        "small": SMALL,
        "trend": charts_of(trend),
        "townships": _townships(tables),
        **_of_total(line),
        **_best_and_worst(tables, total),
    }


def _of_total(line: Line) -> dict[str, Any]:
    shown = [(str(TITLES[step]), line.counts[step]) for step in STEPS]
    rows = [
        (step, TITLES[step], DEFINITIONS[step], line.counts[step], _loss(line, step))
        for step in STEPS
    ]
    return {
        "total": line,
        "funnel": rows,
        "funnel_chart": charts.bars("funnel", _("从报名到就业"), shown),
        "rates": [(RATES[rate.name], rate, _mix(rate)) for rate in rates(line)],
        "mix": [(EVIDENCE[name], number) for name, number in line.evidence],
    }


def _mix(rate: Rate) -> list[tuple[Any, int]]:
    return [(EVIDENCE[n.partition("_")[2]], count) for n, count in rate.evidence if count]


def _loss(line: Line, step: str) -> tuple[int | None, float | None] | None:
    return next(((lost, share) for s, lost, share in line.losses if s == step), None)


def _townships(tables: list[Table]) -> Any:
    lines = next((t.lines for t in tables if t.dimension == "township"), [])
    items = [(line.title, line.counts["employed"]) for line in lines[:15]]
    return charts.bars("townships", _("各乡镇已就业人次"), items) if len(items) > 1 else None


def _best_and_worst(tables: list[Table], total: Mapping[str, int]) -> dict[str, Any]:
    """Bases by the share of the certified who are at work, and the step that explains it the most.
    Only those whose counts are shown, with enough people to compare.
    """
    lines = [
        line
        for table in tables
        if table.dimension == "base"
        for line in table.lines
        if line.key and None not in line.counts.values()
        and (line.counts["certified"] or 0) >= FEWEST
    ]  # fmt: skip
    if len(lines) < 2 or not (
        lines[0].exact or None not in total_line(total, False).counts.values()
    ):
        return {"best": [], "worst": []}
    ordered = sorted(lines, key=_share, reverse=True)
    half = min(BEST, len(ordered) // 2)

    def told(line: Line, worst: bool) -> tuple[Line, Any, Any]:
        counts = {name: number or 0 for name, number in line.counts.items()}
        reason = reason_of(counts, total, worst)
        return line, reason, TITLES[reason.step] if reason else ""

    return {
        "best": [told(line, False) for line in ordered[:half]],
        "worst": [told(line, True) for line in reversed(ordered[-half:])],
    }


def _share(line: Line) -> float:
    return line.rate.over / line.rate.of if line.rate and line.rate.of else 0.0


def _excel(request: HttpRequest, tables: list[Table], year: int, name: str = "") -> HttpResponse:
    wanted = request.GET.get("table", "")
    table = next((table for table in tables if table.dimension == wanted), None)
    if table is None:
        raise Http404
    header = [table.title, *(str(TITLES[step]) for step in STEPS), _("就业率（%）")]
    exact = all(line.exact for line in table.lines)
    if exact:
        header += [f"{TITLES['employed']}：{EVIDENCE[c[9:]]}" for c in PROVED]
    lines = [
        [
            line.title,
            *(_("不显示") if number is None else number for _step, number in line.cells),
            line.rate.percent if line.rate else None,
            *((line.counts.get(c) or 0 for c in PROVED) if exact else ()),
        ]
        for line in table.lines
    ]
    return workbook_response(
        "-".join(filter(None, ["figures", name, wanted, str(year)])), header, lines
    )
