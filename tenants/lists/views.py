"""One page for every list of the desk, and what is sent to it: columns, views, many rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.faults import as_said
from tenants.lists import bulk, services
from tenants.lists.asked import Asked
from tenants.lists.shape import Column, DeskList, Row, Rows, local, shown
from tenants.tables import wants_excel, workbook_response

MOST_PRINTED = 2000  # rows on paper; the workbook has all of them


def show(
    request: HttpRequest,
    desk_list: DeskList,
    rows: Rows,
    template: str = "lists/list.html",
    **context: Any,
) -> HttpResponseBase:
    """The answer for a list: page, paper, workbook, or what a form of it asked for.

    `rows` are all that this person may see, a queryset or a list; the guard of the view has asked for
    the permission. `context` is for what `template` adds around the table. A form of that template is
    the view's own: only what has `do` is the list's.
    """
    asked = Asked(request, desk_list, rows)
    if request.method == "POST" and "do" in request.POST:
        return _received(request, asked)
    if not request.GET and (view := asked.memory.opens_with) and view in asked.views:
        return redirect(_opened(request, view))
    if asked.is_lost:
        said = _("没有这个视图，或者它的主人没有共享。")
        messages.error(request, said, extra_tags="bad")
        return redirect(asked.address(view="0"))
    if wants_excel(request):
        return _workbook(asked)
    return render(request, template, {**_page(request, asked), **context})


def _opened(request: HttpRequest, view: Any) -> str:
    return f"{request.path}?{view.query}&view={view.pk}".replace("?&", "?")


def _workbook(asked: Asked) -> HttpResponse:
    header = [str(column.label) for column in asked.columns]
    lines = ([local(column.value(row)) for column in asked.columns] for row in asked.rows)
    return workbook_response(f"{asked.list.name}-{timezone.localdate()}", header, lines)


def _page(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    printed = request.GET.get("format") == "print"
    size = MOST_PRINTED if printed else asked.list.size
    page = Paginator(asked.rows, size).get_page(request.GET.get("page"))
    by, down = asked.sort
    acts = [] if printed else asked.list.bulk_for(asked.user)
    chosen = {column.key for column in asked.columns}
    return {
        "list": asked.list,
        "asked": asked,
        "page": page,
        "printed": printed,
        "rows": [_line(asked, row) for row in page],
        "heads": [_head(asked, column, by, down) for column in asked.columns],
        "choices": [(column, column.key in chosen) for column in asked.possible],
        "chips": list(asked.chips()),
        "bulk": acts,
        "ticks": "bulk" if acts else "",  # the form that gets the rows that are ticked
        "views": [(view, _opened(request, view)) for view in asked.views],
        "today": timezone.localdate(),
    }


def _head(asked: Asked, column: Column, by: Column | None, down: bool) -> dict[str, Any]:
    """A heading, with what a click on it sorts by."""
    current = by is column
    turned = f"-{column.key}" if current and not down else column.key
    return {
        "column": column,
        "to": asked.address(sort=turned) if column.sort else "",
        "order": ("descending" if down else "ascending") if current else "",
    }


def _line(asked: Asked, row: Row) -> dict[str, Any]:
    link = asked.list.link(row) if asked.list.link else ""
    shown_keys = [column.key for column in asked.columns]
    opens = asked.list.opens if asked.list.opens in shown_keys else shown_keys[0]
    return {
        "row": row,
        "key": asked.list.key(row),
        "name": asked.list.name_of(row),
        "ticked": asked.list.ticked(row),
        "cells": [
            _cell(column, row, link if column.key == opens else "") for column in asked.columns
        ],
    }


def _cell(column: Column, row: Row, opens: str) -> dict[str, Any]:
    value = column.value(row)
    return {
        "column": column,
        "text": shown(value),
        "is_day": isinstance(value, date),
        "opens": opens,
        "link": column.link(row) if column.link else "",
        "badge": column.badge(row) if column.badge else None,
    }


def _received(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    do = request.POST.get("do", "")
    if do == "act":
        return bulk.act(request, asked)
    work = WORK.get(do)
    if work is None:
        raise PermissionDenied
    try:
        return redirect(work(request, asked))
    except ValidationError as error:
        messages.error(request, as_said(error)[0], extra_tags="bad")
    return redirect(asked.address())


def _columns(request: HttpRequest, asked: Asked) -> str:
    """Remembered for whoever chose; an open view shows them, and keeps them once it is saved."""
    known = {column.key for column in asked.possible}
    keys = [key for key in request.POST.getlist("column") if key in known]
    if "usual" in request.POST:
        keys = []
    elif not keys:
        raise ValidationError("请至少留一列 / leave one column at least")
    if asked.view is None:
        services.remember_columns(asked.user, asked.list.name, keys)
        return asked.address(columns="")
    return asked.address(columns=",".join(keys))


def _save(request: HttpRequest, asked: Asked) -> str:
    columns = [column.key for column in asked.columns]
    view = services.save_view(
        asked.user,
        asked.list.name,
        request.POST.get("name", ""),
        asked.query,
        columns,
        bool(request.POST.get("shared")),
    )
    if request.POST.get("first"):
        services.opens_with(asked.user, asked.list.name, view)
    messages.success(request, _("视图“%(name)s”已保存。") % {"name": view.name}, extra_tags="ok")
    return _opened(request, view)


def _rename(request: HttpRequest, asked: Asked) -> str:
    view = services.own_view(asked.user, asked.list.name, request.POST.get("view", ""))
    services.rename_view(view, request.POST.get("name", ""), bool(request.POST.get("shared")))
    messages.success(request, _("视图“%(name)s”已保存。") % {"name": view.name}, extra_tags="ok")
    return asked.address()


def _delete(request: HttpRequest, asked: Asked) -> str:
    view = services.own_view(asked.user, asked.list.name, request.POST.get("view", ""))
    view.delete()
    messages.success(request, _("视图“%(name)s”已删除。") % {"name": view.name}, extra_tags="ok")
    return asked.address(view="", columns="") if asked.query else f"{request.path}?view=0"


def _first(request: HttpRequest, asked: Asked) -> str:
    """The open view, or none, is what this person's list opens with."""
    services.opens_with(asked.user, asked.list.name, asked.view)
    text = _("以后打开这个列表，先显示“%(name)s”。")
    name = asked.view.name if asked.view else _("全部")
    messages.success(request, text % {"name": name}, extra_tags="ok")
    return asked.address()


WORK: dict[str, Callable[[HttpRequest, Asked], str]] = {
    "columns": _columns,
    "save": _save,
    "rename": _rename,
    "delete": _delete,
    "first": _first,
}
