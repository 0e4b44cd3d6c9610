"""How a list of the desk is declared: its columns, filters, search, and what is done with many rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import Filter

from tenants.staff.models import User

#: A queryset, or a list that a service has made.
Rows = Any
Row = Any
SEARCH, EMPTY = _("查找"), _("没有记录。")


@dataclass(frozen=True)
class Column:
    """`value` is what stands in Excel: a text, a number, a day, a moment, or nothing.

    `sort` names fields of a queryset; True sorts a list in memory by the value. `badge` gives the
    colour of a badge around the value. `cell` is a template that draws more than the value from `row`.
    """

    key: str
    label: Any
    value: Callable[[Row], Any]
    sort: str | tuple[str, ...] | bool = False
    shown: bool = True
    number: bool = False
    link: Callable[[Row], str] | None = None
    badge: Callable[[Row], str] | None = None
    cell: str = ""
    may: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        if isinstance(self.sort, bool):
            return ()
        return (self.sort,) if isinstance(self.sort, str) else self.sort


@dataclass
class Outcome:
    """What became of many rows: how many were done, and of each that was not, its name and why."""

    done: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)
    to: str = ""  # the address that follows; the list itself without one


@dataclass(frozen=True)
class Bulk:
    """One thing to do with the rows that are ticked.

    `do(request, rows, said)` calls services and tells what became of each row; `said` are the cleaned
    words of `form`. With `asks` off nothing is changed (a file, another page's form), and no page asks
    first.
    """

    key: str
    label: Any
    do: Callable[[HttpRequest, list[Row], dict[str, Any]], Outcome | HttpResponse]
    may: str = ""
    form: Callable[..., forms.Form] | None = None
    warns: Any = ""
    asks: bool = True

    def allowed(self, user: User) -> bool:
        return not self.may or user.has_perm(self.may)


@dataclass(frozen=True)
class DeskList:
    """`link` is where a row leads, from its column `opens` (the first one that is shown without). `first` is what is filtered while nothing was asked. `search` names the fields that a search
    looks into, or is a function of (rows, text). `name_of` names a row where many are confirmed, `ticked`
    says whether it may be ticked.
    """

    name: str
    title: Any
    columns: Sequence[Column]
    link: Callable[[Row], str] | None = None
    opens: str = ""
    filters: Mapping[str, Filter] = field(default_factory=dict)
    first: Mapping[str, str] = field(default_factory=dict)
    search: tuple[str, ...] | Callable[[Rows, str], Rows] = ()
    search_label: Any = SEARCH
    order: tuple[str, ...] = ()
    key: Callable[[Row], Any] = lambda row: row.pk
    name_of: Callable[[Row], str] = str
    bulk: Sequence[Bulk] = ()
    ticked: Callable[[Row], bool] = lambda row: True
    empty: Any = EMPTY
    history: str = ""
    size: int = 50

    @property
    def is_searched(self) -> bool:
        """For templates, which would call a `search` that is a function."""
        return bool(self.search)

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    def columns_for(self, user: User) -> list[Column]:
        return [c for c in self.columns if not c.may or user.has_perm(c.may)]

    @property
    def every_bulk(self) -> list[Bulk]:
        return [*self.bulk, *_added.get(self.name, ())]

    def bulk_for(self, user: User) -> list[Bulk]:
        return [each for each in self.every_bulk if each.allowed(user)]

    def searched(self, rows: Rows, text: str) -> Rows:
        if callable(self.search):
            return self.search(rows, text)
        wanted = Q()
        for name in self.search:
            wanted |= Q(**{f"{name}__icontains": text})
        assert isinstance(rows, QuerySet)
        return rows.filter(wanted)


#: What apps further up do with the rows of a list, by its name.
_added: dict[str, list[Bulk]] = {}


def add_bulk(name: str, bulk: Bulk) -> None:
    """For an app that knows more to do with the rows of a list than the list's own."""
    _added.setdefault(name, []).append(bulk)


def local(value: Any) -> Any:
    """A moment as the clock on the wall says it, which is what Excel holds."""
    if isinstance(value, datetime):
        here = timezone.localtime(value) if timezone.is_aware(value) else value
        return here.replace(tzinfo=None, microsecond=0)
    return value


def shown(value: Any) -> str:
    """A value on a page."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value)
