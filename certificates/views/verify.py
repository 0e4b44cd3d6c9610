"""The public answer to a scan: no sign-in, no script."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from certificates.extensions import Checked, verification_outputs
from certificates.register import documents, first
from certificates.register.designation import designation_of
from certificates.register.status import (
    REVOKED,
    SUPERSEDED,
    UNKNOWN,
    VALID,
    Answer,
    Fault,
    bears,
    look_up,
    look_up_code,
)
from certificates.token import CODE_LENGTH, normalise_code
from tenants.current import current_tenant
from tenants.middleware import PUBLIC_POLICY
from tenants.models import Tenant
from tenants.plugins import faults
from tenants.plugins.points import results
from tenants.throttle import caller, too_often

KEPT = (VALID, REVOKED, SUPERSEDED)
View = Callable[..., HttpResponse]


def bilingual(view: View) -> View:
    """The page speaks both languages at once; what surrounds it is Chinese, as its first half."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override("zh-hans"):
            return view(request, *args, **kwargs)

    return answer


@bilingual
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, revoked, superseded or unknown, with every claim that the paper prints. 404 for unknown.

    Only a code leads here: a number can be guessed, and asks for the name first.
    """
    if too_often(request, "verify", 120, 60) or request.META.get("trainbase.missed"):
        return render(request, "certificates/verify_busy.html", status=429)
    _frame(request)
    text = code.strip()
    answer = look_up_code(text)
    if answer.entry is None and (number := look_up(text).entry):
        return render(request, "certificates/check.html", {"number": number.number})
    if len(normalise_code(text)) != CODE_LENGTH:
        return _page(request, Answer(UNKNOWN), text)
    if answer.elsewhere:
        return redirect(answer.elsewhere)
    if answer.entry is None and first.missed(caller(request), _ask) > first.MISSES:
        return render(request, "certificates/verify_busy.html", status=429)
    if answer.entry is not None:
        _ask(first.COUNT_SCAN, [answer.entry.code, _hour(), 1])
    return _page(request, answer, normalise_code(text) if answer.entry else text)


def _hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def _page(request: HttpRequest, answer: Answer, typed: str) -> HttpResponse:
    """The page of an answer; one that is plain is kept, so that the next scan is answered at once."""
    centre = current_tenant()
    if answer.status in KEPT and answer.entry and typed == answer.entry.code:
        code = answer.entry.code
        try:
            block = documents.keep(answer.entry.tenant, code, lambda: _plain(code, centre))
        except _NotPlain:
            block = answer_block(answer, typed, centre)
    else:
        block = answer_block(answer, typed, centre)
    status = 404 if answer.status == UNKNOWN else 200
    response = HttpResponse(_whole(request, block), status=status)
    for name, value in _headers().items():
        response[name] = value
    response["Cache-Control"] = first.KEEP if status == 200 else "no-store"
    if status == 200:
        response["ETag"] = first.tag_of(response.content)
        if response["ETag"] in request.headers.get("If-None-Match", ""):
            response.status_code, response.content = 304, b""
    return response


class _NotPlain(Exception):
    """Something is on the page that may change by itself: it is made anew for each scan."""


def _plain(code: str, centre: Tenant) -> str:
    """What is kept: judged once more, now that nobody can change it meanwhile."""
    answer = look_up(code)
    if answer.status not in KEPT or _outputs(answer):
        raise _NotPlain
    return answer_block(answer, code, centre)


def answer_block(answer: Answer, typed: str, centre: Tenant) -> str:
    """The middle of the page. It does not depend on the request."""
    believed = answer.entry is not None and answer.claims is not None
    context = {
        "answer": answer,
        "code": typed[:60],
        "claims": answer.claims.labelled() if answer.claims else [],
        "issuer": designation_of(answer.entry, timezone.localdate())
        if believed and answer.entry
        else None,
        "outputs": _outputs(answer),
        "photo": bool(answer.claims and answer.claims.photo_sha256),
        "centre": centre,
    }
    return render_to_string("certificates/answer.html", context)


def _whole(request: HttpRequest, block: str) -> str:
    """The page around it: everybody's, so nothing of who asks is on it, not even a message to him."""
    context = {"answer": block, "bilingual": True, "messages": ()}
    return render_to_string("certificates/verify.html", context, request)


def _frame(request: HttpRequest) -> None:
    """Show `register.first` what stands around an answer on this host."""
    unknown = answer_block(Answer(UNKNOWN), first.MARKER, current_tenant())
    first.show(
        request.META.get("HTTP_HOST", ""),
        _whole(request, first.MARKER),
        _whole(request, unknown),
        {**_headers(), "Content-Type": "text/html; charset=utf-8"},
        documents.version(),
    )


def _headers() -> dict[str, str]:
    """Of every answer, whoever gives it. The address holds a code: nobody else is to learn it."""
    found = {
        "Content-Security-Policy": PUBLIC_POLICY,
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.PRODUCTION:
        found["Strict-Transport-Security"] = (
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
        )
    return found


def _ask(statement: str, values: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def _outputs(answer: Answer) -> list[tuple[str, str]]:
    """What plugins of the centre add under a valid certificate; what is no pair of texts is left out."""
    if answer.status != VALID or answer.entry is None or answer.claims is None:
        return []
    checked = Checked(
        number=answer.entry.number,
        claims=answer.claims.as_json(),
        issued_on=answer.entry.issued_on,
        issuer=answer.entry.tenant.name,
    )
    lines: list[tuple[str, str]] = []
    for plugin, given in results(verification_outputs, checked):
        with faults.kept(plugin, verification_outputs.name) as outcome:
            outcome.value = [(str(zh), str(en)) for zh, en in given]
        lines += outcome.value or []
    return lines


@require_safe
def photo(request: HttpRequest, code: str) -> HttpResponse:
    """The photo that the paper prints, to compare; only for a code whose answer is believed."""
    if too_often(request, "verify", 120, 60):
        return HttpResponse(status=429)
    answer = look_up_code(code)
    if answer.entry is None or answer.claims is None or not answer.entry.photo:
        raise Http404
    response = HttpResponse(bytes(answer.entry.photo), content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@bilingual
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The box of the portal: a code leads to its page, a number too when the name fits."""
    text = request.GET.get("q", "").strip()[:2000]
    name = request.GET.get("name", "").strip()[:80]
    if not text:
        return render(request, "certificates/check.html", {"bilingual": True})
    if too_often(request, "verify", 120, 60):
        return render(request, "certificates/verify_busy.html", status=429)
    answer = look_up(text)
    if answer.elsewhere:  # there the name is asked for
        there = urlsplit(answer.elsewhere)
        return redirect(f"{there.scheme}://{there.netloc}/check/?{urlencode({'q': text})}")
    if answer.entry is None or answer.status == UNKNOWN:
        return _page(request, Answer(UNKNOWN, fault=answer.fault), text)
    by_code = answer.entry.code in normalise_code(text)
    if not by_code and not name:
        context = {"number": answer.entry.number, "bilingual": True}
        return render(request, "certificates/check.html", context)
    if not by_code and not bears(answer, name):
        return _page(request, Answer(UNKNOWN, fault=_OTHER_NAME), text)
    return redirect("verify", answer.entry.code)


_OTHER_NAME = Fault(
    "编号与姓名对不上，请照证书逐字核对",
    "number and name do not belong together; compare both with the paper",
    "编号与姓名不符",
    "Number and name do not match",
    "≠",
)
