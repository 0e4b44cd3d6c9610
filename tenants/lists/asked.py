"""What an address asks of a list: filters, search, order, columns, and the view that is open."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import F, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from django_filters import Filter, FilterSet
from django_filters.constants import EMPTY_VALUES

from tenants.lists.models import ListMemory, SavedView
from tenants.lists.services import memory_of, views_of
from tenants.lists.shape import Column, DeskList, Row, Rows
from tenants.models import in_language
from tenants.staff.access import actor

#: What an address says besides its filters and the search.
OWN = ("sort", "columns", "view", "page", "format")
MOST_WORDS = 60


class Filters(FilterSet):
    """django-filter's, for a list in memory too: there each filter has a `method`."""

    def __init__(self, data: QueryDict, rows: Rows, request: HttpRequest) -> None:
        queryset = rows if isinstance(rows, QuerySet) else SimpleNamespace(model=None)
        super().__init__(data, queryset, request=request)
        # What was asked and is empty is still asked: an unbound form would check nothing.
        self.is_bound, self.data = True, data

    def narrowed(self, rows: Rows) -> Rows:
        """Nothing where a filter is not understood, which the form says beside it: whoever then takes
        "all that were found" must not get everybody.
        """
        if self.errors:
            return rows.none() if isinstance(rows, QuerySet) else []
        for name, value in self.form.cleaned_data.items():
            if value not in EMPTY_VALUES and value is not False:
                rows = self.filters[name].filter(rows, value)
        return rows


def filters_of(named: Mapping[str, Filter]) -> type[Filters]:
    return type("ListFilters", (Filters,), dict(named))


class Asked:
    def __init__(self, request: HttpRequest, desk_list: DeskList, rows: Rows) -> None:
        self.request, self.list, self.everything = request, desk_list, rows
        self.user = actor(request)
        self.data = request.GET.copy()
        for name, value in desk_list.first.items():
            if name not in self.data:
                self.data[name] = value
        self.text = self.data.get("q", "").strip()[:MOST_WORDS]
        self.filters = filters_of(desk_list.filters)(self.data, rows, request)

    @cached_property
    def rows(self) -> Rows:
        """All that was asked for, in its order."""
        rows = self.filters.narrowed(self.everything)
        if self.text and self.list.search:
            rows = self.list.searched(rows, self.text)
        return self._ordered(rows)

    def _ordered(self, rows: Rows) -> Rows:
        column, down = self.sort
        if not isinstance(rows, QuerySet):
            return _in_order(rows, column, down) if column else rows
        if column is None:
            return rows.order_by(*self.list.order) if self.list.order else rows
        order = [
            F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True)
            for name in column.fields
        ]
        return rows.order_by(*order, "pk")

    @cached_property
    def sort(self) -> tuple[Column | None, bool]:
        """The column by which it is sorted, and whether downwards."""
        said = self.data.get("sort", "")
        found = self.list.column(said.removeprefix("-"))
        if found is None or not found.sort or found not in self.possible:
            return None, False
        return found, said.startswith("-")

    @cached_property
    def possible(self) -> list[Column]:
        return self.list.columns_for(self.user)

    @cached_property
    def columns(self) -> list[Column]:
        """Those that the address names; else of the view, else as this person has chosen once."""
        said = self.data.get("columns", "")
        wanted = said.split(",") if said else (self.view.columns if self.view else [])
        chosen = self._named(wanted) or self._named(self.memory.columns)
        return chosen or [column for column in self.possible if column.shown]

    def _named(self, keys: list[str]) -> list[Column]:
        return [column for column in self.possible if column.key in keys]

    @cached_property
    def memory(self) -> ListMemory:
        return memory_of(self.user, self.list.name)

    @cached_property
    def views(self) -> list[SavedView]:
        return list(views_of(self.user, self.list.name))

    @cached_property
    def view(self) -> SavedView | None:
        said = self.data.get("view", "")
        return next((view for view in self.views if str(view.pk) == said), None)

    @property
    def is_lost(self) -> bool:
        """Whether a view is named that is not there, or not for this person."""
        return self.data.get("view", "0") != "0" and self.view is None

    @cached_property
    def query(self) -> str:
        """What makes this view of the list, as a saved one keeps it: no page, no file, no view."""
        kept = [(k, v) for k, vs in self.request.GET.lists() for v in vs]
        return urlencode(
            [(k, v) for k, v in kept if k not in ("page", "format", "view", "columns")]
        )

    @property
    def is_changed(self) -> bool:
        """Whether what is shown differs from the view that is open."""
        if self.view is None:
            return False
        same = sorted(_said(self.view.query)) == sorted(_said(self.query))
        return not same or bool(self.data.get("columns"))

    @property
    def is_narrow(self) -> bool:
        """Whether more is filtered than the list does by itself."""
        said = self.filters.form.cleaned_data.items()
        return bool(self.text or self.filters.errors) or any(
            value not in EMPTY_VALUES and value is not False and self.list.first.get(name) != value
            for name, value in said
        )

    def chips(self) -> Iterator[tuple[str, str]]:
        """(what is filtered, the address without it)."""
        if self.text and self.list.search:
            yield _named(str(self.list.search_label), self.text), self._without("q")
        for name, value in self.filters.form.cleaned_data.items():
            if value not in EMPTY_VALUES and value is not False:
                bound = self.filters.form[name]
                yield _word(str(bound.label), bound.field, value), self._without(name)

    def _without(self, name: str) -> str:
        data = self.data.copy()
        for key in ("page", "format"):
            data.pop(key, None)
        if name in self.list.first:
            data[name] = ""
        else:
            data.pop(name, None)
        return "?" + data.urlencode() if data else "?view=0"

    def address(self, **changes: str) -> str:
        data = self.request.GET.copy()
        for key, value in changes.items():
            data.pop(key, None)
            if value:
                data[key] = value
        data.pop("page", None)
        data.pop("format", None)
        return f"{self.request.path}?{data.urlencode()}" if data else self.request.path


def _said(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query)


def _word(label: str, field: Any, value: Any) -> str:
    if value is True:
        return label
    choices = getattr(field, "choices", ())
    for code, title in choices:
        if str(code) == str(value):
            return _named(label, str(title))
    return _named(label, str(value))


def _named(label: str, value: str) -> str:
    return f"{label}{in_language('：', ': ')}{value}"


def _in_order(rows: list[Row], column: Column, down: bool) -> list[Row]:
    """Rows without a value stand last, whichever way."""
    having = [row for row in rows if column.value(row) not in (None, "")]
    lacking = [row for row in rows if column.value(row) in (None, "")]
    return sorted(having, key=column.value, reverse=down) + lacking
