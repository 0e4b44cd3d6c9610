"""Single-use links by which an employer answers the base: confirm, reject, or "left on"."""

import secrets
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates.employers.rules import kind_of
from certificates.employment.models import Claim, ConfirmLink, Reached
from certificates.employment.rules import (
    CONFIRM_LINK_LIVES,
    evidence_of,
    fault_of_link,
    may_overrule,
)
from certificates.employment.services.claims import settle, withdrawn
from certificates.employment.services.worker import tell
from certificates.models import Certificate, Outcome
from certificates.rules.employment import WORK
from certificates.services.outcomes import Facts, current_version, record_outcome
from tenants import crypto
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.outbox.channels import way_to
from tenants.outbox.services import forget_secret, send_message
from tenants.staff.models import User

Answer = ConfirmLink.Answer


@dataclass(frozen=True)
class Answered:
    """What the employer says. `left_on` and `end_reason` with `left`, `text` with `rejected`."""

    answer: str
    job: str = ""
    started_on: date | None = None
    place_code: str = ""
    full_time: bool = True
    left_on: date | None = None
    end_reason: str = ""
    text: str = ""


def _digest(token: str) -> bytes:
    return crypto.keyed_digest(token, "employment/confirm", current_tenant().uuid.bytes)


@transaction.atomic
def send_confirm_link(
    of: Claim | Outcome, to: str, reached: str, by: User, firm: str = "", uscc: str = ""
) -> ConfirmLink:
    """Send the employer of a claim or an outcome a link; an older one of the same is void.

    `reached` says whose number `to` is: the answer's evidence follows from it. Raises ValidationError.
    """
    if not to.strip() or reached not in Reached.values:
        raise ValidationError(
            {"to": "请填写发往哪里、号码从何而来 / say where to, and whose number that is"}
        )
    claim = of if isinstance(of, Claim) else None
    asks_of = of if isinstance(of, Outcome) else None
    if claim and claim.state != Claim.State.OPEN:
        raise ValidationError("这份申报已经办结 / this claim was decided")
    if asks_of and (asks_of.kind not in WORK or asks_of.replaced_by.exists()):
        raise ValidationError("这条记录不是现有的工作 / this row is no job on record")
    firm = claim.firm if claim else (asks_of.employer if asks_of else "") or firm
    older = ConfirmLink.objects.filter(claim=claim, asks_of=asks_of, used_at__isnull=True)
    older.update(expires_at=timezone.now())
    token = secrets.token_urlsafe(20)
    link = ConfirmLink.objects.create(
        certificate=of.certificate,
        claim=claim,
        asks_of=asks_of,
        firm=firm,
        uscc=(claim.uscc if claim else asks_of.employer_uscc if asks_of else "") or uscc,
        to=to.strip()[:120],
        reached=reached,
        digest=_digest(token),
        sent_by=by,
        expires_at=timezone.now() + CONFIRM_LINK_LIVES,
    )
    base = current_tenant()
    text = (
        f"{base.name}请贵单位（{firm}）核实：持证人{of.certificate.holder_name}是否在贵单位工作？"
        f"请点开回答，7 天内有效，只能用一次：{absolute(base, f'/confirm/{token}/')} {base.phone}"
    )
    send_message(link.to, "就业核实", text.strip(), way_to(link.to), secret=token)
    return link


def find_link(token: str) -> tuple[ConfirmLink | None, str]:
    """The link and why it can no longer be used: `unknown`, `used`, `expired`, `decided`, or nothing."""
    link = (
        ConfirmLink.objects.filter(digest=_digest(token))
        .select_related("certificate", "claim", "asks_of")
        .first()
    )
    return link, _fault(link)


def _fault(link: ConfirmLink | None) -> str:
    if link is None:
        return "unknown"
    fault = fault_of_link(timezone.now(), link.expires_at, link.used_at)
    if not fault and link.claim and link.claim.state != Claim.State.OPEN:
        fault = "decided"
    return fault


@transaction.atomic
def answer(token: str, said: Answered) -> ConfirmLink:
    """Use the link up. Raises ValidationError; then it can still be used, when the facts are mended."""
    found, _ = find_link(token)
    if found is None:
        raise ValidationError("链接不完整 / the link is incomplete")
    Certificate.objects.select_for_update().get(pk=found.certificate_id)
    link = ConfirmLink.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if _fault(link):
        raise ValidationError("链接已用过或已过期 / this link was used or is too old")
    link.outcome = {
        Answer.CONFIRMED: _confirmed,
        Answer.REJECTED: _rejected,
        Answer.LEFT: _left,
    }[Answer(said.answer)](link, said)
    link.used_at, link.answer = timezone.now(), said.answer
    link.save(update_fields=["outcome", "used_at", "answer"])
    forget_secret(token)
    if link.claim:
        _settle(link, link.claim, said)
    if link.outcome:
        tell(link.outcome)
    return link


def _settle(link: ConfirmLink, claim_of: Claim, said: Answered) -> None:
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim_of.pk)
    if link.outcome:
        settle(claim, Claim.State.ACCEPTED, outcome=link.outcome)
    else:
        settle(claim, Claim.State.REFUSED, reason=f"单位否认：{said.text}")


def _facts(link: ConfirmLink, said: Answered) -> Facts:
    home = current_tenant().division.code
    place = said.place_code or (link.asks_of.place_code if link.asks_of else "") or home[:4]
    claim = link.claim
    return Facts(
        kind=kind_of(place, home),
        evidence=evidence_of(link.reached),
        employer=link.firm,
        employer_uscc=link.uscc,
        employer_trade=claim.trade if claim else "",
        place_code=place,
        job=said.job,
        started_on=said.started_on,
        full_time=said.full_time,
    )


def _record(link: ConfirmLink, facts: Facts) -> Outcome:
    """In the employer's name. Another job of the holder is none of the employer's business."""
    certificate = current_version(link.certificate)
    try:
        return record_outcome(certificate, facts, said_by=f"{link.firm}（{link.to}）"[:100])
    except ValidationError as error:
        if hasattr(error, "error_dict") and set(error.error_dict) == {"full_time"}:
            raise ValidationError(
                "这项登记需要基地先核实，请电话联系基地"
                " / the base has to look into this first: please call it"
            ) from error
        raise


def _confirmed(link: ConfirmLink, said: Answered) -> Outcome:
    return _record(link, _facts(link, said))


def _left(link: ConfirmLink, said: Answered) -> Outcome:
    """Work that was done and is over: of a claim, both are written down."""
    job = link.asks_of or _record(link, replace(_facts(link, said), full_time=False))
    facts = Facts(
        kind=Outcome.Kind.UNKNOWN,
        evidence=evidence_of(link.reached),
        ends=job,
        ended_on=said.left_on,
        end_reason=said.end_reason,
    )
    return _record(link, facts)


def _rejected(link: ConfirmLink, said: Answered) -> Outcome | None:
    """Of a claim: it is refused. Of an outcome: it is overruled, when the employer's word is as good
    as what it rests on; else it is noted, and the base decides.
    """
    if not said.text.strip():
        raise ValidationError({"text": "请写明情况 / say what is not so"})
    if link.asks_of is None:
        return None
    overrules = may_overrule(evidence_of(link.reached), link.asks_of.evidence)
    facts = Facts(
        kind=Outcome.Kind.UNKNOWN,
        evidence=evidence_of(link.reached),
        note=f"单位否认：{said.text.strip()}"[:200],
        replaces=link.asks_of if overrules else None,
        reason=f"单位否认：{said.text.strip()}"[:200] if overrules else "",
    )
    if overrules:
        withdrawn(link.asks_of)
    return _record(link, facts)
