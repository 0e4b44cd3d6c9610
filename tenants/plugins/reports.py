"""Reports: columns, rows and filters, shown on the screen, as Excel and on paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.plugins import faults
from tenants.plugins.points import Point, Policy
from tenants.plugins.registry import installed
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


@dataclass(frozen=True)
class Column:
    """A number stands at the right."""

    title: Any
    number: bool = False


@dataclass(frozen=True)
class Filter:
    """`choices` are (value, text); without choices a text is asked for."""

    name: str
    title: Any
    choices: Sequence[tuple[str, Any]] = ()


class Report:
    """A list of rows for whoever has `permission`. `definition` says what is counted, and how."""

    name = ""
    title: Any = ""
    definition: Any = ""
    permission = ""
    columns: Sequence[Column] = ()
    #: Who asks; set before `filters` and `rows`.
    user: Any = None

    @property
    def filters(self) -> Sequence[Filter]:
        return ()

    def rows(self, asked: Mapping[str, str]) -> Iterable[Sequence[Any]]:
        """The rows for the values that were asked of each filter (empty text: all)."""
        raise NotImplementedError


reports: Point[Any] = Point("reports", Policy.SKIP)


def _of(request: HttpRequest) -> list[tuple[str, Report]]:
    """(plugin, report) of those that this person may see."""
    found = ((c.plugin, c.fn()) for c in reports.on())
    return [(p, r) for p, r in found if not r.permission or request.user.has_perm(r.permission)]


@may()
def report_list(request: HttpRequest) -> HttpResponse:
    rows = [(plugin, installed()[plugin], report) for plugin, report in _of(request)]
    return render(request, "plugins/reports.html", {"rows": rows})


@may()
def report(request: HttpRequest, plugin: str, name: str) -> HttpResponse:
    """A report that fails shows its own error page; nothing else is touched."""
    known = {(p, r.name): r for p, r in ((c.plugin, c.fn()) for c in reports.on())}
    found = known.get((plugin, name))
    if found is None:
        raise Http404
    if found.permission and not actor(request).has_perm(found.permission):
        raise PermissionDenied
    found.user = actor(request)
    asked: dict[str, str] = {}
    rows: list[Sequence[Any]] = []
    shown: list[tuple[Filter, str]] = []
    with faults.kept(plugin, "reports") as outcome:
        shown = [(f, request.GET.get(f.name, "")[:60]) for f in found.filters]
        asked = {f.name: value for f, value in shown}
        rows = list(found.rows(asked))
        for row in rows:
            if not isinstance(row, list | tuple) or len(row) != len(found.columns):
                raise TypeError(f"a row is a list with one cell a column, not {row!r:.80}")
    if outcome.failed:
        context = {"plugin": installed()[plugin], "report": found}
        return render(request, "plugins/report_failed.html", context, status=500)
    if wants_excel(request):
        header = [str(column.title) for column in found.columns]
        return workbook_response(f"{plugin}-{name}", header, rows)
    page = Paginator(rows, 200).get_page(request.GET.get("page"))
    lines = [list(zip(row, found.columns, strict=True)) for row in page]
    context = {"report": found, "page": page, "lines": lines, "filters": shown, "count": len(rows)}
    return render(request, "plugins/report.html", context)
