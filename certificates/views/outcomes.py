from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from certificates.claims import Claims
from certificates.forms import OutcomeForm
from certificates.models import Certificate, FollowUp
from certificates.services.basis import rests_on
from certificates.services.outcomes import Facts, history_of, record_outcome
from tenants.staff.access import actor, may


@may("certificates.view_certificate")
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One certificate: its claims, its paper, its outcomes; POST records an outcome."""
    found = get_object_or_404(
        Certificate.objects.select_related(
            "enrolment__training_class__project", "rule_set", "replaces"
        ),
        number=number,
    )
    can_record = request.user.has_perm("certificates.record_outcome")
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and can_record and form.is_valid():
        try:
            record_outcome(found, Facts(**form.cleaned_data), by=actor(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("去向已登记。"), extra_tags="ok")
            return redirect("certificate", number)
    context = {
        "certificate": found,
        "claims": Claims.from_json(found.claims).labelled(),
        "outcomes": history_of(found).rows[::-1],
        "form": form if can_record else None,
        "rests_on": rests_on(found),
        "revocations": found.revocations.select_related("asked_by", "decided_by"),
        "newer": Certificate.objects.filter(replaces=found).first(),
        "why": Certificate.Why.choices,
        "asks": any(
            request.user.has_perm(f"certificates.{act}_certificate") for act in ("issue", "revoke")
        ),
        "duty": FollowUp.objects.filter(certificate=found, done_on__isnull=True).first(),
        "reevaluations": found.reevaluations.select_related("decided_by"),
    }
    return render(request, "certificates/certificate.html", context)
