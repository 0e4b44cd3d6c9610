"""The demo of the plugins that are installed: none is known here by its name."""

from django.db import transaction
from django_tenants.utils import tenant_context

from tenants.models import Tenant
from tenants.plugins.registry import installed
from tenants.plugins.services import switch


def demonstrate() -> None:
    """Switch each plugin that has a `demo` on where nobody has decided yet, and let it make its demo."""
    for tenant in Tenant.objects.order_by("id"):
        for name, config in installed().items():
            decided = {entry.lstrip("-") for entry in tenant.plugins}
            if name in decided or not config.made_for(tenant.type) or not hasattr(config, "demo"):
                continue
            with transaction.atomic():
                switch(tenant, name, True, "演示", at_centre=True)
                tenant.refresh_from_db()
                with tenant_context(tenant):
                    config.demo(tenant)
