"""The worker: django-tasks' own, made to know tenants and to take over from the dead."""

import gc
import hashlib
import logging
import threading
import time
from datetime import timedelta

from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tenants.utils import tenant_context

from tenants.cells import is_here
from tenants.citus.checks import refuse_database_without_citus
from tenants.models import Tenant
from tenants.pooling import refuse_transaction_pooling

POSTPONED = 20  # seconds
CLOCK = 20  # seconds between two looks at what is due
log = logging.getLogger("trainbase.worker")


def _lock_number(worker_id: str) -> int:
    digest = hashlib.sha256(f"trainbase worker {worker_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


class TenantWorker(Worker):
    """Runs each job inside its tenant.

    A living worker holds an advisory lock of its database session: the lock falls when the
    process dies, however it dies. Tasks of a worker without a lock go back into the queue.
    """

    def run(self) -> None:
        refuse_transaction_pooling()
        refuse_database_without_citus()
        self._announce()
        requeue_orphans()
        threading.Thread(target=self._look_at_the_clock, name="schedule", daemon=True).start()
        settle()
        super().run()

    def _look_at_the_clock(self) -> None:
        """Queue what the core and plugins have due, on a connection of this thread's own."""
        from tenants.jobs.schedule import enqueue_regular
        from tenants.plugins.schedule import enqueue_due

        while self.running:
            try:
                enqueue_regular()
                enqueue_due()
            except Exception:
                log.exception("the schedule could not be read; it is tried again")
                connection.close()
            time.sleep(CLOCK)

    def _announce(self) -> None:
        """On a connection of its own: the working one is renewed every few minutes."""
        self._sign_of_life = connection.copy()
        with self._sign_of_life.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_lock_number(self.worker_id)])

    def run_task(self, db_task_result: DBTaskResult) -> None:
        tenant = Tenant.objects.filter(
            schema_name=db_task_result.args_kwargs.get("tenant", "")
        ).first()
        if tenant is None:
            db_task_result.set_failed(SuspiciousOperation("a job without a tenant is refused"))
            return
        if not is_here(tenant):
            db_task_result.set_failed(SuspiciousOperation(f"{tenant.slug} is in {tenant.cell}"))
            return
        if tenant.moving:
            postpone(db_task_result)
            return
        with tenant_context(tenant):
            super().run_task(db_task_result)


def settle() -> None:
    """Leave what was loaded at the start out of every later look for garbage: else one in eight seconds of a
    long import goes into walking through code that stays anyway.
    """
    gc.collect()
    gc.freeze()


def postpone(row: DBTaskResult) -> None:
    """Back into the queue, for later: the base is being moved."""
    DBTaskResult.objects.filter(pk=row.pk).update(
        status=TaskResultStatus.READY,
        started_at=None,
        run_after=timezone.now() + timedelta(seconds=POSTPONED),
    )


def requeue_orphans() -> int:
    """Put the running tasks of dead workers back into the queue; returns how many."""
    moved = 0
    for row in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        worker_id = row.worker_ids[-1] if row.worker_ids else ""
        if not _lives(worker_id):
            moved += DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING).update(
                status=TaskResultStatus.READY, started_at=None
            )
    return moved


def _lives(worker_id: str) -> bool:
    number = _lock_number(worker_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            return True
        cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
        return False
