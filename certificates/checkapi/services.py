"""Make and end keys; answer for a list, and count it. The only writers."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from certificates.checkapi.models import ApiKey, ApiUse
from certificates.register import many
from certificates.register.checks.services import API, note
from tenants import crypto
from tenants.current import current_tenant
from tenants.staff.models import User

PURPOSE = "check-api/key"
BEGINNING = "tbk_"


@dataclass(frozen=True)
class Quota:
    """Certificates of the day; `resets_at` is the next midnight here."""

    limit: int
    used: int
    resets_at: datetime

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)


class OverQuota(Exception):
    """More was asked than is left of the day: nothing was answered, and nothing counted."""

    def __init__(self, quota: Quota) -> None:
        super().__init__("over quota")
        self.quota = quota


def make_key(name: str, contact: str, quota: int, by: User | None) -> tuple[ApiKey, str]:
    """The key in clear is returned once and kept nowhere. Raises ValidationError."""
    plain = BEGINNING + secrets.token_urlsafe(32)
    made = ApiKey(name=name.strip(), contact=contact.strip(), quota=quota, made_by=by)
    made.digest, made.shown = _digest(plain), plain[:10]
    made.full_clean(exclude=["digest", "made_by", "ended_by", "ended_at"])
    made.save()
    return made, plain


@transaction.atomic
def end_key(key: ApiKey, reason: str, by: User | None) -> None:
    """From now on it opens nothing. Raises ValidationError."""
    held = ApiKey.objects.select_for_update().get(pk=key.pk)
    if held.ended_at:
        raise ValidationError("这把密钥已经停用 / this key has ended already")
    if not reason.strip():
        raise ValidationError("请写明停用原因 / say why it ends")
    held.ended_at, held.ended_by, held.end_reason = timezone.now(), by, reason.strip()[:200]
    held.save(update_fields=["ended_at", "ended_by", "end_reason"])


def key_of(plain: str) -> ApiKey | None:
    """The key that was given, ended ones too."""
    if not plain.startswith(BEGINNING) or len(plain) > 100 or not plain.isascii():
        return None
    return ApiKey.objects.filter(digest=_digest(plain)).first()


def _digest(plain: str) -> bytes:
    return crypto.keyed_digest(plain, PURPOSE, current_tenant().uuid.bytes)


def quota_of(key: ApiKey) -> Quota:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    answered = key.uses.filter(at__gte=today, outcome=ApiUse.Outcome.ANSWERED)
    used = answered.aggregate(total=Sum("asked"))["total"] or 0
    return Quota(key.quota, used, today + timedelta(days=1))


def check(key: ApiKey, items: Sequence[tuple[str, str]]) -> tuple[list[many.Line], Quota]:
    """Judge each (number, name), in order. Requests of one key are answered one after the other, so
    that no two of them share the last of its quota. Raises OverQuota.
    """
    try:
        with transaction.atomic():
            held = ApiKey.objects.select_for_update().get(pk=key.pk)
            before = quota_of(held)
            if len(items) > before.left:
                raise OverQuota(before)
            lines = [many.judge(number, name) for number, name in items]
            matches = [line.entry for line in lines if line.matches and line.entry is not None]
            ApiUse.objects.create(
                key=held, asked=len(items), matches=sum(line.matches for line in lines)
            )
            note(matches, API, held.name)
    except OverQuota:
        ApiUse.objects.create(key=key, asked=len(items), outcome=ApiUse.Outcome.OVER_QUOTA)
        raise
    return lines, Quota(before.limit, before.used + len(items), before.resets_at)
