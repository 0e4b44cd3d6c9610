"""Lines of a table with their links, ready for a page: only those that the page shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse

from certificates.figures.table import Line, Table
from certificates.figures.words import EVIDENCE, TITLES
from tenants.models import Tenant

LINES = 50  # of a table on a page; Excel has all of them


@dataclass(frozen=True)
class Cell:
    title: str
    count: int | None
    href: str = ""


@dataclass(frozen=True)
class ShownLine:
    line: Line
    href: str
    cells: list[Cell]
    mix: list[tuple[Any, int]]


@dataclass(frozen=True)
class ShownTable:
    """`page` is asked for by `param`, so that each table of a page turns by itself."""

    table: Table
    page: Page  # type: ignore[type-arg]
    param: str
    lines: list[ShownLine]


def shown(table: Table, year: int, base: Tenant | None, asked: str | None) -> ShownTable:
    """One page of the table. Counts open what is behind them for whoever sees every count."""
    page = Paginator(table.lines, LINES).get_page(asked)
    titles = {step: str(title) for step, title in TITLES.items()}
    lines = list(_lines(table, list(page), year, base, titles))
    return ShownTable(table, page, f"page-{table.dimension}", lines)


def _asked(dimension: str, key: str, year: int) -> dict[str, int | str]:
    """What a line is about; a month and a year among several are asked for by themselves."""
    if dimension == "months":
        return {"year": key[:4], "dimension": "month", "key": key}
    if dimension == "years":
        return {"year": key, "dimension": "total"}
    return {"year": year, "dimension": dimension, "key": key}


def _lines(
    table: Table, lines: list[Line], year: int, base: Tenant | None, titles: dict[str, str]
) -> Iterator[ShownLine]:
    everywhere = reverse("figures_by_base")
    here = reverse("figures_names", args=[base.slug]) if base else ""
    for line in lines:
        is_base = table.dimension == "base" and bool(line.key)
        asked = _asked(table.dimension, line.key, year)
        address = here or everywhere
        if is_base:
            address, asked = (
                reverse("figures_names", args=[line.key]),
                {"year": year, "dimension": "total"},
            )
        opens = line.exact and not line.merged
        cells = [
            Cell(
                titles[step],
                count,
                f"{address}?{urlencode(asked | {'step': step})}" if opens and count else "",
            )
            for step, count in line.cells
        ]
        href = f"{reverse('figures_base', args=[line.key])}?year={year}" if is_base else ""
        yield ShownLine(line, href, cells, [(EVIDENCE[name], n) for name, n in line.evidence])
