"""What hundreds of bases cost: to make, to deploy to, to serve, to hold in memory.

BENCH_BASES says how many (300). Every page is asked of a random base, so that none is hot.
"""

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from stdnum.cn.uscc import calc_check_digit

from tenants.middleware import TenantMiddleware
from tenants.models import Tenant
from tenants.provisioning import create_tenant

COUNT = int(os.environ.get("BENCH_BASES", "300"))
STEP = max(1, COUNT // 12)  # bases between two looks at the memory
ROUNDS = 200
LARGEST_BACKEND = 300  # MB: 50 tenants at 4 MB, and what a backend needs anyway
ROOT = Path(__file__).parent.parent
Say = Callable[..., bool]


def run(say: Say) -> bool:
    names = [f"b{n:03}" for n in range(1, COUNT + 1)]
    good = _creation(say, names)
    good &= _requests(say, names)
    good &= _memory(say, names)
    return good & _deploy(say)


def _creation(say: Say, names: list[str]) -> bool:
    took = []
    for n, name in enumerate(names, 1):
        code = f"52222403MJ{n:06}7"
        connection.close()  # as the job does that opens a site
        began = time.perf_counter()
        create_tenant("base", name, f"基地 {n}", code + calc_check_digit(code), "222403")
        took.append(time.perf_counter() - began)
    first, last = statistics.median(took[4:15]), statistics.median(took[-11:])
    good = say(
        name="a base is created",
        value=round(statistics.median(took), 3),
        unit="s",
        spread=[round(min(took), 3), round(max(took), 3)],
        bases=COUNT,
        bar=2.0,
        ok=statistics.median(took) <= 2.0,
    )
    return good & say(
        name=f"the {COUNT}th base against the 10th (medians of eleven)",
        value=round(last, 3),
        unit="s",
        tenth=round(first, 3),
        ratio=round(last / first, 2),
        bar=1.3,
        ok=last / first <= 1.3,
    )


def _ask(client: Client, host: str) -> tuple[int, float]:
    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        answer = client.get("/", HTTP_HOST=host)
        took = time.perf_counter() - began
    assert answer.status_code == 200, (host, answer.status_code)
    return len(captured), took * 1000


def _requests(say: Say, names: list[str]) -> bool:
    """The front page of random bases, with the tenant looked up and with the tenant known."""
    draw, client = random.Random(7), Client()
    tenants = {t.slug: t for t in Tenant.objects.filter(slug__in=names)}
    on: list[tuple[int, float]] = []
    off: list[tuple[int, float]] = []
    for round_ in range(ROUNDS):
        slug = draw.choice(names)
        host = f"{slug}.localhost"
        _ask(client, host)  # the schema's first visit fills caches for both

        def known(self: Any, request: Any, tenant: Tenant = tenants[slug]) -> None:
            """What a site with one tenant does."""
            request.tenant = tenant
            if connection.schema_name != tenant.schema_name:
                connection.set_tenant(tenant)
            self.setup_url_routing(request)

        for kind in ("on", "off") if round_ % 2 else ("off", "on"):
            if kind == "on":
                on.append(_ask(client, host))
            else:
                with patch.object(TenantMiddleware, "process_request", known):
                    off.append(_ask(client, host))
    good = True
    for index, unit in enumerate(("statements", "ms")):
        with_it = [m[index] for m in on]
        without = [m[index] for m in off]
        a, b = statistics.median(with_it), statistics.median(without)
        ok = a - b <= 2 if unit == "statements" else a / b <= 1.3
        good &= say(
            name=f"a page with tenancy against without, {unit}",
            value=round(a, 2),
            unit=unit,
            spread=[round(min(with_it), 2), round(max(with_it), 2)],
            off=round(b, 2),
            rounds=ROUNDS,
            bases=len(names),
            ratio=round(a / b, 2),
            bar=1.3 if unit == "ms" else "2 more",
            ok=ok,
        )
    return good


def _backend() -> tuple[int, float]:
    """The pid of this connection's backend, and the memory that is its own (MB)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return pid, own / 1024


def _memory(say: Say, names: list[str]) -> bool:
    """Visit every base once in random order, with the cap on a connection's life and without."""
    found = {}
    for cap in (settings.TENANTS_PER_CONNECTION, 10**9):
        order = random.Random(8).sample(names, len(names))
        connection.close()
        curve, pids = [], set()
        with patch.object(settings, "TENANTS_PER_CONNECTION", cap):
            client = Client()
            for n, slug in enumerate(order, 1):
                client.get("/", HTTP_HOST=f"{slug}.localhost")
                if n % STEP == 0:
                    pid, own = _backend()
                    pids.add(pid)
                    curve.append(round(own))
        found[cap] = (curve, len(pids))
    (capped, backends), (free, _) = found.values()
    return say(
        name="memory of a backend while all bases are visited",
        value=max(capped),
        unit="MB",
        curve=capped,
        connections=backends,
        without_the_cap=free,
        every=STEP,
        bases=len(names),
        ratio=round(max(capped) / max(free), 2),
        bar=LARGEST_BACKEND,
        ok=max(capped) <= LARGEST_BACKEND,
    )


def _timed(*arguments: str) -> float:
    began = time.perf_counter()
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _deploy(say: Say) -> bool:
    """A deploy with nothing to migrate: the whole command, and django-tenants' own."""
    ours = [_timed("migrate_bases") for _ in range(3)]
    stock = _timed("migrate_schemas", "--tenant", "-v", "0")
    value = statistics.median(ours)
    return say(
        name="a deploy with nothing to migrate",
        value=round(value, 2),
        unit="s",
        spread=[round(min(ours), 2), round(max(ours), 2)],
        stock=round(stock, 1),
        bases=Tenant.objects.filter(type="base").count(),
        ratio=round(stock / value, 1),
        bar="3 s, 30 times",
        ok=value < 3 and stock / value >= 30,
    )
