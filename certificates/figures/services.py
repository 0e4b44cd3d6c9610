"""Add to the figures of a base, and read them."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q, Sum

from certificates.figures.models import Figure
from certificates.figures.rules.counts import COLUMNS, Heading

FIGURES_LOCK = 7_239  # the first half of the advisory locks of figures; the second is the tenant


def hold(tenant: int, alone: bool = False) -> None:
    """Until the transaction ends nobody counts the base anew, or with `alone` nobody changes it."""
    shared = "" if alone else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s, %s)", [FIGURES_LOCK, tenant])


@transaction.atomic
def add(tenant: int, differences: Mapping[Heading, Mapping[str, int]]) -> None:
    """Add differences to the base's figures; never waits for somebody who adds beside it."""
    if not differences:
        return
    wanted = Q()
    for year, dimension, key in differences:
        wanted |= Q(year=year, dimension=dimension, key=key)
    free = Figure.objects.select_for_update(skip_locked=True).filter(wanted, tenant_id=tenant)
    rows: dict[Heading, Figure] = {}
    for row in free:
        rows.setdefault((row.year, row.dimension, row.key), row)
    changed: set[str] = set()
    for heading, counts in differences.items():
        for name, number in counts.items() if heading in rows else ():
            setattr(rows[heading], name, getattr(rows[heading], name) + number)
            changed.add(name)
    if rows:
        Figure.objects.bulk_update(rows.values(), sorted(changed))
    put_down(tenant, {h: counts for h, counts in differences.items() if h not in rows})


def put_down(tenant: int, figures: Mapping[Heading, Mapping[str, int]]) -> None:
    """New rows beside whatever stands there."""
    Figure.objects.bulk_create(
        [
            Figure(tenant_id=tenant, year=year, dimension=dimension, key=key, **counts)
            for (year, dimension, key), counts in sorted(figures.items())
        ],
        batch_size=1000,
    )


def sums(
    rows: "models.QuerySet[Figure]", *by: str, columns: Collection[str] = COLUMNS
) -> list[dict[str, Any]]:
    """The columns added up by the fields `by`, in their order."""
    totals = {name: Sum(name) for name in columns}
    if not by:
        return [{name: number or 0 for name, number in rows.aggregate(**totals).items()}]
    return list(rows.order_by(*by).values(*by).annotate(**totals))


def under(tenants: Collection[int], year: int, *dimensions: str) -> "models.QuerySet[Figure]":
    """The figures of those bases under the headings of a year."""
    return Figure.objects.filter(tenant__in=tenants, year=year, dimension__in=dimensions)


def of_base(tenant: int) -> dict[Heading, dict[str, int]]:
    """All that is kept of a base, added up, without zeros."""
    found = {}
    for row in sums(Figure.objects.filter(tenant_id=tenant), "year", "dimension", "key"):
        if counts := {name: row[name] for name in COLUMNS if row[name]}:
            found[(row["year"], row["dimension"], row["key"])] = counts
    return found


def digest_of(figures: Mapping[Heading, Mapping[str, int]]) -> str:
    """SHA-256 over figures, in an order that does not depend on how they came to be."""
    told: Iterable[Any] = ([*heading, dict(figures[heading])] for heading in sorted(figures))
    text = json.dumps(list(told), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
