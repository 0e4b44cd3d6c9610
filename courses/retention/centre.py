"""The centre's own records: what stays, and the messages that go when the archive's term is over.

Stays: monthly reports and shared figures (no person is in them), looks and decisions (append-only; of
staff, never of trainees). Messages have telephone numbers and addresses of people: they go.
"""

import hashlib
import json
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from courses.directory.models import RuleSet
from courses.retention.models import RetentionRun
from courses.retention.rules import is_over
from tenants.outbox.models import Message
from tenants.staff.models import User


def archive_years(today: date) -> int:
    """The longest one of the rule sets in force."""
    rows = RuleSet.objects.filter(effective_from__lte=today)
    rows = rows.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=today))
    found = rows.aggregate(most=Max("archive_years"))["most"]
    return int(found or RuleSet._meta.get_field("archive_years").default)


def old_messages() -> list[int]:
    """Keys of those past the term, today."""
    today = timezone.localdate()
    years = archive_years(today)
    rows = Message.objects.filter(created_at__year__lte=today.year - years, notice=None)
    return [
        pk
        for pk, at in rows.order_by("pk").values_list("pk", "created_at")
        if is_over(timezone.localdate(at), years, today)
    ]


def digest_of(messages: list[int]) -> str:
    """SHA-256 over the keys: whoever confirms it has seen just this list."""
    return hashlib.sha256(json.dumps({"messages": messages}).encode()).hexdigest()


@transaction.atomic
def clear_messages(digest: str, by: User) -> RetentionRun:
    """Delete the list of that digest, and nothing else. Raises ValidationError when the list of now is another
    one, or empty.
    """
    wanted = old_messages()
    if not wanted:
        raise ValidationError("没有到期的资料 / nothing is due")
    if digest_of(wanted) != digest.strip().lower():
        raise ValidationError(
            "清单已有变化，请重新查看后再确认 / the list has changed: look at it again, then confirm"
        )
    Message.objects.filter(pk__in=wanted).delete()
    return RetentionRun.objects.create(
        digest=digest_of(wanted),
        counts={"messages": len(wanted)},
        plan={"messages": wanted},
        by=by,
        said_by=str(by)[:100],
    )
