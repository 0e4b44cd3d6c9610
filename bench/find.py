"""How long the search of courses takes among 10,000, beside a scan for the same words.

Courses are those of tests/data/search-courses.csv at many places, spread over the bases; every query of
search-queries.csv is asked once a round, in an order drawn anew, each after its like by a scan.
"""

import csv
import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from courses.directory.models import CourseListing
from courses.finding.services import find, write_vectors
from courses.finding.text import vector_of
from tenants.models import Tenant, Trade

DATA = Path(__file__).parent.parent / "tests" / "data"
SIZE = int(os.environ.get("BENCH_COURSES", "10000"))
ROUNDS = 5
PAGE = 24  # rows that a page shows


def run(say: Callable[..., bool]) -> bool:
    centre = Tenant.objects.get(type=Tenant.Type.CENTRE)
    say(name="find_made", courses=fill(), seconds_a_thousand=_cost_of_writing())
    queries = [row["query"] for row in _rows("search-queries.csv")]
    listings = CourseListing.objects.select_related("tenant", "trade")
    ours: list[float] = []
    scans: list[float] = []
    slowest: dict[str, float] = {}
    draw = random.Random(7)
    for _ in range(ROUNDS):
        for query in draw.sample(queries, len(queries)):
            scans.append(_timed(lambda q=query: _scan(listings, q)))
            took = _timed(lambda q=query: list(find(listings, q, centre.pk).listings[:PAGE]))
            ours.append(took)
            slowest[query] = max(took, slowest.get(query, 0))
    median, p95 = statistics.median(ours), statistics.quantiles(ours, n=20)[-1]
    worst = max(slowest, key=lambda query: slowest[query])
    return say(
        name="find",
        courses=CourseListing.objects.count(),
        queries=len(queries),
        rounds=ROUNDS,
        median_ms=round(1000 * median, 1),
        p95_ms=round(1000 * p95, 1),
        worst_ms=round(1000 * slowest[worst], 1),
        worst=worst,
        scan_median_ms=round(1000 * statistics.median(scans), 1),
        of_a_scan=round(median / statistics.median(scans), 2),
        bar="p95 under 50 ms",
        ok=p95 < 0.05,
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _scan(listings: object, query: str) -> list[CourseListing]:
    found = listings
    for word in query.split():
        found = found.filter(title__icontains=word) | found.filter(trade__name__icontains=word)  # type: ignore[attr-defined]
    return list(found.order_by("title")[:PAGE])  # type: ignore[attr-defined]


def fill() -> int:
    """Courses until there are SIZE; returns how many were made."""
    described, bases = _rows("search-courses.csv"), list(Tenant.objects.filter(type="base"))
    trades: dict[str, Trade] = {trade.name: trade for trade in Trade.objects.all()}
    for number, row in enumerate(described):
        if row["trade"] not in trades:
            trades[row["trade"]] = Trade.objects.create(
                code=f"find-{number}", name=row["trade"], name_en=f"Trade {number}"
            )
    wanted = max(0, SIZE - CourseListing.objects.count())
    made, vectors = [], []
    for number in range(wanted):
        row = described[number % len(described)]
        place = f"{row['place']}{number % 97 + 1}号"
        made.append(
            CourseListing(
                tenant=bases[number % len(bases)], page_id=1_000_000 + number, trade=trades[row["trade"]],
                title=f"{row['title']}{number // len(described) + 1}期", title_en="", level=row["level"],
                level_en="", theory_hours=1, practice_hours=1, place=place, path=f"/c{number}/",
            )
        )  # fmt: skip
        vectors.append(
            vector_of([(made[-1].title, "A"), (row["trade"], "B"), (row["level"], "C"), (place, "C"),
                       (row["summary"], "D")])
        )  # fmt: skip
    rows = CourseListing.objects.bulk_create(made, batch_size=1000)
    write_vectors({row.pk: vector for row, vector in zip(rows, vectors, strict=True)})
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE finding_entry")
        cursor.execute("ANALYZE directory_courselisting")
    return wanted


def _cost_of_writing() -> float:
    """Seconds to make the vectors of a thousand courses."""
    rows = _rows("search-courses.csv")
    return round(
        _timed(
            lambda: [vector_of([(rows[n % len(rows)]["title"] + str(n), "A")]) for n in range(1000)]
        ),
        2,
    )
