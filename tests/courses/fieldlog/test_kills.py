"""Server and database are killed in the middle of batches: what was acknowledged is there, once."""

import random
import threading
import time

import pytest

from lms.plugin.testing import inside
from tests.courses.fieldlog.test_blobs import name_of, noise
from tests.station import Station, lost_and_doubled
from tests.sync import Sync

EVENTS, PHONES = 60, 3


@pytest.fixture
def syncs(lasting):
    found = []
    for n in range(PHONES):
        phone, content = lasting.enrol(), noise(600_000, f"photo {n}")
        name = name_of(content)
        phone.say("photo", [name], session=1, image=name, note="")
        for each in range(EVENTS - 1):
            phone.say("note", session=None, text=f"{each}")
        found.append(Sync(phone, "north.localhost", 0, [content], patience=5))
    return found


def test_no_acknowledged_event_is_lost_or_doubled_by_kills(syncs):
    with inside("north") as north:
        schema = north.schema_name
    station = Station()
    try:
        for sync in syncs:
            sync.port = station.port
        threads = [threading.Thread(target=sync.until_home, args=(90, 2)) for sync in syncs]
        for thread in threads:
            thread.start()
        draw = random.Random(7)
        for kill in (station.kill_worker, station.kill_database) * 2 + (station.kill_web,):
            time.sleep(draw.uniform(0.05, 0.4))
            kill()
        for thread in threads:
            thread.join(100)
        assert sum(sync.unanswered for sync in syncs)  # they were cut
        assert all(sync.is_home for sync in syncs), [sync.receipt for sync in syncs]
        assert lost_and_doubled(station, schema, syncs) == (EVENTS * PHONES, 0, 0)
        assert station.log_is_whole()
    finally:
        station.close()
