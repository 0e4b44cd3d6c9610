"""Many rows at once: who is ticked, the page that asks whether, and what became of each."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tenants.faults import as_said
from tenants.lists.asked import Asked
from tenants.lists.shape import Bulk, Outcome, Row
from tenants.models import as_read, in_language

MOST = 500  # rows at once
NAMED = 100  # of which this many stand by name on the page that asks
TOLD = 30  # rows whose fault is told one by one


def act(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    """The button `act` for the rows `one`, or with `all` for all that the filter finds.

    Only rows that this person's list holds are taken: somebody else's key does nothing.
    """
    chosen = next((b for b in asked.list.every_bulk if b.key == request.POST.get("act")), None)
    if chosen is None or not chosen.allowed(asked.user):
        raise PermissionDenied
    rows, strangers = _ticked(request, asked)
    if strangers:
        said = _("有 %(n)s 条已不在名单里，没有办理。") % {"n": strangers}
        messages.warning(request, said, extra_tags="warn")
    if not rows:
        messages.error(request, _("请先选中要办理的记录。"), extra_tags="bad")
        return redirect(asked.address())
    if len(rows) > MOST:
        said = _("一次最多办理 %(n)s 条，请先筛选。") % {"n": MOST}
        messages.error(request, said, extra_tags="bad")
        return redirect(asked.address())
    return _sure(request, asked, chosen, rows)


def _ticked(request: HttpRequest, asked: Asked) -> tuple[list[Row], int]:
    """The rows, and how many keys were none of this list."""
    if request.POST.get("all"):
        found = asked.rows
        return list(found[: MOST + 1]), 0
    keys = dict.fromkeys(request.POST.getlist("one")[: MOST + 1])
    everything = asked.everything
    if isinstance(everything, QuerySet):
        numbers = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]
        everything = everything.filter(pk__in=numbers)
    by_key = {str(asked.list.key(row)): row for row in everything}
    rows = [by_key[key] for key in keys if key in by_key]
    return rows, len(keys) - len(rows)


def _sure(request: HttpRequest, asked: Asked, chosen: Bulk, rows: list[Row]) -> HttpResponseBase:
    sure = request.POST.get("sure") == "1" or not chosen.asks
    form = chosen.form(request.POST if sure else None) if chosen.form else None
    if sure and (form is None or form.is_valid()):
        try:
            came = chosen.do(request, rows, form.cleaned_data if form else {})
        except ValidationError as error:
            _fault(request, error)
        else:
            if isinstance(came, HttpResponseBase):
                return came
            _tell(request, chosen, came)
            return redirect(came.to or asked.address())
    context = {
        "list": asked.list,
        "bulk": chosen,
        "form": form,
        "keys": [asked.list.key(row) for row in rows],
        "count": len(rows),
        "names": [asked.list.name_of(row) for row in rows[:NAMED]],
        "more": max(0, len(rows) - NAMED),
        "back": asked.address(),
    }
    return render(request, "lists/confirm.html", context)


def _fault(request: HttpRequest, error: ValidationError) -> None:
    for message in as_said(error):
        messages.error(request, message, extra_tags="bad")


def _tell(request: HttpRequest, chosen: Bulk, came: Outcome) -> None:
    if came.done:
        done = {"what": chosen.label, "n": came.done}
        text = _("%(what)s：已办理 %(n)s 条。") % done
        messages.success(request, text, extra_tags="ok")
    for name, why in came.left[:TOLD]:
        text = f"{name}{in_language('：', ': ')}{as_read(why)}"
        messages.warning(request, text, extra_tags="warn")
    rest = len(came.left) - TOLD
    if rest > 0:
        text = _("另有 %(n)s 条没有办理。") % {"n": rest}
        messages.warning(request, text, extra_tags="warn")


def one_by_one(rows: list[Row], name_of: Any, do: Any) -> Outcome:
    """Each row by itself: what is refused stays as it was, and says why."""
    came = Outcome()
    for row in rows:
        try:
            do(row)
        except ValidationError as error:
            came.left.append((name_of(row), error.messages[0]))
        else:
            came.done += 1
    return came
