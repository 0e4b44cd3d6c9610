"""Which tenant a host name belongs to, remembered in this process for a few seconds.

A change drops the memory at once in the process that makes it, and after `SECONDS` elsewhere.
"""

import copy
import time
from dataclasses import dataclass
from typing import Any

from django.db.models.signals import post_delete, post_save

from tenants.models import Domain, Tenant

SECONDS = 5.0
MOST = 4096  # host names; what a stranger makes up is not remembered


@dataclass(frozen=True)
class Found:
    """`primary` is the tenant's own host: another one of its hosts leads there."""

    tenant: Tenant
    primary: str


_known: dict[str, tuple[float, Found]] = {}


def find(host: str) -> Found | None:
    """The tenant of a host name; asks the database at most once in `SECONDS` for each host."""
    kept = _known.get(host)
    if kept and time.monotonic() - kept[0] < SECONDS:
        return _own(kept[1])
    domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    if domain is None:
        return None
    primary = host
    if not domain.is_primary:
        primary = Domain.objects.get(tenant_id=domain.tenant_id, is_primary=True).domain
    found = Found(domain.tenant, primary)
    if domain.tenant.moving:
        return found  # each request asks anew: the switch to another cell counts at once
    if len(_known) >= MOST:
        _known.clear()
    _known[host] = (time.monotonic(), found)
    return _own(found)


def _own(found: Found) -> Found:
    """Each request gets a tenant of its own: middleware writes on it."""
    return Found(copy.copy(found.tenant), found.primary)


def forget(**kwargs: Any) -> None:
    _known.clear()


def connect() -> None:
    """Called when the apps are ready."""
    for sender in (Tenant, Domain):
        for signal in (post_save, post_delete):
            signal.connect(forget, sender=sender, dispatch_uid=f"forget-hosts-{id(signal)}")
