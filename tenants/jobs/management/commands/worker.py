from argparse import ArgumentParser
from typing import Any

from django.utils.crypto import get_random_string
from django_tasks_db.management.commands import db_worker

from tenants.jobs.worker import TenantWorker


class Command(db_worker.Command):
    help = "Run background jobs, each inside its tenant. Ctrl-C ends it after the current job."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="end when the queue is empty")
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks")

    def handle(self, *, verbosity: int, batch: bool, interval: float, **options: Any) -> None:
        self.configure_logging(verbosity)
        worker = TenantWorker(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        worker.configure_signals()
        worker.run()
