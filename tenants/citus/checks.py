"""Refuse TRAINBASE_CITUS=1 on a database that is no Citus coordinator."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from tenants.citus.placement import fault_of_database


class NoCoordinator(RuntimeError):
    """TRAINBASE_CITUS=1, but the database cannot place a schema."""


def check_database(**options: Any) -> list[CheckMessage]:
    """A system check; asks the database only under TRAINBASE_CITUS=1."""
    fault = fault_of_database() if settings.CITUS else None
    return [Error(fault, id="tenants.E001")] if fault else []


def refuse_database_without_citus() -> None:
    """For web server and worker, which run no system checks. Raises NoCoordinator."""
    if settings.CITUS and (fault := fault_of_database()):
        raise NoCoordinator(fault)
