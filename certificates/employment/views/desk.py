"""The base's desk: claims of people outside, links to employers, objections, consents."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.employers.rules import kind_of
from certificates.employers.services.register import registered
from certificates.employment.forms import AcceptForm, LinkForm
from certificates.employment.lists import CLAIMS, all_claims
from certificates.employment.models import Claim, Consent, Reached
from certificates.employment.services import claims, objections
from certificates.employment.services.consents import record_consent
from certificates.employment.services.links import send_confirm_link
from certificates.employment.services.worker import tell
from certificates.models import Certificate, Objection, Outcome
from certificates.services.outcomes import Facts, current_version
from tenants.current import current_tenant
from tenants.faults import as_said, put_faults
from tenants.lists.views import show
from tenants.staff.access import actor, may

RECORD = "certificates.record_outcome"


@may("certificates.view_certificate")
def claim_list(request: HttpRequest) -> HttpResponseBase:
    """Claims that wait, the oldest first, and objections; those that are decided on wish."""
    open_ones = Objection.objects.filter(state=Objection.State.OPEN)
    objections = open_ones.select_related("outcome__certificate")
    return show(request, CLAIMS, all_claims(), "employment/claims.html", objections=objections)


@may(RECORD)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: call, then accept or refuse it, or send the employer a link."""
    found = get_object_or_404(Claim.objects.select_related("certificate__trainee"), pk=pk)
    employer = registered(found.uscc)
    accept = AcceptForm(
        request.POST if request.POST.get("act") == "accept" else None,
        initial=_first_guess(found),
    )
    number = employer.phone if employer else found.phone
    reached = Reached.REGISTER if employer else Reached.CLAIM
    link = LinkForm(
        request.POST if request.POST.get("act") == "link" else None,
        initial={"to": number, "reached": reached},
        auto_id="link_%s",  # the other form of the page has a `reached` too
    )
    faults: list[str] = []
    if request.method == "POST":
        try:
            if _act(request, found, accept, link):
                return redirect("claim", found.pk)
        except ValidationError as error:
            form = {"accept": accept, "link": link}.get(request.POST.get("act", ""))
            if form is not None:
                put_faults(form, error)
            else:
                faults = as_said(error)
    context = {
        "claim": found,
        "employer": employer,
        "accept": accept,
        "link": link,
        "faults": faults,
        "calls": found.calls.select_related("by"),
        "links": found.links.select_related("sent_by"),
        "reached": Reached.choices,
        "current": current_version(found.certificate),
    }
    return render(request, "employment/claim.html", context)


def _first_guess(found: Claim) -> dict[str, Any]:
    home = current_tenant().division.code
    place = found.place_code or home[:4]
    return {
        "kind": kind_of(place, home),
        "place_code": place,
        "employer": found.firm,
        "employer_uscc": found.uscc,
        "employer_trade": found.trade,
        "job": found.job,
        "started_on": found.started_on,
        "full_time": found.full_time,
    }


def _act(request: HttpRequest, found: Claim, accept: AcceptForm, link: LinkForm) -> bool:
    """Do what the button says; False when its form has faults. Raises ValidationError."""
    by, act = actor(request), request.POST.get("act", "")
    note = request.POST.get("note", "")
    if act == "accept":
        if not accept.is_valid():
            return False
        data = dict(accept.cleaned_data)
        reached = data.pop("reached")
        facts = Facts(evidence=Outcome.Evidence.LIAISON_CALL, **data)
        claims.accept(found, facts, reached, by, note)
        said = _("已登记为属实，并通知本人。")
    elif act == "refuse":
        claims.refuse(found, by, request.POST.get("reason", ""))
        said = _("已登记为不属实。")
    elif act == "link":
        if not link.is_valid():
            return False
        send_confirm_link(found, link.cleaned_data["to"], link.cleaned_data["reached"], by)
        said = _("链接已写入消息，7 天内有效。")
    else:
        claims.note_call(found, by, "", note)
        said = _("已记下这次电话。")
    messages.success(request, said, extra_tags="ok")
    return True


@may(RECORD)
def outcome_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the employer of an outcome that is on record."""
    found = get_object_or_404(Outcome.objects.select_related("certificate"), pk=pk)
    employer = registered(found.employer_uscc)
    initial = {"to": employer.phone, "reached": Reached.REGISTER} if employer else {}
    form = LinkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            send_confirm_link(found, by=actor(request), **form.cleaned_data)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("链接已写入消息，7 天内有效。"), extra_tags="ok")
            return redirect("certificate", current_version(found.certificate).number)
    links = found.confirm_links.select_related("sent_by")
    context = {"outcome": found, "form": form, "links": links}
    return render(request, "employment/outcome_link.html", context)


@may(RECORD)
@require_POST
def outcome_tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the holder what is on record."""
    found = get_object_or_404(Outcome.objects.select_related("certificate__trainee", "ends"), pk=pk)
    if tell(found):
        messages.success(request, _("已写好给本人的消息。"), extra_tags="ok")
    else:
        messages.error(request, _("学员没有留电话，请补上电话或当面告知。"), extra_tags="bad")
    return redirect("certificate", current_version(found.certificate).number)


@may(RECORD)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """What the holder says against a row, and the decision."""
    found = get_object_or_404(
        Objection.objects.select_related("outcome__certificate__trainee", "decided_by"), pk=pk
    )
    faults: list[str] = []
    if request.method == "POST":
        upheld = request.POST.get("verdict") == "uphold"
        try:
            objections.decide(found, upheld, actor(request), request.POST.get("note", ""))
        except ValidationError as error:
            faults = as_said(error)
        else:
            messages.success(request, _("异议已办结，并通知本人。"), extra_tags="ok")
            return redirect("certificate", current_version(found.outcome.certificate).number)
    return render(request, "employment/objection.html", {"objection": found, "faults": faults})


@may(RECORD)
@require_POST
def consent_record(request: HttpRequest, number: str) -> HttpResponse:
    """The holder has agreed on paper or by phone, or has taken that back."""
    found = get_object_or_404(Certificate.objects.select_related("trainee"), number=number)
    said = Outcome.objects.filter(
        certificate__trainee_id=found.trainee_id, employer_uscc=request.POST.get("uscc", "")
    )
    row = said.exclude(employer_uscc="").order_by("id").last()
    how = request.POST.get("how", "")
    if row is None or how not in (Consent.How.PAPER, Consent.How.PHONE):
        messages.error(request, _("请选择单位和本人表示的方式。"), extra_tags="bad")
        return redirect("certificate", number)
    given = request.POST.get("given") == "yes"
    record_consent(found.trainee, row.employer_uscc, row.employer, given, how, actor(request))
    messages.success(request, _("已记下。"), extra_tags="ok")
    return redirect("certificate", number)
