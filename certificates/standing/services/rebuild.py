"""Count a base anew from the chain, compare with what was kept, and name what differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from certificates.figures import services as figures
from certificates.figures.models import Figure
from certificates.figures.rules.counts import Heading, Stand, difference
from certificates.standing.models import Standing
from certificates.standing.services.keep import FIELDS, kept, stands, strike
from courses.models import Enrolment
from tenants.current import current_tenant


@dataclass(frozen=True)
class Difference:
    """Something that is kept otherwise than the chain says: of which enrolment or heading, what."""

    where: str
    column: str
    kept: Any
    counted: Any


@dataclass(frozen=True)
class Rebuilt:
    """The digests of what was kept and of what the chain gives, with every difference."""

    before: str
    after: str
    enrolments: int
    differences: list[Difference] = field(default_factory=list)


@transaction.atomic
def rebuild(check: bool = False) -> Rebuilt:
    """Count this base anew; with `check` only compare. Whoever moves somebody waits meanwhile."""
    tenant = current_tenant().pk
    figures.hold(tenant, alone=True)
    was, should = kept(Standing.objects.all()), stands()
    kept_figures = figures.of_base(tenant)
    counted = _count(should)
    found = Rebuilt(
        figures.digest_of(kept_figures),
        figures.digest_of(counted),
        len(should),
        [*_standings(was, should), *_figures(kept_figures, counted)],
    )
    if not check:
        changed = {pk: stand for pk, stand in should.items() if was.get(pk) != stand}
        strike(was.keys() - should.keys())
        Standing.objects.bulk_create(
            [Standing(enrolment_id=pk, **vars(stand)) for pk, stand in changed.items()],
            update_conflicts=True,
            unique_fields=["enrolment"],
            update_fields=FIELDS,
            batch_size=1000,
        )
        _replace(tenant, counted)
    return found


@transaction.atomic
def recount() -> None:
    """Write the figures anew from where people stand: after a base was put back or moved."""
    tenant = current_tenant().pk
    figures.hold(tenant, alone=True)
    _replace(tenant, _count(kept(Standing.objects.all())))


def tidy() -> None:
    """By the clock: make one row a heading of those that writers put down beside each other, and
    count a base whose enrolments are from before there were figures.
    """
    if Standing.objects.count() != Enrolment.objects.counted().count():
        rebuild()
    else:
        recount()


def _replace(tenant: int, counted: Mapping[Heading, Mapping[str, int]]) -> None:
    rows = Figure.objects.filter(tenant_id=tenant)
    rows._raw_delete(rows.db)
    figures.put_down(tenant, counted)


def _count(found: Mapping[int, Stand]) -> dict[Heading, dict[str, int]]:
    return difference((None, stand) for stand in found.values())


def _standings(was: Mapping[int, Stand], should: Mapping[int, Stand]) -> Iterator[Difference]:
    for pk in sorted({*was, *should}):
        old, new = was.get(pk), should.get(pk)
        if old is None or new is None:
            yield Difference(f"enrolment {pk}", "", old and old.reached, new and new.reached)
            continue
        for name in FIELDS:
            if getattr(old, name) != getattr(new, name):
                yield Difference(f"enrolment {pk}", name, getattr(old, name), getattr(new, name))


def _figures(
    was: Mapping[Heading, Mapping[str, int]], should: Mapping[Heading, Mapping[str, int]]
) -> Iterator[Difference]:
    for heading in sorted({*was, *should}):
        old, new = was.get(heading, {}), should.get(heading, {})
        for name in sorted({*old, *new}):
            if old.get(name, 0) != new.get(name, 0):
                where = " ".join(str(part) for part in heading).strip()
                yield Difference(where, name, old.get(name, 0), new.get(name, 0))
