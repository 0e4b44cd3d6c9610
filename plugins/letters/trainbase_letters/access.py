"""Which units a person sees: a township officer those of the divisions in charge, and below."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from lms.plugin import User, actor, may
from trainbase_letters import rules
from trainbase_letters.models import Letter, Unit
from trainbase_letters.services.standing import nodes, year_now

View = Callable[..., HttpResponseBase]
VIEW, RECORD, DECIDE = (f"letters.{name}_letter" for name in ("view", "record", "decide"))


def sight_of(user: User) -> set[int]:
    return rules.in_sight(nodes(), user.division_prefix)


def of_unit(permission: str) -> Callable[[View], View]:
    """A view of a unit, behind `permission`; 404 for a unit out of sight."""

    def guard(view: View) -> View:
        @may(permission)
        @wraps(view)
        def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
            unit = Unit.objects.select_related("division", "parent").filter(pk=pk).first()
            if unit is None or pk not in sight_of(actor(request)):
                raise Http404
            return view(request, unit, **kwargs)

        return guarded

    return guard


def of_letter(permission: str) -> Callable[[View], View]:
    """A view of a letter, behind `permission`; 404 for one of a unit out of sight."""

    def guard(view: View) -> View:
        @may(permission)
        @wraps(view)
        def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
            found = Letter.objects.select_related("unit__division", "unit__parent")
            letter = found.filter(pk=pk).first()
            if letter is None or letter.unit_id not in sight_of(actor(request)):
                raise Http404
            return view(request, letter, **kwargs)

        return guarded

    return guard


def year_of(request: HttpRequest) -> int:
    """The year that is asked for: this one, where none or nonsense is."""
    asked = request.GET.get("year", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4):
        return year_now()
    return min(max(int(asked), rules.FIRST_YEAR), year_now() + 1)
