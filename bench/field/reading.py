"""How fast the log is read, and that it reads the same when all of it is read anew."""

import time
from collections.abc import Callable

from bench.field.fleet import fleet

BATCHES = 40


def run(say: Callable[..., bool]) -> bool:
    from courses.fieldlog.models import FieldEvent
    from courses.fieldlog.services.ingest import take_in
    from courses.fieldlog.services.project import digest, read_pending, rebuild

    read_pending()
    found = fleet(10)
    for batch in found.batches(BATCHES):
        take_in(batch)
    began = time.perf_counter()
    read = read_pending()
    reading = time.perf_counter() - began
    before = digest()
    began = time.perf_counter()
    after = rebuild()
    rebuilding = time.perf_counter() - began
    events = FieldEvent.objects.count()
    return say(
        name="field reading",
        value=round(read / reading),
        unit="events a second read after they arrived",
        events=read,
        sessions=len(found.places),
        rebuilt_events=events,
        rebuilt_a_second=round(events / rebuilding),
        same_digest=before == after,
        ok=before == after,
    )
