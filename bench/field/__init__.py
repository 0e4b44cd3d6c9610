"""`script/bench field [--kills N]`: the field log under kills, in a crowd, and beside a bare database."""

from collections.abc import Callable


def run(say: Callable[..., bool], kills: int) -> bool:
    from django_tenants.utils import tenant_context

    from bench.field import crowd, ingest, pack, reading, roll
    from bench.field import kills as killing
    from tenants.models import Tenant

    works = (
        lambda: killing.run(say, kills),
        lambda: crowd.run(say),
        lambda: ingest.run(say),
        lambda: reading.run(say),
        lambda: pack.run(say),
        lambda: roll.run(say),
    )
    with tenant_context(Tenant.objects.get(slug="dunhua")):
        good = [work() for work in works]  # all of them, whatever the first says
    return all(good)
