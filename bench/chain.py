"""Every service of the chain in any order, against the model: how many sequences say something else.

On as many processes as there are cores, each in a transaction that nobody commits.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

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
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(_part, range(processes), parts))
    sequences, steps, accepted = (sum(part[n] for part in found) for n in range(3))
    differences = [each for part in found for each in part[3]]
    return say(
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


def _part(seed: int, wanted: int) -> tuple[int, int, int, list[str]]:
    """(sequences, steps, accepted, differences) of one process."""
    import django

    django.setup()
    from django_tenants.utils import tenant_context
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    from lms.plugin.testing import tenant_of
    from tests.certificates import test_chain_machine as machine

    counts, differences = [0, 0, 0], []

    @settings(
        max_examples=wanted,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seeded(seed)
    @given(machine.sequences(STEPS))
    def every(ops):  # type: ignore[no-untyped-def]
        chain = machine.run(ops, STEPS)
        for n, value in enumerate((1, chain.steps, chain.accepted)):
            counts[n] += value
        differences.extend(map(str, chain.differences))

    if wanted:
        with tenant_context(tenant_of("north")):
            every()
    return counts[0], counts[1], counts[2], differences
