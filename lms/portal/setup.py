"""A new centre's front page."""

from typing import Any

from django.dispatch import receiver

from courses.services.site import set_front_page
from lms.portal.models import CentreHomePage
from tenants.models import Tenant
from tenants.signals import tenant_created


@receiver(tenant_created)
def make_front_page(tenant: Tenant, host: str, **kwargs: Any) -> None:
    if tenant.type == Tenant.Type.CENTRE:
        set_front_page(CentreHomePage(title=tenant.name, slug="front"), host)
