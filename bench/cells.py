"""A base goes to a second PostgreSQL server: how long nobody writes, and how long nobody reads."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from lms.archive.move import move
from lms.demo.facts import CENTRE, DIVISIONS
from lms.embedded import Server
from tenants import cells
from tenants.models import Tenant

ROOT = Path(__file__).parent.parent


def _url(host: str, port: object, user: str, name: str) -> str:
    return f"postgresql://{user}@{quote(host, safe='')}:{port}/{name}"


def _listed(folder: Path, server: Server) -> Path:
    conf, there = connection.settings_dict, server.params()
    here = _url(conf["HOST"], conf["PORT"], conf["USER"], conf["NAME"])
    east = _url(there["host"], there["port"], there["user"], there["dbname"])
    path = folder / "cells.toml"
    path.write_text(
        f'[main]\naddress = "http://{{host}}"\ndatabase = "{here}"\n'
        f'files = "{settings.FILES}"\n'
        f'[east]\naddress = "http://{{slug}}.east"\ndatabase = "{east}"\nfiles = "{folder}"\n'
    )
    return path


def _prepare(folder: Path, path: Path) -> None:
    """The steps of docs/how-to/move-a-base.md."""
    environment = {k: v for k, v in os.environ.items() if k != "TRAINBASE_DATABASE"} | {
        "DATABASE_URL": cells.all_cells()["east"].database,
        "TRAINBASE_CELL": "east",
        "TRAINBASE_CELLS": str(path),
        "TRAINBASE_FILES": str(folder),
    }
    shared = str(folder / "shared.json")
    labels = ("tenants.trade", "directory.ruleset")
    call_command("dumpdata", *labels, natural_primary=True, natural_foreign=True, output=shared)
    centre = Tenant.objects.get(slug=CENTRE["slug"])
    made = ["tenant_create", "--type", "centre", "--slug", centre.slug, "--uscc", centre.uscc]
    made += ["--name", centre.name, "--division", centre.division.code]
    for arguments in (["prepare"], ["divisions_load", str(DIVISIONS)], ["loaddata", shared], made):
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def run(say: Callable[..., bool]) -> bool:
    folder = Path(tempfile.mkdtemp(prefix="trainbase-cell-"))
    folder.chmod(0o755)
    server = Server(folder / "postgres")
    server.ensure_started()
    path = _listed(folder, server)
    try:
        settings.CELLS = os.environ["TRAINBASE_CELLS"] = str(path)
        cells._read.cache_clear()
        _prepare(folder, path)
        DBTaskResult.objects.all().delete()  # as a worker leaves it that has done them
        base = Tenant.objects.filter(type="base", training_base__isnull=False).first()
        assert base is not None
        moved = move(base.slug, "east", "bench")
    finally:
        settings.CELLS = ""
        os.environ.pop("TRAINBASE_CELLS", None)
        cells._read.cache_clear()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return say(
        name="a base of the demo moves to a second PostgreSQL server",
        value=round(moved.seconds_without_writes, 1),
        unit="s without writes",
        seconds_without_reads=round(moved.seconds_without_reads, 2),
        rows=moved.rows,
        files=moved.files,
        compared="count and SHA-256 of every table and file",
        bar=60,
        ok=moved.seconds_without_writes <= 60,
    )
