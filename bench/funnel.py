"""The centre's dashboard over 500 bases: server time, statements, and what it grows with.

Figures are made directly, as the services would have kept them: 500 bases with 40 trainees each, then
with 2,000 each. The same page is asked for each; a page of 50 bases shows what the rows on it cost.
"""

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from certificates.figures.models import Figure
from certificates.figures.rules.counts import (
    CAME_OF_IT,
    COLUMNS,
    KINDS,
    Heading,
    Stand,
    difference,
)
from certificates.rules.employment import EVIDENCE
from tenants.designations.models import TrainingBase
from tenants.models import Division, Tenant, Trade
from tenants.staff.models import User

BASES = int(os.environ.get("BENCH_BASES", "500"))
LARGE = int(os.environ.get("BENCH_TRAINEES", "1000000"))
SMALL_EACH, CLASS_OF, MODELS, ROUNDS = 40, 40, 10, 30
YEARS = (2022, 2023, 2024, 2025, 2026)
BAR = 300  # milliseconds of the server
REACHED = ("enrolled", "trained", "qualified", *["certified"] * 12)
PLACES = ("2224", "2201", "2102", "1101", "3205", "3301", "4403", "4419", "3702")


def _stands(
    draw: random.Random, people: int, trades: list[str], towns: list[str]
) -> Iterator[Stand]:
    """Trainees of one base in classes of 40 over five years."""
    for number in range(people):
        if number % CLASS_OF == 0:
            ended = date(draw.choice(YEARS), 1, 1) + timedelta(days=draw.randrange(365))
            trade, town = draw.choice(trades), draw.choice(towns)
            code, programme = f"C-{number // CLASS_OF:03}", draw.choice(["", "rain", "spring"])
        reached = draw.choice(REACHED)
        own = town if draw.random() < 0.8 else draw.choice(towns)
        if reached != "certified":
            yield Stand(ended, trade, own, code, programme, reached)
            continue
        value = draw.choices(CAME_OF_IT, (60, 25, 5, 4, 6))[0]
        works, certified = value == "employed", ended + timedelta(days=5)
        yield Stand(
            ended, trade, own, code, programme, reached, value,
            draw.choice(KINDS) if works else "",
            draw.choice(EVIDENCE) if value != "unknown" else "",
            draw.choice(PLACES) if works else "",
            certified,
            certified + timedelta(days=draw.randrange(90)) if works else None,
        )  # fmt: skip


def _bases() -> list[Tenant]:
    """Bases in the shared tables alone: the dashboard asks none of their schemas."""
    centre = Tenant.objects.get(slug="centre")
    counties = list(Division.objects.filter(level="county"))
    made = Tenant.objects.bulk_create(
        Tenant(
            type="base",
            slug=f"bench-{n:04}",
            schema_name=f"bench_{n:04}",
            name=f"测量基地{n:04}",
            uscc=f"BENCH{n:013}",
            issuer_code=f"B{n:06}",
            division=counties[n % len(counties)],
            centre=centre,
        )
        for n in range(BASES)
    )
    TrainingBase.objects.bulk_create(
        TrainingBase(
            centre=centre,
            tenant=base,
            uscc=base.uscc,
            name=base.name,
            division=base.division,
            state="designated",
            state_on=date(2022, 1, 1),
            ends_on=date(2030, 1, 1),
        )
        for base in made
    )
    return made


def _fill(bases: list[Tenant], each: int) -> int:
    """Write the figures of `each` trainees a base; the number of rows. MODELS bases are drawn, and the
    others are like one of them.
    """
    draw = random.Random(each)
    trades = list(Trade.objects.values_list("code", flat=True))
    towns = list(Division.objects.filter(level="township").values_list("code", flat=True))
    models: list[dict[Heading, dict[str, int]]] = []
    for _ in range(MODELS):
        own = draw.sample(towns, 12)
        models.append(difference((None, s) for s in _stands(draw, each, trades, own)))
    Figure.objects.filter(tenant__in=bases)._raw_delete("default")
    conf, table, rows = settings.DATABASES["default"], Figure._meta.db_table, 0
    with psycopg.connect(
        host=conf["HOST"], port=conf["PORT"] or None, user=conf["USER"], dbname=conf["NAME"],
        password=conf.get("PASSWORD") or os.environ.get("PGPASSWORD"), autocommit=True,
    ) as link:  # fmt: skip
        columns = f"tenant_id, year, dimension, key, {', '.join(COLUMNS)}"
        with link.cursor().copy(f"COPY public.{table} ({columns}) FROM STDIN") as copy:
            for place, base in enumerate(bases):
                for heading, counts in models[place % MODELS].items():
                    copy.write_row([base.pk, *heading, *(counts.get(c, 0) for c in COLUMNS)])
                    rows += 1
        link.execute(f"VACUUM ANALYZE public.{table}")
    return rows


def _client(role: str) -> Client:
    client = Client(HTTP_HOST="centre.localhost")
    with tenant_context(Tenant.objects.get(slug="centre")):
        client.force_login(User.objects.get(username=role))
    return client


def _measure(client: Client, address: str) -> tuple[list[float], float, int]:
    """Milliseconds of each round but the first two, the median of CPU among them, and statements."""
    times, cpu = [], []
    for _ in range(ROUNDS + 2):
        began, used = time.perf_counter(), time.process_time()
        answer = client.get(address)
        times.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - used))
        assert answer.status_code == 200, (address, answer.status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return times[2:], statistics.median(cpu[2:]), len(captured)


def run(say: Callable[..., bool]) -> bool:
    bases = _bases()
    page = "/desk/figures/?year=2026"
    medians, good = {}, True
    for name, some, each in (
        ("small", bases, SMALL_EACH),
        ("few bases", bases[: BASES // 10], LARGE // BASES),
        ("large", bases, LARGE // BASES),
    ):
        Figure.objects.filter(tenant__in=bases)._raw_delete("default")
        rows = _fill(some, each)
        pages = [("dashboard", "director", page), ("dashboard hiding counts", "officer", page)]
        if name == "large":
            pages.append(("one base", "director", "/desk/figures/bases/bench-0007/?year=2026"))
        for what, role, address in pages:
            times, cpu, statements = _measure(_client(role), address)
            medians[name, what] = statistics.median(times)
            good &= say(
                name=f"{what}, {name}",
                bases=len(some),
                trainees=len(some) * each,
                rows=rows,
                value=round(statistics.median(times), 1),
                unit="ms of the server",
                spread=[round(min(times), 1), round(max(times), 1)],
                cpu_of_python=round(cpu, 1),
                load=round(os.getloadavg()[0], 1),
                statements=statements,
                rounds=ROUNDS,
                bar=BAR,
                ok=statistics.median(times) <= BAR,
            )
    for small in ("small", "few bases"):
        ratio = medians["large", "dashboard"] / medians[small, "dashboard"]
        say(name=f"dashboard, large over {small}", ratio=round(ratio, 2))
    return good
