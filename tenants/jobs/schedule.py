"""What the core does again and again in every tenant of a type, by the worker's clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context, tenant_context

from tenants.models import Due, Tenant


@dataclass(frozen=True)
class _Regular:
    fn: Callable[[], Any]
    type: str
    minutes: int


_regular: dict[str, _Regular] = {}


def every(name: str, *, minutes: int, type: str) -> Callable[[Callable[[], Any]], Any]:
    """Register a function that runs in each tenant of the type, each so many minutes."""

    def register(fn: Callable[[], Any]) -> Callable[[], Any]:
        if name in _regular:
            raise ValueError(f"{name} is registered twice")
        _regular[name] = _Regular(fn, type, minutes)
        return fn

    return register


@task()
def run_regular(name: str) -> None:
    """Runs inside the tenant. A name of another version is no longer known: nothing to do."""
    if name in _regular:
        _regular[name].fn()


def enqueue_regular() -> int:
    """Queue what is due in the tenants of this cell; how many. Several workers may ask."""
    queued, now = 0, timezone.now()
    with schema_context("public"):
        tenants = list(Tenant.objects.filter(cell=settings.CELL, moving="", closed_on__isnull=True))
        known = {(row.tenant_id, row.name): row.at for row in Due.objects.all()}
    for tenant in tenants:
        for name, regular in _regular.items():
            at = known.get((tenant.pk, name))
            if tenant.type != regular.type or (at is not None and at > now):
                continue
            with transaction.atomic(), schema_context("public"):
                if at is None:
                    Due.objects.bulk_create(
                        [Due(tenant=tenant, name=name, at=now)], ignore_conflicts=True
                    )
                due = Due.objects.filter(tenant=tenant, name=name, at__lte=now)
                if not due.update(at=now + timedelta(minutes=regular.minutes)):
                    continue
                with tenant_context(tenant):
                    run_regular.enqueue(name)
                queued += 1
    return queued
