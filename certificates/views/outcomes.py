"""A certificate at the desk: its claims, its paper, and everything that was said of the holder's work."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from certificates.claims import Claims
from certificates.employment.models import Claim, Consent, Reached
from certificates.employment.services.claims import withdrawn
from certificates.forms import EndForm, OutcomeForm, OverruleForm
from certificates.models import Certificate, FollowUp, Objection, Outcome
from certificates.rules.employment import WORK
from certificates.services.basis import rests_on
from certificates.services.outcomes import Facts, History, history_of, record_outcome
from tenants.faults import put_faults
from tenants.staff.access import actor, may

#: What a new row may do to an earlier one: its form, and what the form starts with.
DEEDS: dict[str, type[OutcomeForm]] = {"ends": EndForm, "replaces": OverruleForm}
COPIED = (
    *("place_code", "employer", "employer_uscc", "employer_trade", "job", "started_on"),
    *("kind", "full_time", "contract", "wage", "evidence"),
)


@dataclass(frozen=True)
class Line:
    """One row of the history as the page shows it."""

    row: Outcome
    counts: bool
    contested: bool
    overruled: bool
    ended: Outcome | None
    objections: list[Objection]

    @property
    def stands(self) -> bool:
        return not self.overruled and self.ended is None

    @property
    def is_job(self) -> bool:
        return self.stands and self.row.kind in WORK


def lines_of(history: History) -> list[Line]:
    """The history, the latest first, with what became of each row."""
    ended = {row.ends_id: row for row in history.rows if row.ends_id}
    overruled = {row.replaces_id for row in history.rows if row.replaces_id}
    said: dict[int, list[Objection]] = {}
    keys = [row.pk for row in history.rows]
    found = Objection.objects.filter(outcome_id__in=keys).select_related("decided_by")
    for objection in found:
        said.setdefault(objection.outcome_id, []).append(objection)
    return [
        Line(
            row,
            row.pk == history.known.key,
            row.pk in history.known.contested,
            row.pk in overruled,
            ended.get(row.pk),
            said.get(row.pk, []),
        )
        for row in reversed(history.rows)
    ]


def _chosen(request: HttpRequest, history: History) -> tuple[str, Outcome | None]:
    """The earlier row that this form is about: `?ends=` or `?replaces=` with its key."""
    for deed in DEEDS:
        if key := request.GET.get(deed, ""):
            row = next((r for r in history.rows if str(r.pk) == key), None)
            if row is None:
                raise Http404
            return deed, row
    return "", None


def _form(request: HttpRequest, deed: str, row: Outcome | None) -> OutcomeForm:
    initial: dict[str, Any] = {}
    if deed == "replaces" and row:
        initial = {name: getattr(row, name) for name in COPIED}
    if deed == "ends":
        initial = {"kind": Outcome.Kind.UNKNOWN}
    return DEEDS.get(deed, OutcomeForm)(request.POST or None, initial=initial)


@may("certificates.view_certificate")
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One certificate; POST records an outcome, which may end or overrule an earlier one."""
    found = get_object_or_404(
        Certificate.objects.select_related(
            "enrolment__training_class__project", "rule_set", "replaces", "trainee"
        ),
        number=number,
    )
    history = history_of(found)
    can_record = request.user.has_perm("certificates.record_outcome")
    deed, row = _chosen(request, history)
    form = _form(request, deed, row)
    if request.method == "POST" and can_record and form.is_valid():
        try:
            _record(request, found, form, deed, row)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("去向已登记。"), extra_tags="ok")
            return redirect("certificate", number)
    context = {
        "certificate": found,
        "claims": Claims.from_json(found.claims).labelled(),
        "form": form if can_record else None,
        "deed": deed,
        "about": row,
        "rests_on": rests_on(found),
        "revocations": found.revocations.select_related("asked_by", "decided_by"),
        "newer": Certificate.objects.filter(replaces=found).first(),
        "why": Certificate.Why.choices,
        "asks": any(
            request.user.has_perm(f"certificates.{act}_certificate") for act in ("issue", "revoke")
        ),
        "duty": FollowUp.objects.filter(certificate=found, done_on__isnull=True).first(),
        "reevaluations": found.reevaluations.select_related("decided_by"),
        **_of_employment(found, history),
    }
    return render(request, "certificates/certificate.html", context)


def _record(
    request: HttpRequest, found: Certificate, form: OutcomeForm, deed: str, row: Outcome | None
) -> None:
    facts = replace(
        Facts(**form.cleaned_data),
        ends=row if deed == "ends" else None,
        replaces=row if deed == "replaces" else None,
    )
    record_outcome(found, facts, by=actor(request))
    if deed == "replaces" and row:
        withdrawn(row)


def _of_employment(found: Certificate, history: History) -> dict[str, Any]:
    """What the part about the holder's work shows."""
    employers = {
        row.employer_uscc: row.employer
        for row in history.rows
        if row.employer_uscc and row.employer
    }
    consents = Consent.objects.filter(trainee_id=found.trainee_id)
    last = {c.employer_uscc: c for c in consents.order_by("id")}
    return {
        "lines": lines_of(history),
        "known": history.known,
        "waiting": Claim.objects.filter(
            certificate__enrolment_id=found.enrolment_id, state=Claim.State.OPEN
        ),
        "consents": [(uscc, name, last.get(uscc)) for uscc, name in employers.items()],
        "reached": Reached.choices,
        "hows": [c for c in Consent.How.choices if c[0] != Consent.How.LINK],
    }
