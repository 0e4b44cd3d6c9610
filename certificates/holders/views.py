"""The holder's pages on the centre's host: own certificates, papers, links, and who has checked."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates.holders import session
from certificates.holders.services import enter as door
from certificates.holders.services import shares
from certificates.holders.services.held import (
    entries_of,
    everything_of,
    may_download,
    paper_of,
)
from certificates.register.checks.services import times_of
from certificates.register.models import RegisterEntry
from certificates.register.status import Answer, look_up
from certificates.services.papers import PaperDamaged
from tenants.current import current_tenant
from tenants.faults import as_said
from tenants.links import absolute
from tenants.tables import download, wants_excel, workbook_response
from tenants.throttle import too_often, used_up

ASKED_AN_HOUR, WRONG_AN_HOUR = 120, 20  # of one address


@sensitive_post_parameters("code", "last4")
@require_http_methods(["GET", "HEAD", "POST"])
def holder(request: HttpRequest) -> HttpResponse:
    """The door. Everything that does not open it gets the same answer."""
    if request.method != "POST":
        if session.entry_of(request) is not None:
            return session.private(redirect("holder_certificates"))
        return session.private(render(request, "holders/door.html", _limits()))
    wrong = ("holder-wrong", WRONG_AN_HOUR, 3600)
    if too_often(request, "holder", ASKED_AN_HOUR, 3600) or used_up(request, *wrong):
        page = render(request, "holders/door.html", _limits() | {"busy": True}, status=429)
        page["Retry-After"] = "3600"
        return session.private(page)
    if there := door.moved_to(request.POST.get("code", "")):
        return session.private(render(request, "holders/door.html", _limits() | {"there": there}))
    entry = door.enter(request.POST.get("code", ""), request.POST.get("last4", ""))
    if entry is None:
        too_often(request, *wrong)
        page = render(request, "holders/door.html", _limits() | {"refused": True}, status=403)
        return session.private(page)
    session.begin(request, entry)
    return session.private(redirect("holder_certificates"))


def _limits() -> dict[str, object]:
    return {
        "a_day": door.A_DAY,
        "in_all": door.IN_ALL,
        "days": door.DAYS,
        "minutes": session.MINUTES,
        "centre": current_tenant(),
    }


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    session.end(request)
    return redirect("holder")


@require_safe
@session.held
def certificates(request: HttpRequest, person: bytes) -> HttpResponse:
    """All of the person's, from every base."""
    found = everything_of(person)
    context = {
        "found": found,
        "answers": [(answer, may_download(answer)) for answer in found.answers],
        "shares": [
            (each, absolute(current_tenant(), f"/share/{shares.token_of(each)}"))
            for each in shares.open_shares(person)
        ],
        "days": shares.DAYS,
        "minutes": session.MINUTES,
    }
    return render(request, "holders/certificates.html", context)


def _own(person: bytes, number: str) -> tuple[RegisterEntry, Answer]:
    """A certificate of the person that is answered for here. Raises Http404."""
    for entry in entries_of(person):
        if entry.number == number:
            answer = look_up(entry.code)
            if answer.entry is not None:
                return answer.entry, answer
    raise Http404


@require_safe
@session.held
def checks(request: HttpRequest, person: bytes, number: str) -> HttpResponse:
    """Who has checked it and when: names that the centre knows, and counts of scans by the hour."""
    entry, answer = _own(person, number)
    named, scans = times_of(entry.code)
    if wants_excel(request):
        rows = [[_hour(c["at"]), str(c["title"]), c["name"], c["times"]] for c in named]
        rows += [[_hour(at), _("扫码或网页核验（不记是谁）"), "", times] for at, times in scans]
        header = [_("时间（小时）"), _("方式"), _("名称"), _("次数")]
        return workbook_response(f"checks-{entry.number}", header, rows)
    context = {"entry": entry, "answer": answer, "named": named, "scans": scans}
    return render(request, "holders/checks.html", context)


def _hour(at: object) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:00}"  # type: ignore[arg-type]


@require_safe
@session.held
def paper(request: HttpRequest, person: bytes, number: str) -> HttpResponse:
    """The PDF from its base's private files."""
    _entry, answer = _own(person, number)
    return paper_response(request, answer)


def paper_response(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Also for whoever was given a link with the papers."""
    if not may_download(answer) or answer.entry is None:
        raise Http404
    try:
        content = paper_of(answer.entry)
    except (PaperDamaged, LookupError):
        return render(request, "holders/no_paper.html", {"base": answer.entry.tenant}, status=503)
    if content is None:
        page = render(request, "holders/no_paper.html", {"making": True}, status=202)
        page["Refresh"] = "5"
        return page
    return download(content, f"{answer.entry.number}.pdf", "application/pdf")


@require_POST
@session.held
def share(request: HttpRequest, person: bytes) -> HttpResponse:
    try:
        shares.share(
            person,
            request.POST.getlist("code")[:100],
            int(request.POST.get("days", "0")) if request.POST.get("days") in ("7", "30") else 0,
            papers=bool(request.POST.get("papers")),
            label=request.POST.get("label", ""),
        )
    except ValidationError as error:
        messages.error(request, as_said(error)[0], extra_tags="bad")
    else:
        messages.success(request, _("链接已生成，列在下面。"), extra_tags="ok")
    return redirect("holder_certificates")


@require_POST
@session.held
def withdraw(request: HttpRequest, person: bytes, which: uuid.UUID) -> HttpResponse:
    shares.withdraw(person, which)
    messages.success(request, _("链接已收回，再也打不开。"), extra_tags="ok")
    return redirect("holder_certificates")
