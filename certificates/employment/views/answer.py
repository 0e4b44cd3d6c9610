"""What people outside see of a base: an employer's link, and the holder's own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from certificates.employment.forms import AnswerForm
from certificates.employment.models import ConfirmLink, Consent, WorkerLink
from certificates.employment.services import links, worker
from certificates.employment.services.consents import may_see, record_consent, text_for
from certificates.models import Outcome
from tenants.current import current_tenant
from tenants.faults import as_said, put_faults
from tenants.models import in_language
from tenants.throttle import too_often

PASS_LIVES = 20 * 60  # seconds that the holder has for reading and writing
View = Callable[..., HttpResponse]


def secret_address(view: View) -> View:
    """The address lets somebody in: nobody else learns it, and nothing of the page is kept."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if too_often(request, "employment", 60, 600):
            response = render(request, "registration/too_often.html", status=429)
        else:
            response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "no-store"
        return response

    return answer


@secret_address
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The employer answers once. A link that can no longer be used says so, and what to do."""
    link, fault = links.find_link(token)
    if link is None or fault:
        status = 404 if link is None else 410
        context = {"fault": fault, "link": link}
        return render(request, "employment/link_over.html", context, status=status)
    form = AnswerForm(request.POST or None, initial=_on_record(link))
    if request.method == "POST" and form.is_valid():
        try:
            done = links.answer(token, links.Answered(**form.cleaned_data))
        except ValidationError as error:
            put_faults(form, error)
        else:
            return render(request, "employment/answered.html", {"link": done})
    return render(request, "employment/confirm.html", {"link": link, "form": form})


def _on_record(link: ConfirmLink) -> dict[str, Any]:
    said = link.claim or link.asks_of
    if said is None:
        return {}
    names = ("job", "started_on", "place_code", "full_time")
    return {name: getattr(said, name) for name in names}


def _salt() -> str:
    return f"employment/mine/{current_tenant().uuid}"


@secret_address
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """The holder's page: the last four of the ID open it; then what was said, objections, consents."""
    try:
        link = worker.find_link(token)
        if request.method == "POST":
            return _opened(request, link, token)
    except worker.NoWay as error:
        dead = not _lives(token)
        context = {"faults": as_said(error), "dead": dead}
        return render(request, "employment/mine_locked.html", context, status=410 if dead else 200)
    return render(request, "employment/mine_locked.html", {})


def _lives(token: str) -> bool:
    try:
        worker.find_link(token)
    except worker.NoWay:
        return False
    return True


def _opened(request: HttpRequest, link: WorkerLink, token: str) -> HttpResponse:
    """Each form carries a signed pass, so that the ID is asked once and no session is needed."""
    signer = signing.TimestampSigner(salt=_salt())
    said, faults = "", []
    try:
        opened = signer.unsign(request.POST.get("pass", ""), max_age=PASS_LIVES) == str(link.pk)
    except signing.BadSignature:
        opened = False
    if not opened:
        if too_often(request, "last-four", 30, 3600):
            return render(request, "registration/too_often.html", status=429)
        link = worker.unlock(token, request.POST.get("last4", ""))
    else:
        try:
            said = _act(request, link)
        except ValidationError as error:
            faults = as_said(error)
    rows = worker.own_outcomes(link)
    context = {
        "link": link,
        "pass": signer.sign(str(link.pk)),
        "rows": rows,
        "consents": _consents(link, rows),
        "said": said,
        "faults": faults,
    }
    return render(request, "employment/mine.html", context)


def _act(request: HttpRequest, link: WorkerLink) -> str:
    """Object, agree, take back; what was done. Raises ValidationError."""
    act = request.POST.get("act", "")
    if act == "object":
        key = request.POST.get("outcome", "")
        worker.object_by_link(
            link, int(key) if key.isdecimal() else 0, request.POST.get("text", "")
        )
        return _("已收到您的异议，培训基地会核实；办结之前，这一条不算数。")
    if act in ("agree", "withdraw"):
        uscc = request.POST.get("uscc", "")
        row = next((o for o in worker.own_outcomes(link) if uscc and o.employer_uscc == uscc), None)
        if row is None:
            raise ValidationError("没有这个单位，请刷新页面 / no such employer")
        given = act == "agree"
        record_consent(link.trainee, uscc, row.employer, given, Consent.How.LINK)
        return _("已记下您的同意。") if given else _("已撤回，该单位不能再看到您的电话。")
    return ""


def _consents(link: WorkerLink, rows: list[Outcome]) -> list[dict[str, Any]]:
    employers = {row.employer_uscc: row.employer for row in rows if row.employer_uscc}
    return [
        {
            "uscc": uscc,
            "employer": name,
            "given": may_see(link.trainee, uscc),
            "text": in_language(*text_for(name)),
        }
        for uscc, name in employers.items()
    ]
