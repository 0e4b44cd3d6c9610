"""A roster of 10,000 people read, previewed and imported, beside openpyxl reading the file alone.

Each round makes a new file of new people and gives it to two processes in turn that have loaded the same
code, done the same with five people and settled as a worker does at its start, so that nothing is counted
which a process does only once: one reads every cell by openpyxl (read only, as the site does), one takes
the file in, reads it by the job and imports it by the job. Seconds are of that work by the clock, with
all that PostgreSQL and the disk take, and of the process's own processor time; memory is what the
process grew by at its peak (VmHWM over the resident size before). PostgreSQL's own memory is not in it.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROWS = int(os.environ.get("BENCH_ROSTER", "10000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
BAR = 4
HEADER = ["序号", "姓名", "性别", "身份证号码", "联系电话", "县市", "乡镇", "村"]


def run(say: Callable[..., bool]) -> bool:
    from django.db import connection

    from lms.plugin.testing.cast import build
    from tenants.provisioning import prepare_database

    prepare_database()
    build()
    _make_room()
    figures: list[dict[str, dict[str, float]]] = []
    with tempfile.TemporaryDirectory(prefix="bench-roster-") as folder:
        few = [_file(Path(folder), 99 + n, 5) for n in range(ROUNDS + 1)]
        _child("import", few[0], few[0], "R-warm")  # the server's caches too
        connection.close()
        for number in range(1, ROUNDS + 1):
            file = _file(Path(folder), number, ROWS)
            figures.append(
                {
                    "alone": _child("alone", few[number], file, ""),
                    "import": _child("import", few[number], file, f"R-{number}"),
                    "plain": {"bytes": file.stat().st_size},
                }
            )
            file.unlink()
    ratios = {
        what: [each["import"][what] / each["alone"][what] for each in figures]
        for what in ("seconds", "cpu_seconds", "megabytes")
    }
    good = all(statistics.median(found) <= BAR for found in ratios.values())
    return say(
        name="roster",
        rows=ROWS,
        bytes=figures[0]["plain"]["bytes"],
        rounds=ROUNDS,
        **{
            f"{kind}_{what}": round(statistics.median(e[kind][what] for e in figures), 2)
            for kind in ("alone", "import")
            for what in ("seconds", "cpu_seconds", "megabytes")
        },
        read_seconds=round(statistics.median(e["import"]["read"] for e in figures), 2),
        confirm_seconds=round(statistics.median(e["import"]["confirm"] for e in figures), 2),
        page_ms=round(1000 * statistics.median(e["import"]["page"] for e in figures), 1),
        imported=figures[-1]["import"]["imported"],
        **{f"of_{what}": round(statistics.median(found), 2) for what, found in ratios.items()},
        **{
            f"of_{what}_spread": [round(min(found), 2), round(max(found), 2)]
            for what, found in ratios.items()
        },
        bar=f"each at most {BAR}",
        ok=good,
    )


def _make_room() -> None:
    from django.db.models import QuerySet

    from tenants.designations.models import DesignatedTrade

    QuerySet(DesignatedTrade).update(places=200_000)  # past the guard of their model


def _child(what: str, few: Path, file: Path, code: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.roster", what, str(few), str(file), code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _file(folder: Path, seed: int, rows: int) -> Path:
    """As an office would write it: one in fifty has a fault, every village is a real one. Like Excel it says
    how large the sheet is, which saves openpyxl a reading of the whole.
    """
    from openpyxl import Workbook

    from lms.demo.people import invented_id
    from tenants.models import Division

    villages = list(
        Division.objects.filter(level="village", code__startswith="222403")
        .select_related("parent__parent")
        .order_by("code")[:200]
    )
    draw, used = random.Random(seed), set[str]()
    book = Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.append(["培训学员花名册"])
    sheet.append(HEADER)
    for number in range(1, rows + 1):
        village = draw.choice(villages)
        who = invented_id(f"{draw.choice(('222403', '220602', '230103'))}", draw, used)
        name = "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(draw.choice((2, 3, 3))))
        shown = who[:-1] if number % 50 == 0 else who
        assert village.parent is not None
        assert village.parent.parent is not None
        sheet.append(
            [
                *(number, name, "男" if int(who[16]) % 2 else "女", shown),
                f"1{draw.choice('3578')}{draw.randrange(10**9):09}",
                *(village.parent.parent.name, village.parent.name, village.name),
            ]
        )
    path = folder / f"{seed}.xlsx"
    book.save(path)
    return path


def _resident(name: str) -> float:
    """MB of this process: VmRSS now, VmHWM at its peak."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def _measured(work: Callable[[], dict[str, float]]) -> dict[str, float]:
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _resident("VmRSS")
    begun, spent = time.perf_counter(), time.process_time()
    more = work()
    took, used = time.perf_counter() - begun, time.process_time() - spent
    found = {"seconds": took - more.get("page", 0), "cpu_seconds": used - more.get("page_cpu", 0)}
    return found | {"megabytes": _resident("VmHWM") - before} | more


def _alone(file: Path) -> dict[str, float]:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True)
    cells = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            cells += len(row)
    return {"cells": cells}


def _import(file: Path, code: str) -> dict[str, float]:
    from courses.intake.services import rosters
    from courses.intake.services.parts import ErrorsFirst
    from courses.models import TrainingClass
    from tenants.jobs.services import perform
    from tenants.staff.models import User

    clerk = User.objects.get(username="clerk")
    opened = TrainingClass.objects.select_related("rule_set").get(code=code)
    begun = time.perf_counter()
    kept = rosters.take_in(opened, file.name, file.read_bytes(), clerk)
    if run := rosters.run_of(kept):
        perform(run)
    kept.refresh_from_db()
    read = time.perf_counter() - begun
    begun, spent = time.perf_counter(), time.process_time()
    assert len(ErrorsFirst(kept)[0:100]) <= 100
    page, page_cpu = time.perf_counter() - begun, time.process_time() - spent
    begun = time.perf_counter()
    if job := rosters.confirm(kept, clerk):
        perform(job)
    confirm = time.perf_counter() - begun
    kept.refresh_from_db()
    assert kept.state == "confirmed", kept.state
    told = {"read": read, "confirm": confirm, "imported": kept.imported}
    return told | {"page": page, "page_cpu": page_cpu}


def _open(code: str) -> None:
    """A class that begins in two months, far from every other."""
    from datetime import timedelta

    from django.utils import timezone

    from courses.models import Project
    from courses.services.classes import open_class, proposed_plan
    from tenants.models import Division
    from tenants.staff.models import User

    starts = timezone.localdate() + timedelta(days=60)
    project = Project.objects.get(code="sewing")
    ends = starts + timedelta(days=40)
    open_class(
        project=project,
        code=code,
        starts_on=starts,
        ends_on=ends,
        village=Division.objects.filter(level="village").earliest("code"),
        place="村部",
        trainer=User.objects.get(username="trainer"),
        sessions=proposed_plan(project, starts, ends),
        opened_on=timezone.localdate(),
    )


def main() -> None:
    import django

    django.setup()
    what, few, file, code = sys.argv[1:]
    import openpyxl  # noqa: F401  (both have it loaded)
    from django_tenants.utils import tenant_context

    import courses.intake.jobs  # noqa: F401
    from tenants.jobs.worker import settle
    from tenants.models import Tenant

    base = Tenant.objects.filter(type=Tenant.Type.BASE).earliest("pk")
    with tenant_context(base):
        if what == "alone":
            _alone(Path(few))
            settle()
            found = _measured(lambda: _alone(Path(file)))
        else:
            _open(f"{code}-few")
            _open(code)
            _import(Path(few), f"{code}-few")
            settle()
            found = _measured(lambda: _import(Path(file), code))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
