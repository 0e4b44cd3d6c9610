"""Move a base to another cell: dump, verify counts and digests, switch, redirect.

The base is read all the while but for the last moment; whoever would write is asked to wait. The
switch is one transaction of the cell that is left. Killed before it, nothing has happened and the
move begins anew; killed after it, the next call ends it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import OperationalError
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from django_tenants.utils import schema_exists

from lms.archive import shell
from lms.archive.tables import LEFT_OUT, SHARED, digest, lines, shared_rows
from lms.archive.write import write_archive
from tenants import cells, hosts
from tenants.cells import Cell
from tenants.current import connection
from tenants.models import SiteChange, Tenant

MANAGE = Path(__file__).parents[2] / "manage.py"
DRAIN = 30  # seconds that open jobs have to end
GRACE = 1.5  # seconds for whoever was let in just now to ask the first table
LOCK = "10s"  # for requests that are under way to end


@dataclass(frozen=True)
class Moved:
    """What the move was: rows and files that arrived, and how long writers and readers waited."""

    cell: str
    rows: int = 0
    files: int = 0
    seconds_without_writes: float = 0.0
    seconds_without_reads: float = 0.0


def move(slug: str, name: str, by: str) -> Moved:
    """Move the base `slug` to the cell `name`. Raises ValidationError; the base stays then."""
    target = _target(name)
    tenant = _tenant(slug)
    with _alone(tenant):
        if tenant.cell == target.name:
            return _finish(tenant, target, Moved(target.name))
        if not cells.is_here(tenant) or tenant.moving == Tenant.Moving.HELD:
            raise ValidationError(
                f"{slug} 不在本分区，请在分区“{tenant.cell}”上运行 / {slug} is not here: run this"
                f" in the cell {tenant.cell}"
            )
        if schema_exists(shell.left_schema(tenant)):
            raise ValidationError(
                f"上次迁出留下的模式 {shell.left_schema(tenant)} 还在，请先运行 base_move {slug} --forget"
                f" / the schema of the last move is still here: run base_move {slug} --forget first"
            )
        try:
            return _finish(tenant, target, _carry(tenant, target, by))
        except BaseException:
            connection.set_schema_to_public()
            let_go(slug)
            raise


def _target(name: str) -> Cell:
    target = cells.all_cells().get(name)
    if target is None or name == settings.CELL:
        listed = ", ".join(cell.name for cell in cells.others()) or "—"
        raise ValidationError(f"可迁往的分区 / cells to move to: {listed}")
    if not (target.database and target.files and target.address):
        raise ValidationError(
            f"分区文件没有写明 {name} 的 address、database 和 files"
            f" / the file of cells lacks address, database or files of {name}"
        )
    return target


def _tenant(slug: str) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug, type=Tenant.Type.BASE).first()
    if tenant is None:
        raise ValidationError(f"没有基地 {slug} / no base {slug}")
    return tenant


@contextmanager
def _alone(tenant: Tenant) -> Iterator[None]:
    """One move of a base at a time, by a lock of a session of its own."""
    number = int.from_bytes(hashlib.sha256(b"move" + tenant.uuid.bytes).digest()[:7], "big")
    with _beside() as link:
        row = link.execute("SELECT pg_try_advisory_lock(%s)", [number]).fetchone()
        if not (row and row[0]):
            raise ValidationError("这个基地正在搬迁中 / this base is being moved already")
        yield


def _beside() -> psycopg.Connection:
    """A second session of this cell's database, for what must count before the switch commits."""
    conf = connection.settings_dict
    return psycopg.connect(
        host=conf["HOST"] or None,
        port=conf["PORT"] or None,
        user=conf["USER"] or None,
        password=conf.get("PASSWORD") or None,
        dbname=conf["NAME"],
        autocommit=True,
    )


def _hold(tenant: Tenant, what: str) -> None:
    with _beside() as link:
        link.execute(
            f"UPDATE public.{Tenant._meta.db_table} SET moving = %s WHERE id = %s",
            [what, tenant.pk],
        )
    hosts.forget()


def let_go(slug: str) -> None:
    """Serve a base again that is on hold here; harmless for one that went or never was."""
    Tenant.objects.filter(slug=slug, cell=settings.CELL).update(moving="")
    hosts.forget()


def _carry(tenant: Tenant, target: Cell, by: str) -> Moved:
    _wait_for_jobs(tenant)
    began = time.monotonic()
    _hold(tenant, Tenant.Moving.WRITES)
    time.sleep(hosts.SECONDS + 0.5)  # every process remembers hosts for as long
    with tempfile.TemporaryDirectory(prefix="trainbase-move-") as folder, transaction.atomic():
        path = Path(folder) / f"{tenant.slug}.zip"
        _lock(tenant, "SHARE")
        if _open_jobs(tenant):
            raise _busy()
        SiteChange.objects.create(  # before the dump: it travels with the base
            tenant=tenant,
            kind=SiteChange.Kind.CELL,
            before=settings.CELL,
            after=target.name,
            by=by[:60],
        )
        manifest = write_archive(tenant, path)
        arrived = _there(target, "base_import", str(path), "--hold")
        rows = sum(table["rows"] for table in manifest["tables"].values())
        if (arrived["rows"], arrived["files"]) != (rows, len(manifest["files"])):
            raise ValidationError(
                f"到达的内容不符：{arrived} / what arrived differs from what left"
            )
        closed = time.monotonic()
        _hold(tenant, Tenant.Moving.ALL)
        time.sleep(GRACE)
        _switch(tenant, target, manifest)
    now = time.monotonic()
    return Moved(target.name, rows, arrived["files"], now - began, now - closed)


def _open_jobs(tenant: Tenant) -> int:
    """Jobs of the base in the queue, Wagtail's own too."""
    still = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
    return DBTaskResult.objects.filter(
        args_kwargs__tenant=tenant.schema_name, status__in=still
    ).count()


def _busy() -> ValidationError:
    return ValidationError(
        "该基地还有后台任务没做完，请等它们做完（或启动 worker）再搬迁"
        " / jobs of this base are still open: let the worker end them, then move"
    )


def _wait_for_jobs(tenant: Tenant) -> None:
    for _ in range(DRAIN * 2):
        if not _open_jobs(tenant):
            return
        time.sleep(0.5)
    raise _busy()


def _lock(tenant: Tenant, mode: str) -> None:
    """Lock every table of the base that is moved. What was begun may end first."""
    left = {label.replace(".", "_") for label in LEFT_OUT} | {"django_session"}
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK}'")
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [tenant.schema_name]
        )
        tables = [name for (name,) in cursor.fetchall() if mode != "SHARE" or name not in left]
        names = ", ".join(f'"{tenant.schema_name}"."{table}"' for table in tables)
        try:
            cursor.execute(f"LOCK TABLE {names} IN {mode} MODE")
        except OperationalError as error:
            raise ValidationError(
                "有人正在写入，没有等到结束，请稍后再搬迁 / somebody's work did not end in time: try"
                " again later"
            ) from error


def _switch(tenant: Tenant, target: Cell, manifest: dict[str, Any]) -> None:
    """The base is there from the commit of this on, and not a moment both here and there."""
    _lock(tenant, "ACCESS EXCLUSIVE")
    with connection.cursor() as cursor:
        for rows in (found for label, found in shared_rows(tenant) if label != SHARED[0]):
            cursor.execute(f"LOCK TABLE public.{rows.model._meta.db_table} IN SHARE MODE")
    for label, rows in shared_rows(tenant):
        if label != SHARED[0] and (
            digest(lines(rows, keep_keys=False))[1] != manifest["shared"][label]["sha256"]
        ):
            raise ValidationError(
                f"搬迁期间中心改动了该基地的记录（{label}），请重来"
                f" / the centre changed this base's {label} meanwhile: move it again"
            )
    shell.leave(tenant, target.name)


def _finish(tenant: Tenant, target: Cell, moved: Moved) -> Moved:
    """Open the base there and put its files here aside. Safe to do twice."""
    hosts.forget()
    _there(target, "base_move", tenant.slug, "--open")
    for root in (settings.MEDIA_ROOT, settings.PRIVATE_ROOT):
        folder = Path(root) / str(tenant.uuid)
        if folder.exists():
            aside = folder.with_name(f"{folder.name}.moved")
            shutil.rmtree(aside, ignore_errors=True)
            folder.rename(aside)
    return moved


def forget(slug: str) -> list[str]:
    """Drop the schema and files that a move has left here; returns what was dropped.

    Only when the base is served, there or here again. Raises ValidationError.
    """
    tenant = _tenant(slug)
    answer = {"cell": tenant.cell, "moving": tenant.moving}
    if not cells.is_here(tenant):
        answer = _there(_target(tenant.cell), "base_move", slug, "--where")
    if answer != {"cell": tenant.cell, "moving": ""}:
        raise ValidationError(f"{slug}：{answer}，还没有开放 / it is not open yet, nothing dropped")
    schema = shell.left_schema(tenant)
    dropped = [schema] if schema_exists(schema) else []
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    for root in (settings.MEDIA_ROOT, settings.PRIVATE_ROOT):
        aside = Path(root) / f"{tenant.uuid}.moved"
        if aside.exists():
            shutil.rmtree(aside)
            dropped.append(str(aside))
    return dropped


def _there(target: Cell, *arguments: str) -> dict[str, Any]:
    """Run a command of this program in the other cell. Raises ValidationError with what it said."""
    environment = {k: v for k, v in os.environ.items() if k != "TRAINBASE_DATABASE"} | {
        "DATABASE_URL": target.database,
        "TRAINBASE_CELL": target.name,
        "TRAINBASE_FILES": target.files,
    }
    done = subprocess.run(
        [sys.executable, str(MANAGE), *arguments, "--json"],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    try:
        said = dict(json.loads(done.stdout))
    except ValueError:
        said = {}
    if done.returncode:
        why = said.get("error") or done.stderr.strip()[-500:]
        raise ValidationError(f"分区 {target.name}：{why} / the cell {target.name} refused")
    return said
