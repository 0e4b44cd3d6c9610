"""Phones write and hand in without a pause while server and database are killed: is anything lost, or doubled?"""

import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable

from bench.field.fleet import fleet

PHONES = 6
#: How often each is killed, of twenty.
TURNS = ["worker"] * 11 + ["database"] * 8 + ["whole web server"]


def _work(sync, fleet, stop, seed):
    """Write a little, hand it in, until told to stop; then hand in the rest."""
    draw = random.Random(seed)
    while not stop.is_set():
        fleet.teach(sync.phone, draw.randrange(20, 100))
        sync.until_home(120, most=draw.randrange(5, 40))
        time.sleep(draw.uniform(0, 0.3))
    sync.until_home(300)


def _kill(station, count, draw):
    """Kill `count` times at random moments; (how often what, seconds until it answered again)."""
    kinds, took = Counter(), []
    acts = {
        "worker": station.kill_worker,
        "database": station.kill_database,
        "whole web server": station.kill_web,
    }
    for _ in range(count):
        time.sleep(draw.uniform(0.02, 0.5))
        kind = draw.choice(TURNS)
        began = time.perf_counter()
        acts[kind]()
        took.append(time.perf_counter() - began)
        kinds[kind] += 1
    return kinds, took


def run(say: Callable[..., bool], kills: int) -> bool:
    from tenants.current import current_tenant
    from tests.station import Station, lost_and_doubled
    from tests.sync import Sync

    tenant = current_tenant()
    found = fleet(PHONES)
    station = Station()
    syncs = [
        Sync(phone, f"{tenant.slug}.localhost", station.port, patience=5) for phone in found.phones
    ]
    stop = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(sync, found, stop, n)) for n, sync in enumerate(syncs)
    ]
    began = time.perf_counter()
    try:
        for thread in threads:
            thread.start()
        kinds, took = _kill(station, kills, random.Random())
        stop.set()
        for thread in threads:
            thread.join(400)
        seconds = time.perf_counter() - began
        written = sum(len(phone.events) for phone in found.phones)
        acknowledged, lost, doubled = lost_and_doubled(station, tenant.schema_name, syncs)
        home = all(sync.is_home for sync in syncs)
        whole = station.log_is_whole(tenant.slug)
    finally:
        stop.set()
        station.close()
    return say(
        name="field kills",
        value=lost,
        unit="acknowledged events lost",
        doubled=doubled,
        acknowledged=acknowledged,
        written=written,
        all_arrived=home and acknowledged == written,
        same_digest_when_rebuilt=whole,
        kills=kills,
        killed=dict(sorted(kinds.items())),
        unanswered_requests=sum(sync.unanswered for sync in syncs),
        requests=sum(sync.tries for sync in syncs),
        seconds_to_answer_again=round(statistics.median(took), 2),
        seconds=round(seconds),
        phones=PHONES,
        bar=0,
        ok=lost == 0 and doubled == 0 and home and whole and acknowledged == written,
    )
