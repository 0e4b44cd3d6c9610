"""How it goes on from year to year: the last two years month by month, and whole years beside each other.

Each year stands here just as its own page shows it: the same counts are hidden, the same months put
together. So years beside each other tell nothing that their pages do not tell.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from certificates.figures import charts
from certificates.figures.models import Figure
from certificates.figures.rules.counts import STEPS
from certificates.figures.services import sums
from certificates.figures.table import SHOWN, Line, Table, lines_of, total_line
from certificates.figures.words import DIMENSIONS, TITLES

MONTHS, YEARS = 24, 5
DRAWN = ("enrolled", "certified", "employed")
Counts = Mapping[str, Any]


def trend_of(tenants: Collection[int], year: int, exact: bool, today: date) -> list[Table]:
    """The tables `months` and `years`, until the end of that year or this month; without those that have
    nothing to compare.
    """
    window = months_until(year, today)
    rows = Figure.objects.filter(
        Q(dimension="total", year__gt=year - YEARS)
        | Q(dimension="month", year__gte=int(window[0][:4])),
        tenant__in=tenants,
        year__lte=year,
    )
    totals: dict[int, Counts] = {}
    months: dict[int, list[Counts]] = defaultdict(list)
    for row in sums(rows, "year", "dimension", "key", columns=SHOWN):
        if row["dimension"] == "month":
            months[row["year"]].append(row)
        elif row["enrolled"]:
            totals[row["year"]] = row
    found = {
        "months": _months(window, totals, months, exact),
        "years": [_year(each, totals[each], exact, today) for each in sorted(totals)],
    }
    return [Table(d, str(DIMENSIONS[d]), lines) for d, lines in found.items() if len(lines) > 1]


def months_until(year: int, today: date) -> list[str]:
    """The last ones of that year, of this year up to this month: `2026-03`, the oldest first."""
    last = 12 * year + (today.month if year == today.year else 12) - 1
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(last - MONTHS + 1, last + 1)]


def _months(
    window: list[str],
    totals: Mapping[int, Counts],
    months: Mapping[int, list[Counts]],
    exact: bool,
) -> list[Line]:
    """A line a month since the first that has something to show, then what a year has put together."""
    lines: dict[str, Line] = {}
    together = []
    for year, total in sorted(totals.items()):
        rows = [(row["key"], row["key"], row) for row in months[year]]
        for line in lines_of(rows, total, exact):
            if line.key:
                lines[line.key] = line
            else:
                together.append(replace(line, title=f"{year} {line.title}"))
    shown = [month for month in window if month in lines]
    since = window.index(shown[0]) if shown else len(window)
    nobody: dict[str, int | None] = dict.fromkeys(STEPS, 0 if exact else None)
    found = [lines.get(month, Line(month, month, nobody, exact)) for month in window[since:]]
    return [*found, *together] if len(shown) > 1 else []


def _year(year: int, total: Counts, exact: bool, today: date) -> Line:
    title = _("%(year)s（至今）") % {"year": year} if year == today.year else str(year)
    return replace(total_line(total, exact), key=str(year), title=title)


def charts_of(tables: Collection[Table]) -> list[tuple[Table, Any]]:
    """Each table with its picture."""
    return [(table, _chart(table)) for table in tables]


def _chart(table: Table) -> Any:
    lines = [line for line in table.lines if line.key]
    series = [(str(TITLES[step]), [line.counts[step] for line in lines]) for step in DRAWN]
    return charts.columns(f"trend-{table.dimension}", table.title, [e.key for e in lines], series)
