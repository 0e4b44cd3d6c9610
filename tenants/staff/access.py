"""Who may see a page of the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from tenants.staff.models import User

#: Where people work: without the second factor that a role asks for, nobody gets there.
WORK = ("/desk/", "/admin/", "/staff/")
View = Callable[..., HttpResponseBase]


def may(*permissions: str) -> Callable[[View], View]:
    """Ask for a sign-in, then for every one of `permissions` (403 without)."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def ask_for_second_factor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Send whoever must have a second factor to its set-up before any work.

    A courtesy, not the lock: without it the permissions themselves are not there.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WORK):
            user = request.user
            if isinstance(user, User) and user.needs_second_factor:
                return redirect("mfa_activate_totp")
        return get_response(request)

    return answer


def actor(request: HttpRequest) -> User:
    """The signed-in person, for a view behind `may`."""
    assert isinstance(request.user, User)
    return request.user
