"""Claims of people outside, until the base has called: nothing here counts before that."""

from dataclasses import asdict, dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates.employers.models import Confirmation
from certificates.employment.models import Claim, ClaimCall, Reached
from certificates.employment.rules import MOST_OPEN, evidence_of
from certificates.employment.services.worker import tell
from certificates.models import Certificate, Outcome
from certificates.services.outcomes import Facts, current_version, record_outcome
from tenants.current import current_tenant
from tenants.provisioning import fault_of_uscc
from tenants.staff.models import User


@dataclass(frozen=True)
class Said:
    """What is claimed; fields as in `Claim`."""

    firm: str
    contact: str
    phone: str
    uscc: str = ""
    trade: str = ""
    role: str = ""
    job: str = ""
    started_on: date | None = None
    place_code: str = ""
    full_time: bool = True


@transaction.atomic
def make_claim(
    certificate: Certificate, said: Said, source: str = Claim.Source.STRANGER, why: str = ""
) -> Claim:
    """Keep a claim for the base's call. Raises ValidationError with what to do."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    faults = {
        name: "请填写 / fill this in"
        for name in ("firm", "contact", "phone")
        if not getattr(said, name).strip()
    }
    if said.uscc and (fault := fault_of_uscc(said.uscc)):
        faults["uscc"] = fault
    if said.started_on and said.started_on > timezone.localdate():
        faults["started_on"] = "起始日期不能晚于今天 / the start date lies in the future"
    if faults:
        raise ValidationError(faults)
    waiting = Claim.objects.filter(certificate=locked, state=Claim.State.OPEN)
    if source == Claim.Source.STRANGER and waiting.count() >= MOST_OPEN:
        raise ValidationError(
            "这份证书已有几份申报在等待核实，请电话联系发证基地"
            " / several claims of this certificate are waiting: call the training base"
        )
    claim = Claim(certificate=locked, source=source, why=why, **asdict(said))
    claim.full_clean(exclude=["outcome", "decided_by", "decided_at", "started_on"])
    claim.save()
    return claim


def _open(claim: Claim) -> Claim:
    """Locked; the certificate before the claim, as everywhere. Raises ValidationError when decided."""
    Certificate.objects.select_for_update().get(pk=claim.certificate_id)
    locked = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if locked.state != Claim.State.OPEN:
        raise ValidationError(
            "这份申报已经办结，请刷新页面 / this claim was decided: load the page anew"
        )
    return locked


@transaction.atomic
def note_call(claim: Claim, by: User, reached: str = "", note: str = "") -> ClaimCall:
    """A call that has decided nothing yet: nobody answered, or they will call back."""
    return ClaimCall.objects.create(
        claim=_open(claim), by=by, reached=reached, note=note.strip()[:200]
    )


@transaction.atomic
def accept(claim: Claim, facts: Facts, reached: str, by: User, note: str = "") -> Outcome:
    """It is so: an outcome whose evidence follows from the number that was called."""
    if reached not in Reached.values:
        raise ValidationError({"reached": "请选择是打哪个电话核实的 / say which number you called"})
    locked = _open(claim)
    ClaimCall.objects.create(claim=locked, by=by, reached=reached, note=note.strip()[:200])
    certificate = current_version(locked.certificate)
    outcome = record_outcome(certificate, replace(facts, evidence=evidence_of(reached)), by=by)
    settle(locked, Claim.State.ACCEPTED, by=by, outcome=outcome)
    tell(outcome)
    return outcome


@transaction.atomic
def refuse(claim: Claim, by: User, reason: str) -> Claim:
    if not reason.strip():
        raise ValidationError({"reason": "请写明不属实的理由 / say why it is not so"})
    locked = _open(claim)
    settle(locked, Claim.State.REFUSED, by=by, reason=reason)
    return locked


def settle(
    claim: Claim,
    state: str,
    by: User | None = None,
    outcome: Outcome | None = None,
    reason: str = "",
) -> None:
    """Close a claim that is locked; a registered employer sees on its own page what became of it."""
    claim.state, claim.decided_by, claim.outcome = state, by, outcome
    claim.decided_at, claim.reason = timezone.now(), reason.strip()[:200]
    claim.save()
    if claim.source == Claim.Source.EMPLOYER:
        waiting = Confirmation.objects.filter(
            tenant_id=current_tenant().pk,
            employer_uscc=claim.uscc,
            number=claim.certificate.number,
            state=Confirmation.State.WAITING,
        )
        if outcome:
            waiting.update(state=Confirmation.State.COUNTED, outcome=outcome.pk)
        else:
            waiting.update(state=Confirmation.State.REFUSED)


def withdrawn(outcome: Outcome) -> None:
    """The base has overruled what a registered employer had confirmed."""
    Confirmation.objects.filter(tenant_id=current_tenant().pk, outcome=outcome.pk).update(
        state=Confirmation.State.REFUSED
    )
