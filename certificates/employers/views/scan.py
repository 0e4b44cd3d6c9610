"""After a scan: "this person works for us". One tap for a registered employer, a claim for others."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_tenants.utils import tenant_context

from certificates.employers.access import employer_of
from certificates.employers.forms import WorkForm
from certificates.employers.models import Employer
from certificates.employers.services.checks import note_check
from certificates.employers.services.confirm import Work, certificate_of, confirm, must_be_open
from certificates.employment.forms import ClaimForm
from certificates.employment.services.claims import Said, make_claim
from certificates.register import first
from certificates.register.status import REVOKED, SUPERSEDED, VALID, Answer, look_up
from certificates.token import CODE_LENGTH, normalise_code
from certificates.views.verify import _ask
from tenants.faults import put_faults
from tenants.links import absolute
from tenants.throttle import caller, too_often

BUSY = "registration/too_often.html"
CLAIMS_OF_AN_ADDRESS, CLAIMS_OF_A_CERTIFICATE = 10, 5  # an hour; a day


def works_here(request: HttpRequest, code: str) -> HttpResponse:
    """404 for an unknown code, which counts as a miss as on the public page."""
    if too_often(request, "verify", 120, 60):
        return render(request, BUSY, status=429)
    answer = look_up(code) if len(normalise_code(code)) == CODE_LENGTH else Answer("unknown")
    if answer.elsewhere:
        return redirect(f"{answer.elsewhere}/work/")
    if answer.entry is None or answer.claims is None:
        if first.missed(caller(request), _ask) > first.MISSES:
            return render(request, BUSY, status=429)
        raise Http404
    response = _answer(request, answer)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, answer: Answer) -> HttpResponse:
    assert answer.entry is not None
    if answer.status not in (VALID, SUPERSEDED):
        context = {"answer": answer, "revoked": answer.status == REVOKED}
        return render(request, "employers/not_valid.html", context, status=409)
    employer = employer_of(request)
    if employer:
        note_check(employer, answer.entry, answer.status)
        return _confirm(request, answer, employer)
    return _claim(request, answer)


def _confirm(request: HttpRequest, answer: Answer, employer: Employer) -> HttpResponse:
    """The tap. A superseded version stands for the newest one."""
    assert answer.entry is not None
    form = WorkForm(request.POST or None, place=employer.division_code)
    if request.method == "POST" and form.is_valid():
        try:
            done = confirm(employer, answer.entry, Work(**form.cleaned_data))
        except ValidationError as error:
            put_faults(form, error)
        else:
            return render(request, "employers/confirmed.html", {"done": done})
    context = {"answer": answer, "form": form, "employer": employer}
    return render(request, "employers/works_here.html", context)


def _claim(request: HttpRequest, answer: Answer) -> HttpResponse:
    """What waits for the base's call; written into the base's own schema."""
    entry = answer.entry
    assert entry is not None
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_often(request, "claim", CLAIMS_OF_AN_ADDRESS, 3600) or too_often(
            request, "claim", CLAIMS_OF_A_CERTIFICATE, 86400, entry.code
        ):
            return render(request, BUSY, status=429)
        try:
            must_be_open(entry.tenant)
            with tenant_context(entry.tenant):
                make_claim(certificate_of(entry), Said(**form.cleaned_data))
        except ValidationError as error:
            put_faults(form, error)
        else:
            context = {"answer": answer, "base": entry.tenant, "site": absolute(entry.tenant)}
            return render(request, "employers/claimed.html", context)
    context = {"answer": answer, "form": form, "employer": None}
    return render(request, "employers/works_here.html", context)
