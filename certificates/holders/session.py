"""For how long a browser stays the holder's, and as whom."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from certificates.register.models import RegisterEntry

MINUTES = 20
NAME = "holder"
View = Callable[..., HttpResponse]


def begin(request: HttpRequest, entry: RegisterEntry) -> None:
    """From now on for MINUTES, under a new key of the session: one that was planted before is worth nothing."""
    request.session.cycle_key()
    request.session[NAME] = {"code": entry.code, "until": time.time() + MINUTES * 60}
    if not request.user.is_authenticated:
        request.session.set_expiry(MINUTES * 60)


def end(request: HttpRequest) -> None:
    request.session.pop(NAME, None)


def entry_of(request: HttpRequest) -> RegisterEntry | None:
    """The certificate by which the holder came in, while the time lasts."""
    said = request.session.get(NAME)
    if not said or said["until"] < time.time():
        return None
    return RegisterEntry.objects.filter(code=said["code"]).first()


def private(response: HttpResponse, referrer: str = "same-origin") -> HttpResponse:
    """Nobody keeps the page, and no other site learns its address.

    A page with forms cannot say `no-referrer`: the browser would send them from the origin "null".
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = referrer
    response["X-Robots-Tag"] = "noindex"
    return response


def held(view: View) -> View:
    """The view gets `person`, the register's digest of who came in; everybody else is led to the door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = entry_of(request)
        if entry is None:
            return private(redirect("holder"))
        return private(view(request, bytes(entry.person), *args, **kwargs))

    return guarded
