"""Whatever is said on public pages of certificates changes them at once: names, phone, plugins of the
centre, designations of a base.
"""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from certificates.register import documents
from tenants.designations.models import Step
from tenants.models import Tenant


@receiver(post_save, sender=Tenant)
def tenant_changed(instance: Tenant, created: bool, **kwargs: Any) -> None:
    if created:
        return
    if instance.type == Tenant.Type.CENTRE:
        documents.drop_of_centre(instance)
    else:
        documents.drop(instance.pk)


@receiver(post_save, sender=Step)
def designation_changed(instance: Step, **kwargs: Any) -> None:
    if instance.base.tenant_id:
        documents.drop(instance.base.tenant_id)
