"""Work of plugins: long jobs with progress, and what is due again and again in every tenant."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tenants.utils import schema_context, tenant_context

from tenants.jobs.services import Work, job
from tenants.models import Due, Tenant
from tenants.plugins import faults
from tenants.plugins.points import Contribution, Point, Policy, Registered
from tenants.plugins.registry import is_on

Every = Callable[[Callable[[], Any]], Callable[[], Any]]


class Jobs(Point[Any]):
    """The point of jobs: `work` registers a kind of JobRun, `every` what runs by the clock."""

    def __init__(self) -> None:
        super().__init__("jobs", Policy.SKIP)
        self._every: dict[str, tuple[Contribution[Any], int]] = {}

    def work(self, kind: str, title: Any) -> Callable[[Work], Work]:
        """Register `(run, progress) -> dict` under `PLUGIN.NAME`; it must be safe to run twice."""

        def register(work: Work) -> Work:
            self._add(work, 100)
            owner = next(c.plugin for c in self._all if c.fn is work)
            if not kind.startswith(f"{owner}."):
                raise Registered(f"{owner}: {kind} 应以 {owner}. 开头 / must begin with {owner}.")

            def guarded(run: Any, progress: Any) -> dict[str, Any]:
                if not is_on(owner):
                    return {"skipped": owner}
                return work(run, progress)

            job(kind, title)(guarded)
            return work

        return register

    def every(self, *, minutes: int) -> Every:
        """Run a function in each tenant that has the plugin, each so many minutes (at least 1)."""
        if minutes < 1:
            raise Registered("至少 1 分钟 / at least one minute")

        def register(fn: Callable[[], Any]) -> Callable[[], Any]:
            self._add(fn, 100)
            contribution = next(c for c in self._all if c.fn is fn)
            name = f"{contribution.plugin}.{contribution.name}"
            if name in self._every:
                raise Registered(f"{name} 登记了两次 / is registered twice")
            self._every[name] = (contribution, minutes)
            return fn

        return register

    def scheduled(self) -> dict[str, tuple[Contribution[Any], int]]:
        return dict(self._every)


jobs = Jobs()


@task()
def run_scheduled(name: str) -> None:
    """Runs inside the tenant; a failure is recorded, and the next time comes all the same."""
    contribution, _minutes = jobs.scheduled().get(name, (None, 0))
    if contribution is not None and is_on(contribution.plugin):
        with faults.kept(contribution.plugin, "jobs"):
            contribution.fn()


def enqueue_due() -> int:
    """Queue what is due in the tenants of this cell; returns how many. Several workers may ask."""
    queued = 0
    wanted = jobs.scheduled()
    if not wanted:
        return 0
    now = timezone.now()
    with schema_context("public"):
        tenants = list(Tenant.objects.filter(cell=settings.CELL, moving="", closed_on__isnull=True))
        known = {(row.tenant_id, row.name): row.at for row in Due.objects.all()}
    for tenant in tenants:
        for name, (contribution, minutes) in wanted.items():
            at = known.get((tenant.pk, name))
            if not is_on(contribution.plugin, tenant) or (at is not None and at > now):
                continue
            with transaction.atomic(), schema_context("public"):
                if at is None:
                    Due.objects.bulk_create(
                        [Due(tenant=tenant, name=name, at=now)], ignore_conflicts=True
                    )
                due = Due.objects.filter(tenant=tenant, name=name, at__lte=now)
                if not due.update(at=now + timedelta(minutes=minutes)):
                    continue
                with tenant_context(tenant):
                    run_scheduled.enqueue(name)
                queued += 1
    return queued
