"""One page for every step that is a form: title, form, what follows."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from trainbase_letters.forms import put_faults
from trainbase_letters.models import Unit


def crumbs(unit: Unit | None, year: int, title: str = "") -> list[dict[str, str]]:
    """Wagtail's line of links: the board, the unit, and what is done."""
    found = [{"url": f"{reverse('letters:board')}?year={year}", "label": _("责任状")}]
    if unit is not None:
        found.append({"url": unit_url(unit, year), "label": unit.name})
    return [*found, {"url": "", "label": title}] if title else found


def unit_url(unit: Unit, year: int) -> str:
    return f"{reverse('letters:unit', args=[unit.pk])}?year={year}"


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """Data and files for a form: an empty POST is an answer too, and gets its faults."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def step(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    unit: Unit,
    year: int,
    title: str,
    note: str = "",
) -> HttpResponse:
    """Show the form, or do `act` with what was typed; its faults go to their fields."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已记入：%(what)s") % {"what": title})
            return redirect(unit_url(unit, year))
    context = {"form": form, "title": title, "unit": unit, "note": note, "year": year}
    context["crumbs"] = crumbs(unit, year, title)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "letters/step.html", context, status=status)
