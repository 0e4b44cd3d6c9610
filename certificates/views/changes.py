"""What may still happen to an issued certificate: revoked by two, corrected, judged again, released."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.lists.papers import REVOCATIONS
from certificates.models import Certificate, Reevaluation, Revocation
from certificates.services import revoke
from certificates.services.correct import correct, differences
from certificates.services.reevaluate import REVOKE, decide, open_reevaluations
from tenants.faults import as_said
from tenants.lists.views import show
from tenants.staff.access import actor, may


def _tell(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it and say so, or say why not, in the reader's language."""
    try:
        act()
    except ValidationError as error:
        messages.error(request, as_said(error)[0], extra_tags="bad")
        return False
    messages.success(request, done, extra_tags="ok")
    return True


@may("certificates.view_certificate")
@require_POST
def certificate_revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a revocation: whoever issues may, and whoever revokes."""
    found = get_object_or_404(Certificate, number=number)
    user, sent = actor(request), request.POST
    if not any(user.has_perm(f"certificates.{act}_certificate") for act in ("issue", "revoke")):
        raise PermissionDenied
    _tell(
        request,
        lambda: revoke.ask(found, sent.get("code", ""), sent.get("reason", ""), user),
        _("已提出撤销，须由另一位有撤销权限的人确认后生效。"),
    )
    return redirect("certificate", number)


@may("certificates.revoke_certificate")
@require_POST
def certificate_revocation(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The second person: revoke as it was asked, or refuse."""
    found = get_object_or_404(Revocation, pk=pk, certificate__number=number)
    agreed = request.POST.get("verdict") == "revoke"
    _tell(
        request,
        lambda: revoke.decide(found, agreed, actor(request), request.POST.get("note", "")),
        _("证书已撤销，公开核验页已更新。") if agreed else _("已决定不撤销。"),
    )
    return redirect("certificate", number)


@may("certificates.revoke_certificate")
def revocation_list(request: HttpRequest) -> HttpResponseBase:
    """What waits for a second person, the oldest first; on request what was decided. Above it what
    changed after it was issued.
    """
    rows = Revocation.objects.select_related("certificate", "asked_by", "decided_by")
    changed = open_reevaluations().order_by("found_at")
    return show(request, REVOCATIONS, rows, "certificates/revocations.html", changed=changed)


@may("certificates.issue_certificate")
def certificate_correct(request: HttpRequest, number: str) -> HttpResponse:
    """What a new version would say otherwise; POST writes it."""
    found = get_object_or_404(
        Certificate.objects.select_related("enrolment__trainee", "enrolment__training_class"),
        number=number,
    )
    sent = request.POST if request.method == "POST" else request.GET
    name = sent.get("name", found.enrolment.trainee.name)[:80]
    newer: list[Certificate] = []
    if request.method == "POST" and _tell(
        request,
        lambda: newer.append(correct(found, name, sent.get("reason", ""), actor(request))),
        _("已换发新版本，原证书已标为“已换发”。"),
    ):
        return redirect("certificate", newer[0].number)
    context = {
        "certificate": found,
        "name": name,
        "reason": sent.get("reason", ""),
        "differs": differences(found, name),
    }
    return render(request, "certificates/correct.html", context)


@may("certificates.revoke_certificate")
@require_POST
def certificate_reevaluated(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Keep a certificate whose attendance has changed, or ask that it be revoked."""
    found = get_object_or_404(Reevaluation, pk=pk, certificate__number=number)
    sent = request.POST
    verdict = sent.get("verdict", "")
    _tell(
        request,
        lambda: decide(found, verdict, sent.get("reason", "")[:200], actor(request)),
        _("已提出撤销，须由另一位有撤销权限的人确认后生效。")
        if verdict == REVOKE
        else _("已决定。"),
    )
    return redirect("certificate", number)


@may("certificates.revoke_certificate")
@require_POST
def certificate_reissue(request: HttpRequest, number: str) -> HttpResponse:
    """Let a new certificate follow a revoked one."""
    found = get_object_or_404(Certificate, number=number)
    reason = request.POST.get("reason", "")[:200]
    _tell(
        request,
        lambda: revoke.allow_reissue(found, actor(request), reason),
        _("已同意重新发证，请到签发页办理。"),
    )
    return redirect("certificate", number)
