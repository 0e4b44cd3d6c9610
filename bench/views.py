"""What tenancy costs a page: statements and time, each beside the same view with tenancy off.

"Off" is the same request with the tenant found beforehand and the search path set once, as a
site with one schema has it: what remains is what finding and setting the tenant adds.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from certificates.register.models import RegisterEntry
from courses.models import VillageSession
from tenants.middleware import TenantMiddleware
from tenants.models import Tenant
from tenants.staff.models import User

ROUNDS = 40
BAR = 1.5  # times the page without tenancy


def _pages() -> list[tuple[str, str, str, list[str]]]:
    """Name, tenant, role and addresses: many rows, so that no row is hot."""
    codes = RegisterEntry.objects.values_list("code", flat=True)
    with tenant_context(Tenant.objects.get(slug="dunhua")):
        sessions = list(VillageSession.objects.values_list("pk", flat=True))
    return [
        ("catalogue", "dunhua", "", ["/"]),
        ("verify", "centre", "", [f"/c/{code}" for code in codes]),
        ("attendance", "dunhua", "trainer", [f"/desk/sessions/{pk}/" for pk in sessions]),
    ]


def _measure(client: Client, address: str) -> tuple[int, float]:
    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        answer = client.get(address)
        took = time.perf_counter() - began
    assert answer.status_code == 200, (address, answer.status_code)
    return len(captured), took * 1000


def run(say: Callable[..., bool]) -> bool:
    good = True
    for name, slug, role, addresses in _pages():
        tenant = Tenant.objects.get(slug=slug)
        client = Client(HTTP_HOST=f"{slug}.localhost")
        if role:
            with tenant_context(tenant):
                client.force_login(User.objects.get(username=role))

        def known(self: Any, request: Any, tenant: Tenant = tenant) -> None:
            """The middleware of a site with one tenant."""
            request.tenant = tenant
            if connection.schema_name != tenant.schema_name:
                connection.set_tenant(tenant)
            self.setup_url_routing(request)

        on, off = [], []
        for round_ in range(ROUNDS):
            address = addresses[round_ % len(addresses)]
            on.append(_measure(client, address))
            with patch.object(TenantMiddleware, "process_request", known):
                off.append(_measure(client, address))
        on, off = on[2:], off[2:]  # the first two fill caches
        for index, (unit, bar) in enumerate((("statements", None), ("ms", BAR))):
            with_it = [m[index] for m in on]
            without = [m[index] for m in off]
            ratio = statistics.median(with_it) / statistics.median(without)
            good &= say(
                name=f"{name} {unit}",
                value=round(statistics.median(with_it), 2),
                unit=unit,
                spread=[round(min(with_it), 2), round(max(with_it), 2)],
                off=round(statistics.median(without), 2),
                rows=len(addresses),
                rounds=len(on),
                ratio=round(ratio, 2),
                bar=bar,
                ok=bar is None or ratio <= bar,
            )
    return good
