"""Who may see a page of the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from tenants.staff.models import User

View = Callable[..., HttpResponse]


def may(*permissions: str) -> Callable[[View], View]:
    """Ask for a sign-in, then for every one of `permissions` (403 without)."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def actor(request: HttpRequest) -> User:
    """The signed-in person, for a view behind `may`."""
    assert isinstance(request.user, User)
    return request.user
