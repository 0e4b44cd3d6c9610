"""A form that is sent twice counts once, whoever's form it is.

Every page writes a CSRF token that no other page has, since Django masks it anew each time. So the
same token with the same content is the same page sent again: a double click, a reload, an impatient
second try. The first is done; the second waits for it and is led to where the first was led. A form
that was shown again with its faults may be sent again.
"""

import hashlib
import time
from collections.abc import Callable

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

KEPT = 3600  # seconds that a form which was done is remembered
WAIT = 10.0  # seconds that a second one waits for the first
HELD = 20  # seconds that a first one is taken to be at it: one that was killed keeps nobody out for longer
STEP = 0.1
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
TOKEN = "csrfmiddlewaretoken"
HARMLESS = ("/i18n/",)  # choosing a language twice is what was meant
DOING = "…"


def once(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        name = _name(request)
        if name is None:
            return get_response(request)
        until = time.monotonic() + WAIT
        while not cache.add(name, DOING, timeout=HELD):
            led = cache.get(name, "")
            if led and led != DOING:
                messages.info(request, _("这份表单已经提交过，没有重复办理。"))
                return redirect(str(led))
            if time.monotonic() > until:
                return render(request, "sent_twice.html", status=409)
            time.sleep(STEP)  # the first is at it; when it fails, this one is taken
        done = False
        try:
            before = _session(request)
            response = get_response(request)
            if response.status_code in (302, 303) and _session(request) == before:
                cache.set(name, response["Location"], timeout=KEPT)
                done = True
            return response
        finally:
            if not done:
                cache.delete(name)

    return answer


def _session(request: HttpRequest) -> str:
    """A sign-in changes it: its cookie is in the first answer alone, so it may be asked for twice."""
    session = getattr(request, "session", None)
    return str(session.session_key or "") if session is not None else ""


def _name(request: HttpRequest) -> str | None:
    """What stands for this form and its content; None for what is not sent by a page."""
    if request.method != "POST" or request.content_type not in FORMS:
        return None
    if request.path.startswith(HARMLESS):
        return None
    token = request.POST.get(TOKEN, "")
    if not token:
        return None
    digest = hashlib.sha256(f"{_session(request)}|{request.get_full_path()}".encode())
    for key, values in sorted(request.POST.lists()):
        digest.update(repr((key, values)).encode("utf-8", "surrogatepass"))
    for key, files in sorted(request.FILES.lists()):
        digest.update(repr((key, [(file.name, file.size) for file in files])).encode())
    return f"once-{digest.hexdigest()}"
