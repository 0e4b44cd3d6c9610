"""The centre's word on a request. A change that is approved is made in the same transaction."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django_tenants.utils import tenant_context

from courses.planning.services import tell
from courses.planning.services.proposals import carry_change
from courses.requests.models import ClassRequest
from courses.requests.rules.steps import OFFICERS
from courses.requests.services.steps import By, facts_of, take_step
from tenants.models import Tenant


@transaction.atomic
def decide(
    number: str, kind: str, by: By, *, version: int, reason: str = "", document: str = ""
) -> ClassRequest:
    """Approve, return or refuse the version that was looked at. Raises ValidationError.

    Approving a change changes the class: when that can no longer be done, nothing is approved.
    """
    if kind not in OFFICERS:
        raise ValidationError("请选批准、退回或不予批准 / approve, return or refuse it")
    found = take_step(number, kind, by, version=version, reason=reason, document=document)
    base, facts = Tenant.objects.get(pk=found.tenant_id), facts_of(found)
    if kind == "approve" and found.kind == "change":
        with tenant_context(base):
            carry_change(number, facts, by)
        found = take_step(number, "carry", by)
    title = str(found.steps.filter(kind=kind).latest("number").get_kind_display())
    tell.base(base, found, facts.contact_phone, title, reason)
    return found
