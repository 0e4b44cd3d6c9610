"""A village proposes a class: by a liaison who is signed in, or by a cadre without an account."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from courses.applying import follow
from courses.applying.forms import FollowProposalForm, ProposalForm
from courses.applying.models import ClassProposal, ConsentText
from courses.applying.places import picker
from courses.applying.services import propose as door
from courses.applying.services.consents import in_force
from courses.applying.views.join import ASKS, BUSY, FORM, WRONG, staff_of, tapped, typed
from tenants.current import current_tenant
from tenants.faults import put_faults
from tenants.staff.models import User
from tenants.throttle import too_often, used_up

SENDS = 20  # an hour, of one address


@sensitive_post_parameters("contact", "phone")
@require_http_methods(FORM)
def propose(request: HttpRequest) -> HttpResponse:
    """The form, and below it what a liaison who is signed in has proposed before."""
    consent, who = in_force(ConsentText.Kind.PROPOSAL), staff_of(request)
    taps = request.method == "POST" and "at" in request.POST
    if taps:
        data = typed(request)
        names = (*ProposalForm.base_fields, "village_code")
        form = ProposalForm(initial={name: data.get(name, "") for name in names}, consent=consent)
    elif request.method == "POST":
        form = ProposalForm(request.POST, consent=consent)
    else:
        form = ProposalForm(initial=_of(who), consent=consent)
    if request.method == "POST" and not taps and form.is_valid():
        if too_often(request, "propose", SENDS, 3600):
            return follow.private(render(request, BUSY, status=429))
        try:
            made = door.propose(form.wanted(), who)
        except ValidationError as error:
            put_faults(form, error)
        else:
            follow.hold(request, "proposal", made.number)
            messages.success(request, _("申请已收到，请记下受理号。"), extra_tags="ok")
            return redirect("propose_mine")
    context = {
        "form": form,
        "consent": in_force(ConsentText.Kind.PROPOSAL),
        "picker": _begun(request, form, who),
        "village_code": typed(request).get("village_code", ""),
        "base": current_tenant(),
        "own": ClassProposal.objects.filter(entered_by=who)[:20] if who else (),
    }
    return follow.private(render(request, "applying/propose.html", context))


def _of(who: User | None) -> dict[str, Any]:
    if who is None:
        return {}
    return {"contact": str(who), "sender": ClassProposal.Sender.LIAISON}


def _begun(request: HttpRequest, form: Any, who: User | None) -> Any:
    """A liaison begins among the own villages."""
    if who is not None and who.division_prefix and request.method != "POST":
        return picker(who.division_prefix[:9], current_tenant())
    return tapped(request, form)


@sensitive_post_parameters("number", "last4")
@require_http_methods(FORM)
def status(request: HttpRequest) -> HttpResponse:
    """The number and the last four of the telephone; the same answer whichever of them is wrong."""
    form = FollowProposalForm(request.POST or None)
    code = 200
    if request.method == "POST" and form.is_valid():
        wrong = ("propose-wrong", WRONG, 3600)
        if too_often(request, "propose-status", ASKS, 3600) or used_up(request, *wrong):
            return follow.private(render(request, BUSY, status=429))
        found = door.find(form.cleaned_data["number"], form.cleaned_data["last4"])
        if found is not None:
            follow.hold(request, "proposal", found.number)
            return follow.private(redirect("propose_mine"))
        too_often(request, *wrong)
        form.add_error(None, _("受理号或者后四位不对，请核对；找不到受理号请打电话。"))
        code = 403
    context = {"form": form, "base": current_tenant(), "proposal": True}
    return follow.private(render(request, "applying/status.html", context, status=code))


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    number = follow.held(request, "proposal")
    rows = ClassProposal.objects.select_related("village__parent", "trade", "training_class")
    found = rows.filter(number=number).first() if number else None
    if found is None:
        return follow.private(redirect("propose_status"))
    context = {"found": found, "base": current_tenant(), "minutes": follow.MINUTES}
    return follow.private(render(request, "applying/proposed.html", context))
