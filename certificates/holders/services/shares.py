"""Links that a holder gives away: made, opened, taken back. The only writers of `Share`."""

import base64
import hmac
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils import timezone

from certificates.holders.services.held import entries_of
from certificates.holders.shared.models import Share
from certificates.register.checks.services import SHARED_LINK, note
from certificates.register.models import RegisterEntry
from tenants import crypto

DAYS = (7, 30)
MOST = 20  # links of a person that are open at once
PURPOSE = "holder/share"
MAC = 12  # bytes of the address that prove it


def share(
    person: bytes, codes: Sequence[str], days: int, papers: bool = False, label: str = ""
) -> Share:
    """Raises ValidationError."""
    own = {entry.code for entry in entries_of(person)}
    chosen = [code for code in dict.fromkeys(codes) if code in own]
    if not chosen:
        raise ValidationError("请至少选一份证书 / choose at least one certificate")
    if days not in DAYS:
        raise ValidationError("请选择 7 天或 30 天 / choose 7 or 30 days")
    if open_shares(person).count() >= MOST:
        raise ValidationError(
            f"有效的链接已有 {MOST} 个，请先收回不用的 / {MOST} links are open: take some back first"
        )
    now = timezone.now()
    return Share.objects.create(
        person=person,
        codes=chosen,
        label=label.strip()[:40],
        papers=papers,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )


def open_shares(person: bytes) -> QuerySet[Share]:
    return Share.objects.filter(
        person=person, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    )


def withdraw(person: bytes, which: uuid.UUID) -> None:
    """From the next request on the link opens nothing. Harmless for one that is not the person's."""
    open_shares(person).filter(uuid=which).update(withdrawn_at=timezone.now())


def token_of(found: Share) -> str:
    raw = found.uuid.bytes + _mac(found.uuid)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def share_of(token: str) -> Share | None:
    """None for what was never given, has expired or was taken back: nobody is told which."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(raw) != 16 + MAC:
        return None
    which = uuid.UUID(bytes=raw[:16])
    if not hmac.compare_digest(raw[16:], _mac(which)):
        return None
    return Share.objects.filter(
        uuid=which, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    ).first()


def shared_entries(found: Share) -> list[RegisterEntry]:
    return [e for e in entries_of(bytes(found.person)) if e.code in found.codes]


def opened(found: Share) -> None:
    """Somebody has looked: counted on the link, and among the checks of each certificate."""
    Share.objects.filter(pk=found.pk).update(opened=F("opened") + 1, opened_at=timezone.now())
    note(shared_entries(found), SHARED_LINK, found.label or "—")


def _mac(which: uuid.UUID) -> bytes:
    return crypto.keyed_digest(which.hex, PURPOSE)[:MAC]
