"""What plugins cost a request: with 0, 5 and 50 installed and off, and with 5 and 50 on.

Each number of plugins has a process of its own; all stand side by side and are asked in turn, so that
whatever the machine does meets all of them.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))
BAR_OFF = 1.1  # times the request without plugins
PAGES = ("/", "/desk/", "/admin/")
CASES = ((0, False), (5, False), (50, False), (5, True), (50, True))
APPS = """
from lms.plugin import PluginConfig

class Config(PluginConfig):
    name, label = "trainbase_bench{n}", "bench{n}"
    title, title_en, description, description_en = "测 {n}", "Bench {n}", "测。", "Bench."
    urls = "trainbase_bench{n}.urls"
"""
URLS = """
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("ok"))]
"""
HOOKS = """
from wagtail.admin.menu import MenuItem
from lms.plugin import hooks

@hooks.register("register_admin_menu_item")
def item():
    return MenuItem("测 {n}", "/bench{n}/")

@hooks.register("construct_main_menu")
def menu(request, items):
    pass

@hooks.register("insert_global_admin_css")
def css():
    return ""
"""
EXTENSIONS = """
from lms.plugin import Panel, dashboard_panels, eligibility_rules

@eligibility_rules
def rule(case):
    return None

@dashboard_panels
def panel(request):
    return Panel("测 {n}", [("一", "1", "")])
"""


def _install(folder: Path, count: int) -> None:
    for n in range(count):
        package = folder / f"trainbase_bench{n}"
        package.mkdir()
        info = folder / f"trainbase_bench{n}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: trainbase-bench{n}\nVersion: 1.0\n"
            "Requires-Dist: trainbase>=0.1\n"
        )
        (info / "entry_points.txt").write_text(
            f"[trainbase.plugin]\nbench{n} = trainbase_bench{n}.apps:Config\n"
        )
        for name, text in (
            *(("__init__", ""), ("apps", APPS), ("urls", URLS)),
            *(("wagtail_hooks", HOOKS), ("extensions", EXTENSIONS)),
        ):
            (package / f"{name}.py").write_text(text.replace("{n}", str(n)))


class Asked:
    """A process with so many plugins; it answers a page's address with milliseconds and statements."""

    def __init__(self, folder: Path, count: int, on: bool) -> None:
        self.own = folder / f"{count}-{on}"
        self.own.mkdir()
        _install(self.own, count)
        environment = os.environ | {"PYTHONPATH": str(self.own)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.plugins", str(count if on else 0)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=Path(__file__).parent.parent,
        )

    def ask(self, page: str) -> tuple[float, int]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(page + "\n")
        self.process.stdin.flush()
        took, statements = json.loads(self.process.stdout.readline())
        return took, statements

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)


def answer(count: int) -> None:
    """The child: `count` plugins are on for the base, by what its tenant says in this process."""
    import time

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django_tenants.utils import tenant_context

    from tenants import hosts
    from tenants.models import Tenant
    from tenants.staff.models import User

    tenant = Tenant.objects.get(slug="dunhua")
    client = Client(HTTP_HOST="dunhua.localhost")
    with tenant_context(tenant):
        manager = User.objects.get(username="manager")
        client.force_login(manager)
    found, on = hosts.find, [f"bench{n}" for n in range(count)]

    def with_plugins(host: str) -> Any:
        answer = found(host)
        if answer is not None:
            answer.tenant.plugins = on
        return answer

    hosts.find = with_plugins
    for line in sys.stdin:
        connection.queries_log.clear()  # it keeps so many, and then counts wrong
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            got = client.get(line.strip())
            took = (time.perf_counter() - began) * 1000
        assert got.status_code == 200, (line, got.status_code)
        print(json.dumps([took, len(captured)]), flush=True)


def run(say: Callable[..., bool]) -> bool:
    folder = Path(tempfile.mkdtemp(prefix="trainbase-plugins-"))
    asked = {case: Asked(folder, *case) for case in CASES}
    took: dict[tuple[str, tuple[int, bool]], list[float]] = {}
    statements: dict[tuple[str, tuple[int, bool]], int] = {}
    draw = random.Random(3)
    try:
        for round_ in range(ROUNDS + 5):
            for page in PAGES:
                for case in draw.sample(CASES, len(CASES)):
                    ms, count = asked[case].ask(page)
                    if round_ >= 5:  # the first ones fill caches
                        took.setdefault((page, case), []).append(ms)
                        # A request more asks whose host it is, once in some seconds.
                        statements[page, case] = min(count, statements.get((page, case), count))
    finally:
        for process in asked.values():
            process.end()
        shutil.rmtree(folder, ignore_errors=True)
    good = True
    for page in PAGES:
        base = statistics.median(took[page, (0, False)])
        none = statements[page, (0, False)]
        for case in CASES:
            count, on = case
            value, spread = statistics.median(took[page, case]), took[page, case]
            more = statements[page, case] - none
            good &= say(
                name=f"{page} with {count} plugins {'on' if on else 'off'}",
                value=round(value, 2),
                unit="ms",
                spread=[round(min(spread), 2), round(max(spread), 2)],
                rounds=ROUNDS,
                ratio=round(value / base, 3),
                statements_more=more,
                bar=None if on else f"{BAR_OFF} times, 0 statements more",
                ok=on or (value / base <= BAR_OFF and more == 0),
            )
    return good


if __name__ == "__main__":
    answer(int(sys.argv[1]))
