"""Who holds an application's number on this browser: for half an hour, after they have shown it."""

import time

from django.http import HttpRequest, HttpResponse

MINUTES = 30


def hold(request: HttpRequest, kind: str, number: str) -> None:
    """`kind` is `application` or `proposal`. One at a time: a shared phone shows the last one only."""
    request.session[f"follow-{kind}"] = [number, time.time() + MINUTES * 60]


def held(request: HttpRequest, kind: str) -> str:
    """The number, while its time is not over; else empty."""
    number, until = request.session.get(f"follow-{kind}", ["", 0])
    return str(number) if time.time() < until else ""


def drop(request: HttpRequest, kind: str) -> None:
    request.session.pop(f"follow-{kind}", None)


def private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache and no search engine."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
