"""In the transaction of the issue: no certificate that its holder cannot open."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from certificates.holders.proof import proof_of
from certificates.holders.shared.models import HolderProof
from certificates.models import Certificate
from tenants.current import current_tenant


@receiver(post_save, sender=Certificate)
def prove(instance: Certificate, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if created and not raw:
        HolderProof.objects.create(
            code=instance.code,
            tenant_id=current_tenant().pk,
            proof=proof_of(instance.code, instance.trainee.id_last4),
        )
