"""Let a phone in, and keep it out again."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.fieldlog.models import Device, Reading, Ticket
from courses.fieldlog.rules import envelope
from courses.fieldlog.services.project import hold_still, resettle
from tenants.staff.models import User

TICKET_LIFE = timedelta(minutes=15)


@dataclass(frozen=True)
class Enrolled:
    """`token` is shown to the phone once; only its digest is kept."""

    device: Device
    token: str


class TicketOver(ValueError):
    """Used, expired, or never given out: which of them is nobody's business."""


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def may_record(trainer: User) -> bool:
    return trainer.is_active and trainer.has_perm("courses.record_attendance")


@transaction.atomic
def new_ticket(trainer: User, by: User, all_classes: bool = False) -> str:
    """The secret for the QR. Raises ValidationError for somebody who may not take attendance."""
    if not may_record(trainer):
        raise ValidationError(
            f"{trainer} 没有考勤权限，请先给他教师角色"
            f" / {trainer} may not take attendance: give the trainer's role first"
        )
    secret = secrets.token_urlsafe(16)
    Ticket.objects.create(
        digest=_digest(secret),
        trainer=trainer,
        all_classes=all_classes,
        made_by=by,
        expires_at=timezone.now() + TICKET_LIFE,
    )
    return secret


@transaction.atomic
def enrol(secret: str, public_key: bytes, name: str, app: str) -> Enrolled:
    """The device of a ticket. The same key again gets the same device and a new token, since the
    first answer may have been lost on the way.

    Raises TicketOver, and ValueError for a key that is none.
    """
    envelope.public_key(public_key)
    ticket = Ticket.objects.select_for_update().filter(digest=_digest(secret)).first()
    if ticket is None or ticket.expires_at < timezone.now() or not may_record(ticket.trainer):
        raise TicketOver
    token = secrets.token_urlsafe(32)
    device = Device.objects.filter(ticket=ticket).first()
    if device is None:
        device = Device(ticket=ticket, trainer=ticket.trainer, all_classes=ticket.all_classes)
        device.public_key = public_key
    elif bytes(device.public_key) != public_key or device.revoked_at:
        raise TicketOver
    device.name, device.app = name[:60], app[:40]
    device.token_digest = _digest(token)
    device.last_contact_at = timezone.now()
    device.save()
    return Enrolled(device, token)


def device_of(token: str) -> Device | None:
    """The device that holds a token, revoked or not."""
    return Device.objects.select_related("trainer").filter(token_digest=_digest(token)).first()


def is_welcome(device: Device) -> bool:
    """Whether it is given lists of people: asked each time, whatever has changed and how."""
    return device.revoked_at is None and may_record(device.trainer)


@transaction.atomic
def keep_out(trainer: User, by: User) -> None:
    """Revoke the phones of somebody who has lost the account or the role. They stay revoked if both
    are given back: nobody knows in whose hands they were.
    """
    if may_record(trainer):
        return
    closed = not trainer.is_active
    reason = "账号已停用 / account closed" if closed else "已无考勤权限 / lost the right"
    for device in Device.objects.filter(trainer=trainer, revoked_at=None).order_by("pk"):
        revoke(device, by, reason)


@transaction.atomic
def revoke(device: Device, by: User, reason: str, lost_at: datetime | None = None) -> Device:
    """From now on no pack, and what the phone wrote after `lost_at` (now) is disputed. Nothing is
    lost by it: its events are still taken in. Raises ValidationError without a reason, or for a time
    to come.
    """
    lost_at = lost_at or timezone.now()
    if lost_at > timezone.now():
        raise ValidationError("停用时间不能晚于现在 / a phone is not revoked in the future")
    if not reason.strip():
        raise ValidationError("请填写停用原因 / say why the phone is revoked")
    # First: a pass that began before would read with the phone as it was, and end after us.
    hold_still()
    device = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = lost_at, by
        device.revoke_reason = reason.strip()[:200]
        device.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
        later = Reading.objects.filter(event__device=device, at__gt=lost_at)
        later.update(after_revocation=True)
        resettle(set(later.exclude(session=None).values_list("session_id", flat=True)))
    return device
