"""How much of the database's own speed is left when batches are judged, and not only inserted.

Two bare inserts of the same rows are measured beside: as people write it (VALUES), against which the
bar is held, and as `services.ingest` sends them (one JSON text), which is quicker still.
"""

import json
import statistics
import time
from collections.abc import Callable

from bench.field.fleet import fleet

BATCHES, EVENTS, DEVICES = 150, 100, 20
BAR = 0.25
COLUMNS = "hash, source, body, signature, device_id, seq, blobs, received_at"


def _bare_table(cursor, name):
    """Like the log's, with its indexes and references, and nothing in it."""
    from courses.fieldlog.models import FieldEvent

    cursor.execute(f"CREATE TABLE {name} (LIKE {FieldEvent._meta.db_table} INCLUDING ALL)")
    for column, other in (("device_id", "fieldlog_device"), ("by_id", "staff_user")):
        cursor.execute(f"ALTER TABLE {name} ADD FOREIGN KEY ({column}) REFERENCES {other}")


def _rows_of(batch, pk, at):
    from courses.fieldlog.rules.envelope import hash_of, unb64

    return sorted(
        (hash_of(e["body"]), "phone", e["body"], unb64(e["sig"]), pk, n, [], at)
        for n, e in enumerate(batch, 1)
    )


def _values(cursor, rows):
    one = f"({', '.join(['%s'] * 8)})"
    cursor.execute(
        f"INSERT INTO bare_values ({COLUMNS}) VALUES {', '.join([one] * len(rows))}"
        " ON CONFLICT (hash) DO NOTHING",
        [value for row in rows for value in row],
    )


def _json(cursor, rows):
    sent = [
        {"h": row[0].hex(), "b": row[2], "s": row[3].hex(), "d": row[4], "n": row[5]}
        for row in rows
    ]
    cursor.execute(
        f"INSERT INTO bare_json ({COLUMNS})"
        " SELECT decode(h, 'hex'), 'phone', b, decode(s, 'hex'), d, n, '{}', %s"
        " FROM json_to_recordset(%s::json) AS sent (h text, b text, s text, d bigint, n bigint)"
        " ON CONFLICT (hash) DO NOTHING",
        [rows[0][7], json.dumps(sent, ensure_ascii=False)],
    )


def _spread(values):
    tenths = statistics.quantiles(values, n=10)
    return [round(tenths[0], 3), round(tenths[-1], 3)]


def run(say: Callable[..., bool]) -> bool:
    from django.db import connection
    from django.utils import timezone

    from courses.fieldlog.models import Device, FieldEvent
    from courses.fieldlog.services.ingest import take_in

    found = fleet(DEVICES)
    batches = found.batches(BATCHES, EVENTS)
    devices = {str(each.uuid): each.pk for each in Device.objects.all()}
    before = FieldEvent.objects.count()
    took = {"judged": [], "values": [], "json": []}
    with connection.cursor() as cursor:
        for name in ("bare_values", "bare_json"):
            _bare_table(cursor, name)
        for n, batch in enumerate(batches):
            rows = _rows_of(batch, devices[found.phones[n % DEVICES].uuid], timezone.now())
            works = [
                ("judged", take_in, (batch,)),
                ("values", _values, (cursor, rows)),
                ("json", _json, (cursor, rows)),
            ]
            for name, work, given in works[n % 3 :] + works[: n % 3]:  # none is always the first
                began = time.perf_counter()
                work(*given)
                took[name].append(time.perf_counter() - began)
        counts = {FieldEvent.objects.count() - before}
        for name in ("bare_values", "bare_json"):
            cursor.execute(f"SELECT count(*) FROM {name}")
            counts |= {cursor.fetchone()[0]}
            cursor.execute(f"DROP TABLE {name}")
    ratios, strict = (
        [bare / judged for bare, judged in zip(took[name], took["judged"], strict=True)]
        for name in ("values", "json")
    )
    ratio = statistics.median(ratios)
    return say(
        name="field ingest",
        value=round(ratio, 3),
        unit="of a bare INSERT ... ON CONFLICT DO NOTHING of the same rows",
        spread=_spread(ratios),
        spread_is="first and last tenth of the batches",
        of_a_bare_insert_from_json=round(statistics.median(strict), 3),
        spread_of_that=_spread(strict),
        **{
            f"{name}_events_a_second": round(EVENTS / statistics.median(times))
            for name, times in took.items()
        },
        batches=BATCHES,
        events_a_batch=EVENTS,
        devices=DEVICES,
        bar=BAR,
        ok=counts == {BATCHES * EVENTS} and ratio >= BAR,
    )
