"""What every page of figures asks before it shows anything."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest
from django.utils import timezone

from certificates.figures.rules.counts import COHORT, COLUMNS
from certificates.figures.scope import Scope, scope_of
from certificates.figures.words import TITLES
from tenants.current import is_type
from tenants.models import Tenant
from tenants.staff.access import actor

YEARS = range(2000, 2100)


def asked_scope(request: HttpRequest) -> Scope:
    """404 at a base: figures of many bases are the centre's."""
    if not is_type("centre"):
        raise Http404
    return scope_of(actor(request))


def asked_year(request: HttpRequest, known: list[int]) -> int:
    """The year that was asked for, else the newest that has figures: one to come only when no other has."""
    text = request.GET.get("year", "")
    if not text:
        today = timezone.localdate().year
        return max((year for year in known if year <= today), default=min(known, default=today))
    if not (text.isascii() and text.isdigit() and int(text) in YEARS):
        raise Http404
    return int(text)


def asked_base(scope: Scope, slug: str) -> Tenant:
    base = scope.base(slug)
    if base is None:
        raise Http404
    return base


def asked_number(given: Mapping[str, str]) -> tuple[str, str, str]:
    """Dimension, key and column of a number. 404 for what no number has."""
    dimension, key, step = (given.get(name, "") for name in ("dimension", "key", "step"))
    if dimension not in (*COHORT, "report") or step not in {*COLUMNS, *TITLES} or "\0" in key:
        raise Http404
    return dimension, key[:100], step
