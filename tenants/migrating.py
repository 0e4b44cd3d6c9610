"""Bring every schema up to the code's migrations, knowing at a glance which ones are behind.

A schema that is current carries the digest of the code's migrations as its comment, written when
its migrations have ended. One catalogue query reads all of them, however many bases there are; a
new base inherits the comment with the copy of the template. A schema without the right comment is
migrated: that it was current after all costs a second and harms nothing.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import get_tenant_base_migrate_command_class

from tenants.citus import placement
from tenants.current import connection
from tenants.models import Tenant
from tenants.plugins.discover import culprit
from tenants.signals import content_version_asked, template_prepared


@dataclass(frozen=True)
class Migrated:
    """What became of one schema; `error` is empty when it is current now."""

    schema: str
    seconds: float
    error: str = ""


@cache
def wanted() -> str:
    """The digest of all tenant migrations of this code, and of the roles that it hands out."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    labels = {
        config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS
    }
    keys = sorted(key for key in MigrationLoader(None).disk_migrations if key[0] in labels)
    given = sorted(str(said) for _, said in content_version_asked.send(sender=None))
    return "migrations:" + hashlib.sha256(repr((keys, given)).encode()).hexdigest()[:32]


def behind() -> list[str]:
    """The schemas of this cell's tenants that are not current: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.schema_name FROM public.{Tenant._meta.db_table} t "
            "LEFT JOIN pg_namespace n ON n.nspname = t.schema_name "
            "WHERE t.cell = %s"
            " AND obj_description(n.oid, 'pg_namespace') IS DISTINCT FROM %s ORDER BY t.id",
            [settings.CELL, wanted()],
        )
        return [name for (name,) in cursor.fetchall()]


def is_current(schema: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s",
            [schema],
        )
        row = cursor.fetchone()
    return row is not None and row[0] == wanted()


def migrate_schema(schema: str, make: bool = False) -> None:
    """Migrate one schema; one at a time each, by an advisory lock.

    A schema that is gone is an error, and not an empty base; only the template is made anew.

    Killed in the middle it goes on where it was: each migration is a transaction, and the comment
    is written last.
    """
    lock = int.from_bytes(hashlib.sha256(f"migrate {schema}".encode()).digest()[:7], "big")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if make:
                if settings.CITUS:
                    placement.keep_local(cursor)
                cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
            cursor.execute(f'COMMENT ON SCHEMA "{schema}" IS NULL')
        # Without the public schema in sight: its django_migrations must not be taken for this one's.
        connection.set_schema(schema, tenant_type="base", include_public=False)
        MigrationRecorder(connection).ensure_schema()
        connection.set_schema(schema, tenant_type="base")
        call_command(get_tenant_base_migrate_command_class()(), interactive=False, verbosity=0)
        template_prepared.send(sender=None)
        with connection.cursor() as cursor:
            cursor.execute(f'COMMENT ON SCHEMA "{schema}" IS %s', [wanted()])
    finally:
        connection.set_schema_to_public()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def _timed(schema: str) -> float:
    began = time.perf_counter()
    migrate_naming_plugins(schema)
    return time.perf_counter() - began


def migrate_naming_plugins(schema: str, make: bool = False) -> None:
    """`migrate_schema`; an error in a plugin's migration says whose it is, for its owner to see."""
    try:
        migrate_schema(schema, make)
    except Exception as error:
        if entry := culprit(error):
            raise RuntimeError(
                f"插件 {entry.name} 的迁移失败 / a migration of the plugin {entry.name} failed: {error}"
            ) from error
        raise


def migrate_all(
    schemas: Iterable[str], workers: int = 0, report: Callable[[Migrated], None] = lambda m: None
) -> list[Migrated]:
    """Migrate `schemas` in processes of their own, one a core unless `workers` says otherwise.

    A base that fails is reported and left behind; it stops no other.
    """
    schemas = list(schemas)
    if not schemas:
        return []
    workers = min(workers or os.cpu_count() or 1, len(schemas))
    done = []
    # django.setup and not a function of ours: this module cannot be read before it has run.
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=django.setup
    ) as pool:
        running = {pool.submit(_timed, schema): schema for schema in schemas}
        for future in as_completed(running):
            error = future.exception()
            said = f"{type(error).__name__}: {error}"[:500] if error else ""
            result = Migrated(running[future], 0.0 if error else future.result(), said)
            report(result)
            done.append(result)
    return done
