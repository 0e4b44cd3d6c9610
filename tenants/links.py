"""The one builder of absolute URLs: a page's own `url` cannot be trusted outside a request."""

from django.conf import settings

from tenants import cells
from tenants.models import Domain, Tenant


def host_of(tenant: Tenant) -> str:
    return Domain.objects.get(tenant=tenant, is_primary=True).domain


def absolute(tenant: Tenant, path: str = "/") -> str:
    """The public address of `path` (with its leading slash) on the tenant's primary host,

    or on the site that another cell serves.
    """
    if address := cells.elsewhere(tenant, path):
        return address
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host_of(tenant)}{port}{path}"
