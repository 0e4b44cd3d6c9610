"""Revoke for good. Nobody does it alone: one person asks, another one does it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates.models import Certificate, LogEntry, Reevaluation, Revocation
from certificates.register import documents
from certificates.register.models import RegisterEntry
from certificates.services import log
from courses.moments import chain_moved
from tenants.current import current_tenant
from tenants.staff.models import User

ONE_PERSON = (
    "撤销须由另一人确认，不能由提出的人自己办理 / a revocation needs a second person:"
    " whoever asked for it cannot confirm it"
)


@transaction.atomic
def ask(certificate: Certificate, code: str, reason: str, by: User) -> Revocation:
    """Ask that the certificate be revoked. Raises ValidationError without a reason, or when it is not
    valid any more or somebody has asked already.
    """
    locked = _valid(certificate)
    reason = _said(reason)
    if code not in Certificate.Why.values:
        raise ValidationError("请选择撤销原因的类别 / choose the kind of reason")
    if locked.revocations.filter(state=Revocation.State.OPEN).exists():
        raise ValidationError(
            "已有人提出撤销，请等待另一人确认"
            " / somebody has asked for this already; it waits for a second person"
        )
    return Revocation.objects.create(certificate=locked, code=code, reason=reason, asked_by=by)


@transaction.atomic
def decide(found: Revocation, agreed: bool, by: User, note: str = "") -> Revocation:
    """Revoke as it was asked, or refuse with a note. Raises ValidationError when it is decided
    already, when `by` is who asked, and for a refusal without a note.
    """
    Certificate.objects.select_for_update().get(pk=found.certificate_id)
    locked = Revocation.objects.select_for_update().get(pk=found.pk)
    if locked.state != Revocation.State.OPEN:
        raise ValidationError("这项撤销已经办结，请刷新页面 / this has been decided already")
    if agreed:
        revoke(locked.certificate, locked.code, locked.reason, locked.asked_by, by)
        locked.refresh_from_db()
        return locked
    locked.note = _said(note)
    _close(locked, Revocation.State.REFUSED, by)
    return locked


@transaction.atomic
def revoke(
    certificate: Certificate,
    code: str,
    reason: str,
    asked_by: User,
    by: User,
    on: date | None = None,
) -> None:
    """Revoke in the base's book, the public register and the log at once.

    `code` is one of `Certificate.Why`. Raises ValidationError without a reason, for one person
    alone, or when the certificate is not valid any more.
    """
    locked = _valid(certificate)
    if asked_by.pk == by.pk:
        raise ValidationError(ONE_PERSON)
    locked.revoke_code, locked.revoke_reason = Certificate.Why(code).value, _said(reason)
    locked.revoke_asked_by, locked.revoked_by = asked_by, by
    end(locked, Certificate.Status.REVOKED, on or timezone.localdate())
    Reevaluation.objects.filter(certificate=locked, state=Reevaluation.State.OPEN).update(
        state=Reevaluation.State.REVOKED,
        decided_at=timezone.now(),
        decided_by=by,
        reason=locked.revoke_reason,
    )
    for each in locked.revocations.filter(state=Revocation.State.OPEN):
        _close(each, Revocation.State.DONE, by)


def end(locked: Certificate, status: Certificate.Status, day: date, newer: str = "") -> None:
    """Write the end of a certificate everywhere that somebody looks. Call it with the row locked."""
    locked.status, locked.revoked_on = status, day
    locked.save(
        update_fields=["status", "revoked_on", "revoke_code", "revoke_reason"]
        + ["revoke_asked_by", "revoked_by"]
    )
    RegisterEntry.objects.filter(code=locked.code).update(
        status=status,
        revoked_on=day,
        revoke_code=locked.revoke_code,
        reason=locked.revoke_reason,
        superseded_by=newer,
    )
    documents.drop(current_tenant().pk, locked.code)
    log.ended(locked, newer)
    chain_moved.send(None, enrolments={locked.enrolment_id})


@transaction.atomic
def allow_reissue(certificate: Certificate, by: User, reason: str) -> None:
    """Let a new certificate be issued after a revocation. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError("请写明同意重新发证的理由 / say why a new one may be issued")
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.status != Certificate.Status.REVOKED or locked.reissue_on:
        raise ValidationError("这份证书没有待同意的重新发证 / there is nothing to release here")
    locked.reissue_on, locked.reissue_by = timezone.localdate(), by
    locked.reissue_reason = reason.strip()
    locked.save(update_fields=["reissue_on", "reissue_by", "reissue_reason"])
    facts = {"on": str(locked.reissue_on), "by": by.pk, "reason": locked.reissue_reason}
    log.append(LogEntry.Kind.REISSUE_ALLOWED, locked.number, facts)


def _valid(certificate: Certificate) -> Certificate:
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.status == Certificate.Status.REVOKED:
        raise ValidationError("证书已经撤销 / the certificate is revoked already")
    if locked.status != Certificate.Status.VALID:
        raise ValidationError(
            "证书已换发，请处理新的版本 / a newer version has replaced this certificate: go there"
        )
    return locked


def _close(found: Revocation, state: Revocation.State, by: User) -> None:
    found.state, found.decided_by, found.decided_at = state, by, timezone.now()
    found.save(update_fields=["state", "decided_by", "decided_at", "note"])


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError("请填写原因 / give the reason")
    return reason.strip()[:200]
