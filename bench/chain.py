"""Every service of the chain in any order, against the model: how many sequences say something else.

On as many processes as there are cores, each with a copy of the database: a sequence holds what it has
locked until nothing of it is left. What there is to do is cut into parts, and each part that is done is
told at once.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue

import psycopg

WANTED, STEPS = int(os.environ.get("BENCH_CHAIN", "2000")), 50
#: Sequences of a part: about a minute on one core.
PART = 30


@dataclass
class Found:
    """Of all parts that are done. `accepted` counts the calls by service; `broken` says of each service
    that was broken on purpose after how many sequences somebody noticed, None when nobody did.
    """

    sequences: int = 0
    steps: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    broken: dict[str, int | None] = field(default_factory=dict)


def run(say: Callable[..., bool]) -> bool:
    """Each service broken in turn, then WANTED sequences of 50 steps; the bar is none unnoticed, and no
    difference.
    """
    from lms.plugin.testing.cast import build
    from tenants.provisioning import prepare_database

    prepare_database()
    build()
    processes = os.cpu_count() or 1
    with _copies(processes) as names:
        databases = get_context("spawn").SimpleQueue()
        for name in names:
            databases.put(name)
        with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (databases,)) as pool:
            good = _controls(pool, say)
            return _sequences(pool, say) and good


def _controls(pool: ProcessPoolExecutor, say: Callable[..., bool]) -> bool:
    from tests.certificates.chain_controls import CONTROLS

    began, found = time.monotonic(), Found()
    parts = {pool.submit(_broken, name): name for name in CONTROLS}
    for done in as_completed(parts):
        found.broken[parts[done]] = done.result()
        say(name="chain control", broken=parts[done], noticed_after=done.result(),
            unit="sequences", still=len(parts) - len(found.broken))  # fmt: skip
    blind = [name for name, after in found.broken.items() if after is None]
    return say(
        name="chain controls",
        broken=len(found.broken),
        seconds=round(time.monotonic() - began),
        blind=blind,
        bar=0,
        ok=not blind,
    )


def _sequences(pool: ProcessPoolExecutor, say: Callable[..., bool]) -> bool:
    from tests.certificates.chain_driver import WEIGHTS

    began, found = time.monotonic(), Found()
    sizes = [min(PART, WANTED - n) for n in range(0, WANTED, PART)]
    parts = [pool.submit(_part, number, size) for number, size in enumerate(sizes)]
    for done in as_completed(parts):
        sequences, steps, accepted, differences = done.result()
        found.sequences += sequences
        found.steps += steps
        found.accepted += accepted
        found.differences += differences
        say(name="chain so far", sequences=found.sequences, of=WANTED,
            seconds=round(time.monotonic() - began), differences=len(found.differences),
            first=differences[:1])  # fmt: skip
    rarest = found.accepted.most_common()[:-6:-1]
    never = sorted(WEIGHTS.keys() - found.accepted.keys())
    return say(
        name="chain",
        sequences=found.sequences,
        steps=found.steps,
        accepted=found.accepted.total(),
        accepted_least=dict(rarest),
        never_accepted=never,
        seconds=round(time.monotonic() - began),
        differences=len(found.differences),
        first=found.differences[:3],
        bar=0,
        ok=not found.differences and not (WANTED and never) and found.sequences >= WANTED,
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


def _begin(databases: "SimpleQueue[str]") -> None:
    """Of each process: a database that no other one has."""
    os.environ["TRAINBASE_DATABASE"] = databases.get()
    import django

    django.setup()


@contextmanager
def _north() -> Iterator[None]:
    """A base of the cast. Nothing of what is done there is left."""
    from django.db import transaction
    from django_tenants.utils import tenant_context

    from lms.plugin.testing import tenant_of

    with tenant_context(tenant_of("north")), transaction.atomic():
        yield
        transaction.set_rollback(True)


def _part(number: int, wanted: int) -> tuple[int, int, Counter[str], list[str]]:
    """(sequences, steps, accepted, differences)."""
    with _north():
        from tests.certificates.test_chain_machine import explore

        found = explore(wanted, STEPS, number=10 * number)
    differences = [str(each) for each in found.differences]
    return found.sequences, found.steps, found.accepted, differences


def _broken(name: str) -> int | None:
    with _north():
        from tests.certificates.chain_controls import noticed
        from tests.certificates.test_chain_machine import explore

        return noticed(name, explore)
