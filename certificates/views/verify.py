"""The public answer to a scan: no sign-in, no script."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from certificates.extensions import Checked, verification_outputs
from certificates.register.status import UNKNOWN, VALID, Answer, bears, designation_said, look_up
from certificates.token import CODE_LENGTH, normalise_code
from tenants.plugins import faults
from tenants.plugins.points import results
from tenants.throttle import too_often

View = Callable[..., HttpResponse]


def bilingual(view: View) -> View:
    """The page speaks both languages at once; what surrounds it is Chinese, as its first half."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override("zh-hans"):
            return view(request, *args, **kwargs)

    return answer


@bilingual
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, revoked or unknown, with every claim that the paper prints. 404 for unknown.

    Only a code leads here: a number can be guessed, and asks for the name first.
    """
    if too_often(request, "verify", 120, 60):
        return render(request, "certificates/verify_busy.html", status=429)
    text = code.strip()
    if len(normalise_code(text)) != CODE_LENGTH:
        found = look_up(text)
        if found.entry is not None:
            return render(request, "certificates/check.html", {"number": found.entry.number})
        return _page(request, Answer(UNKNOWN), text)
    answer = look_up(text)
    if answer.elsewhere:
        return redirect(answer.elsewhere)
    return _page(request, answer, text)


def _page(request: HttpRequest, answer: Answer, code: str) -> HttpResponse:
    believed = answer.entry is not None and answer.claims is not None
    context = {
        "answer": answer,
        "code": code[:60],
        "claims": answer.claims.labelled() if answer.claims else [],
        "issuer": designation_said(answer.entry, timezone.localdate())
        if believed and answer.entry
        else [],
        "outputs": _outputs(answer),
        "photo": bool(answer.claims and answer.claims.photo_sha256),
        "bilingual": True,
    }
    status = 404 if answer.status == UNKNOWN else 200
    response = render(request, "certificates/verify.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


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


def photo(request: HttpRequest, code: str) -> HttpResponse:
    """The photo that the paper prints, to compare; only for a code whose answer is believed."""
    if too_often(request, "verify", 120, 60):
        return HttpResponse(status=429)
    answer = look_up(code) if len(normalise_code(code)) == CODE_LENGTH else Answer(UNKNOWN)
    if answer.entry is None or answer.claims is None or not answer.entry.photo:
        raise Http404
    response = HttpResponse(bytes(answer.entry.photo), content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@bilingual
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


_OTHER_NAME = (
    "编号与姓名对不上，请照证书逐字核对",
    "number and name do not belong together; compare both with the paper",
)
