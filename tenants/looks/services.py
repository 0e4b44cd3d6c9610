"""Write down a look before it happens. Whoever shows an ID to a person calls `record` first."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from tenants.current import current_tenant
from tenants.looks.models import Look
from tenants.looks.shared.models import BaseLook
from tenants.staff.models import User

SHORTEST = 2  # characters: a reason is a word at least


@dataclass(frozen=True)
class Reason:
    """Why somebody looks: a kind of `Look.Why`, and in words."""

    why: str
    text: str


@transaction.atomic
def record(what: str, subject: str, key: int, people: int, reason: Reason, by: User) -> Look:
    """The look of `by` at the IDs of `people` others, for the base and, without `subject`, for the
    centre. Show nothing before it returns. Raises ValidationError without a reason, and PermissionError
    for somebody who may see no ID.
    """
    if not by.has_perm("looks.see_resident_id"):
        raise PermissionError(f"{by.pk} may see no resident ID")
    if reason.why not in Look.Why.values:
        raise ValidationError({"why": "请选择查看事由 / choose the kind of reason"})
    text = reason.text.strip()[:200]
    if len(text) < SHORTEST:
        raise ValidationError({"text": "请写明为什么要看 / say why you have to see it"})
    look = Look.objects.create(
        what=Look.What(what), subject=subject[:200], key=key, people=people, why=reason.why,
        text=text, by=by,
    )  # fmt: skip
    BaseLook.objects.create(
        tenant_id=current_tenant().pk,
        number=look.pk,
        at=look.at,
        by=str(by)[:150],
        what=look.what,
        people=people,
        why=look.why,
        text=text,
    )
    return look


def looks_at(what: str, keys: list[int]) -> QuerySet[Look]:
    """The looks at these rows, the newest first."""
    found: QuerySet[Look] = Look.objects.filter(what=what, key__in=keys).select_related("by")
    return found
