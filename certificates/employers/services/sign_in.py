"""Let an employer in by a link that was sent to it, for a short while, and end that at once."""

import secrets
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from certificates.employers.models import Employer, EmployerSession, SignInLink
from tenants import crypto
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.outbox.channels import way_to
from tenants.outbox.services import forget_secret, send_message

LINK_LIVES = timedelta(minutes=30)
SESSION_LIVES = timedelta(hours=8)


def _digest(token: str, purpose: str) -> bytes:
    return crypto.keyed_digest(token, f"employers/{purpose}", current_tenant().uuid.bytes)


@transaction.atomic
def send_link(uscc: str) -> bool:
    """Send a link to the official address of an approved employer; False when there is none, which the
    one who asks is not told. An older link is void.
    """
    found = Employer.objects.select_for_update().filter(
        centre_id=current_tenant().pk, uscc=uscc.strip().upper(), state=Employer.State.APPROVED
    )
    employer = found.first()
    if employer is None:
        return False
    now = timezone.now()
    SignInLink.objects.filter(employer=employer, used_at__isnull=True).update(expires_at=now)
    token = secrets.token_urlsafe(24)
    SignInLink.objects.create(
        employer=employer, digest=_digest(token, "link"), expires_at=now + LINK_LIVES
    )
    to = employer.email or employer.phone
    address = absolute(current_tenant(), f"/employers/in/{token}/")
    text = (
        f"{employer.name} 登录链接（30 分钟内有效，只能用一次）：{address} 不是您本人申请的，请勿转发。"
        f" / Sign-in link of {employer.name}: valid for 30 minutes, once. Do not pass it on."
    )
    send_message(to, "用人单位登录", text, way_to(to), secret=token)
    return True


def can_enter(token: str) -> Employer | None:
    """Whose link this is, while it can be used."""
    link = _usable().filter(digest=_digest(token, "link")).select_related("employer").first()
    return link.employer if link else None


def _usable() -> models.QuerySet[SignInLink]:
    return SignInLink.objects.filter(
        used_at__isnull=True,
        expires_at__gt=timezone.now(),
        employer__state=Employer.State.APPROVED,
        employer__centre_id=current_tenant().pk,
    )


@transaction.atomic
def enter(token: str) -> str:
    """Use a link up and begin a session; its secret, or nothing when the link is used or too old."""
    link = _usable().select_for_update(of=("self",)).filter(digest=_digest(token, "link")).first()
    if link is None:
        return ""
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    forget_secret(token)
    secret = secrets.token_urlsafe(24)
    EmployerSession.objects.create(
        employer_id=link.employer_id,
        digest=_digest(secret, "session"),
        expires_at=link.used_at + SESSION_LIVES,
    )
    return secret


def signed_in(secret: str) -> Employer | None:
    """The employer of a session that still lasts."""
    if not secret:
        return None
    found = EmployerSession.objects.filter(
        digest=_digest(secret, "session"),
        ended_at__isnull=True,
        expires_at__gt=timezone.now(),
        employer__state=Employer.State.APPROVED,
        employer__centre_id=current_tenant().pk,
    )
    session = found.select_related("employer").first()
    return session.employer if session else None


def end(secret: str) -> None:
    EmployerSession.objects.filter(digest=_digest(secret, "session"), ended_at__isnull=True).update(
        ended_at=timezone.now()
    )


def end_all(employer: Employer) -> int:
    """End every session and void every link of the employer; how many sessions were ended."""
    now = timezone.now()
    SignInLink.objects.filter(employer=employer, used_at__isnull=True).update(expires_at=now)
    return employer.sessions.filter(ended_at__isnull=True, expires_at__gt=now).update(ended_at=now)
