"""Failures of plugins: logged, counted, shown on the Plugins page, and no page broken by them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from tenants.current import connection

log = logging.getLogger("trainbase.plugins")


@dataclass
class Outcome:
    value: Any = None
    failed: bool = False
    error: str = ""


@contextmanager
def kept(plugin: str, point: str) -> Iterator[Outcome]:
    """Whatever fails inside is recorded, and its half-done writes are undone."""
    outcome = Outcome()
    try:
        with transaction.atomic():
            yield outcome
    except (Exception, SystemExit) as error:
        outcome.failed, outcome.value = True, None
        outcome.error = f"{type(error).__name__}: {error}"[:300]
        record(plugin, point, error)


def record(plugin: str, point: str, error: BaseException) -> None:
    """Log the failure and count it in this tenant. Never raises."""
    log.error("plugin %s failed in %s", plugin, point, exc_info=error)
    from tenants.plugins.models import PluginFault

    if not getattr(connection.tenant, "pk", None) or connection.needs_rollback:
        return
    said = f"{type(error).__name__}: {error}"[:300]
    try:
        with transaction.atomic():
            row, made = PluginFault.objects.get_or_create(plugin=plugin, point=point, error=said)
            if not made:
                PluginFault.objects.filter(pk=row.pk).update(
                    count=F("count") + 1, last_at=timezone.now()
                )
    except DatabaseError:
        log.exception("the failure of %s could not be counted", plugin)
