"""What follows elsewhere: a certificate keeps its design, a publication takes effect."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import published, unpublished

from certificates.designs.models import CertificateDesign
from certificates.designs.services import designs
from certificates.models import Certificate


@receiver(post_save, sender=Certificate)
def keep_design(instance: Certificate, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """In the transaction of the issue: no certificate without the design of its day."""
    if created and not raw:
        designs.freeze(instance)


@receiver(published, sender=CertificateDesign)
def take_into_use(instance: CertificateDesign, **kwargs: Any) -> None:
    designs.take_into_use(instance)


@receiver(unpublished, sender=CertificateDesign)
@receiver(post_delete, sender=CertificateDesign)
def withdraw(instance: CertificateDesign, **kwargs: Any) -> None:
    designs.withdraw(instance)
