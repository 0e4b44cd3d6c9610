"""Who at the centre may do what with which bases."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from tenants.current import current_tenant, is_type
from tenants.designations.models import TrainingBase
from tenants.staff.models import User

View = Callable[..., HttpResponse]
PERMISSION = "designations.{}".format


def bases_of(user: User) -> QuerySet[TrainingBase]:
    """The bases that this person sees: a township officer, those of the divisions in charge."""
    found = TrainingBase.objects.filter(centre_id=current_tenant().pk)
    return found.filter(division__code__startswith=user.division_prefix)


def at_centre(*permissions: str) -> Callable[[View], View]:
    """404 at a base, then every permission of the app `designations`; the base must be in sight.

    A view with `pk` gets the `TrainingBase` instead of it.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            if not is_type("centre"):
                raise Http404
            if not request.user.has_perms([PERMISSION(name) for name in permissions]):
                raise PermissionDenied
            assert isinstance(request.user, User)
            base = get_object_or_404(
                bases_of(request.user).select_related("division", "tenant"), pk=pk
            )
            return view(request, base, **kwargs)

        return guarded

    return guard
