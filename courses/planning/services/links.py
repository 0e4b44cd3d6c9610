"""Secret addresses for calendar programs: shown once, kept as a digest, gone when they are revoked."""

import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.planning.models import CalendarLink
from tenants.staff.models import User

SECRET_BYTES = 20  # 160 bits: nobody guesses one
MOST = 50  # links in use at a base


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


@transaction.atomic
def make_link(trainer: User | None, by: User) -> tuple[CalendarLink, str]:
    """The link and its secret, which nobody sees again. Raises ValidationError when there are too many."""
    if CalendarLink.objects.filter(revoked_at__isnull=True).count() >= MOST:
        raise ValidationError(
            f"在用的订阅已有 {MOST} 个，请先停用不用的"
            f" / {MOST} links are in use: revoke those that nobody needs"
        )
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = CalendarLink.objects.create(digest=_digest(secret), trainer=trainer, made_by=by)
    return made, secret


@transaction.atomic
def revoke_link(link: CalendarLink, by: User) -> None:
    """From now on nobody reads it. Harmless to repeat."""
    CalendarLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now(), revoked_by=by
    )


def link_behind(secret: str) -> CalendarLink | None:
    """The link in use that has this secret; notes the day on which it was read. A trainer whose account was
    closed reads nothing any more.
    """
    rows = CalendarLink.objects.filter(revoked_at__isnull=True).select_related("trainer")
    found = rows.filter(digest=_digest(secret)).first()
    if found is None or (found.trainer is not None and not found.trainer.is_active):
        return None
    today = timezone.localdate()
    if found.used_on != today:
        CalendarLink.objects.filter(pk=found.pk).update(used_on=today)
    return found
