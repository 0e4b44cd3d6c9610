"""Fifty phones come home at the same moment, and what they brought is read."""

import statistics
import threading
import time
from collections.abc import Callable

from bench.field.fleet import fleet

PHONES, EVENTS = 50, 200


def run(say: Callable[..., bool]) -> bool:
    from tenants.current import current_tenant
    from tests.station import Station, lost_and_doubled
    from tests.sync import Sync

    tenant = current_tenant()
    found = fleet(PHONES)
    for phone in found.phones:
        for _ in range(4):
            found.teach(phone, EVENTS // 4)
    station = Station(spares=0)
    took = []

    def come_home(sync):
        began = time.perf_counter()
        sync.until_home(300)
        took.append(time.perf_counter() - began)

    try:
        syncs = [
            Sync(phone, f"{tenant.slug}.localhost", station.port, patience=60)
            for phone in found.phones
        ]
        threads = [threading.Thread(target=come_home, args=(sync,)) for sync in syncs]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(400)
        seconds = time.perf_counter() - began
        devices = [phone.uuid for phone in found.phones]
        [(rows,)] = station.ask(
            f"SELECT count(*) FROM {tenant.schema_name}.fieldlog_fieldevent e JOIN"
            f" {tenant.schema_name}.fieldlog_device d ON d.id = e.device_id"
            " WHERE d.uuid = ANY(%s::uuid[])",
            devices,
        )
        acknowledged, lost, doubled = lost_and_doubled(station, tenant.schema_name, syncs)
    finally:
        station.close()
    exact = rows == PHONES * EVENTS == acknowledged and not lost and not doubled
    return say(
        name="field crowd",
        value=rows,
        unit="rows of 50 phones with 200 events each, at once over HTTP",
        lost=lost,
        doubled=doubled,
        seconds=round(seconds, 1),
        events_a_second=round(rows / seconds),
        seconds_of_a_phone=round(statistics.median(took), 1),
        slowest_phone=round(max(took), 1),
        requests=sum(sync.tries for sync in syncs),
        web_workers=1,
        bar=PHONES * EVENTS,
        ok=exact,
    )
