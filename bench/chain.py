"""Every service of the chain in any order, against the model: how many sequences say something else.

On as many processes as there are cores, each with a copy of the database: a sequence holds what it has
locked until nothing of it is left.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import psycopg

STEPS = 50


def run(say: Callable[..., bool]) -> bool:
    """BENCH_CHAIN sequences (2,000) of 50 steps; the bar is no difference."""
    from lms.plugin.testing.cast import build
    from tenants.provisioning import prepare_database

    prepare_database()
    build()
    wanted, processes = int(os.environ.get("BENCH_CHAIN", "2000")), os.cpu_count() or 1
    began = time.monotonic()
    parts = [len(range(n, wanted, processes)) for n in range(processes)]
    with (
        _copies(processes) as names,
        ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool,
    ):
        found = list(pool.map(_part, names, range(processes), parts))
    sequences, steps, accepted = (sum(part[n] for part in found) for n in range(3))
    differences = [each for part in found for each in part[3]]
    blind = [name for part in found for name, after in part[4].items() if after is None]
    all_seen = say(
        name="chain controls",
        broken={name: after for part in found for name, after in part[4].items()},
        unit="sequences until a broken service was noticed",
        blind=len(blind),
        bar=0,
        ok=not blind,
    )
    return all_seen & say(
        name="chain",
        sequences=sequences,
        steps=steps,
        accepted=accepted,
        seconds=round(time.monotonic() - began),
        differences=len(differences),
        first=differences[:3],
        bar=0,
        ok=not differences and sequences >= wanted,
    )


@contextmanager
def _copies(many: int) -> Iterator[list[str]]:
    """Databases like the one that was just made."""
    from django.db import connection

    conf = connection.settings_dict
    connection.close()
    names = [f"{conf['NAME']}_{n}" for n in range(many)]
    link = psycopg.connect(
        host=conf["HOST"] or None,
        port=conf["PORT"] or None,
        user=conf["USER"] or None,
        password=conf["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    )
    drops = [f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in names]
    try:
        for name, drop in zip(names, drops, strict=True):
            link.execute(drop)
            link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{conf["NAME"]}"')
        yield names
    finally:
        for drop in drops:
            link.execute(drop)
        link.close()


def _part(
    database: str, number: int, wanted: int
) -> tuple[int, int, int, list[str], dict[str, int | None]]:
    """(sequences, steps, accepted, differences, controls) of one process."""
    os.environ["TRAINBASE_DATABASE"] = database
    import django

    django.setup()
    from django.db import transaction
    from django_tenants.utils import tenant_context

    from lms.plugin.testing import tenant_of
    from tests.certificates.chain_controls import CONTROLS, noticed
    from tests.certificates.test_chain_machine import explore

    with tenant_context(tenant_of("north")), transaction.atomic():
        found = explore(wanted, STEPS, number=1000 * number)
        seen = {name: noticed(name, explore) for name in [*CONTROLS][number :: os.cpu_count() or 1]}
        transaction.set_rollback(True)
    differences = [str(each) for each in found.differences]
    return found.sequences, found.steps, found.accepted, differences, seen
