"""The centre signs the end of every base's issuance log, once a day, and publishes it."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.chain import FIRST, head_text
from certificates.models import LogEntry
from certificates.register.models import LogHead
from certificates.services.keys import TRUST, signing_key
from tenants.cells import is_here
from tenants.current import current_tenant
from tenants.models import Tenant


def publish(day: date | None = None) -> list[LogHead]:
    """Sign the heads of all bases of this centre for `day` (today); those that have one are passed
    over. Call it inside the centre's schema. A base with an empty log has a head of number 0.
    """
    day = day or timezone.localdate()
    centre = current_tenant()
    bases = Tenant.objects.filter(type=Tenant.Type.BASE, centre_id=centre.pk).order_by("pk")
    have = set(LogHead.objects.filter(day=day).values_list("tenant_id", flat=True))
    ends = {}
    for base in bases:
        if base.pk in have or not is_here(base):
            continue
        with tenant_context(base):
            last = LogEntry.objects.order_by("-seq").first()
            ends[base] = (last.seq, bytes(last.hash)) if last else (0, FIRST)
    with transaction.atomic():
        key, private = signing_key(day.year, TRUST)
        heads = [
            LogHead(
                tenant=base,
                day=day,
                seq=seq,
                hash=end,
                kid=key.kid,
                signature=private.sign(head_text(base.issuer_code, day, seq, end, key.kid)),
            )
            for base, (seq, end) in ends.items()
        ]
        return LogHead.objects.bulk_create(heads, ignore_conflicts=True)
