"""The public answer to a scan: no sign-in, no script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from certificates.register.status import UNKNOWN, designation_said, look_up
from tenants.throttle import too_often


def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, revoked or unknown, with every claim that the paper prints. 404 for unknown."""
    if too_often(request, "verify", 120, 60):
        return render(request, "certificates/verify_busy.html", status=429)
    answer = look_up(code)
    context = {
        "answer": answer,
        "code": code[:60],
        "claims": answer.claims.labelled() if answer.claims else [],
        "issuer": (
            designation_said(answer.entry, timezone.localdate())
            if answer.entry and answer.claims
            else []
        ),
        "robots": "noindex",
    }
    response = render(
        request,
        "certificates/verify.html",
        context,
        status=404 if answer.status == UNKNOWN else 200,
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def check(request: HttpRequest) -> HttpResponse:
    """The box of the portal: a number or a code leads to its page."""
    text = request.GET.get("q", "").strip()[:2000]
    if not text:
        return render(request, "certificates/check.html")
    if too_often(request, "verify", 120, 60):
        return render(request, "certificates/verify_busy.html", status=429)
    answer = look_up(text)
    if answer.entry is not None and answer.status != UNKNOWN:
        return redirect("verify", answer.entry.code)
    context = {"answer": answer, "code": text[:60]}
    return render(request, "certificates/verify.html", context, status=404)
