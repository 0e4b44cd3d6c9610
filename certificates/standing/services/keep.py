"""Keep where enrolments stand, and the figures of the base, in the transaction that moves them."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from functools import partial

from django.db import transaction

from certificates.figures import services as figures
from certificates.figures.rules.counts import Stand, difference
from certificates.models import Certificate
from certificates.services.places import Counted, Reached, classes_of, reached_of
from certificates.standing.models import Standing
from courses.models import Enrolment, TrainingClass
from tenants.current import current_tenant, is_type
from tenants.many import insert

FIELDS = [field.name for field in fields(Stand)]


def stand_of(place: Reached, training_class: TrainingClass, village: str | None) -> Stand:
    """Where it is counted. Work nearby of which no place was said is in the trainee's own prefecture.
    `village` is the code of theirs.
    """
    township = (village or training_class.village.code)[:9]
    programme = training_class.programme
    own = partial(
        Stand,
        ended_on=training_class.ends_on,
        trade=training_class.project.trade.code,
        township=township,
        class_code=training_class.code,
        programme=programme.code if programme else "",
        reached=place.farthest,
    )
    if place.certificate is None or place.certified_on is None:
        return own()
    known = place.known
    works = known.value == "employed"
    said = place.outcome.place_code if place.outcome else ""
    return own(
        value=known.value,
        kind=known.kind if works else "",
        evidence=known.evidence if known.value != "unknown" else "",
        place=(said or (township if known.kind == "local" else ""))[:4] if works else "",
        certified_on=place.certified_on,
        employed_on=max(known.started_on or place.certified_on, place.certified_on)
        if works
        else None,
    )


def stands(enrolments: Collection[int] | None = None) -> dict[int, Stand]:
    """Where enrolments stand by the chain itself: all of the base, or those given."""
    rows = Enrolment.objects.counted()
    if enrolments is not None:
        rows = rows.filter(pk__any_of=enrolments)
    told = rows.order_by("pk").values_list(
        "pk", "state", "training_class_id", "trainee__village__code"
    )
    counted, villages = [], {}
    for pk, state, training_class, village in told:
        counted.append(Counted(pk, state, training_class))
        villages[pk] = village
    classes = classes_of({each.training_class for each in counted})
    reached = reached_of(counted, classes, enrolments)
    return {
        each.pk: stand_of(reached[each.pk], classes[each.training_class], villages[each.pk])
        for each in counted
    }


def kept(rows: Iterable[Standing]) -> dict[int, Stand]:
    """Where they stand as it was written down."""
    return {r.enrolment_id: Stand(**{name: getattr(r, name) for name in FIELDS}) for r in rows}


@transaction.atomic
def move(enrolments: Collection[int]) -> None:
    """Work out anew where they stand, and add what differs to the figures.

    Whoever moves the same people waits until this is committed, and then sees it. Certificates first,
    as whoever speaks of a certificate does.
    """
    if not enrolments or not is_type("base"):
        return
    tenant = current_tenant().pk
    figures.hold(tenant)
    wanted = sorted(enrolments)
    _lock(wanted)
    before = kept(Standing.objects.filter(enrolment__any_of=wanted).order_by())
    write(tenant, before, stands(wanted))


def _lock(wanted: list[int]) -> None:
    certificates = Certificate.objects.filter(enrolment__any_of=wanted, status="valid")
    list(certificates.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    rows = Enrolment.objects.filter(pk__any_of=wanted).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def write(tenant: int, before: dict[int, Stand], after: dict[int, Stand]) -> None:
    """Make `before` into `after`, where they differ: who is not in `after` is counted no more. Call it with
    the enrolments locked.
    """
    changed = {pk: stand for pk, stand in after.items() if before.get(pk) != stand}
    insert(
        Standing,
        [{"enrolment_id": pk, **vars(stand)} for pk, stand in sorted(changed.items())],
        on_conflict="enrolment_id",
    )
    gone = before.keys() - after.keys()
    strike(gone)
    moved = [(before.get(pk), stand) for pk, stand in changed.items()]
    figures.add(tenant, difference([*moved, *((before[pk], None) for pk in gone)]))


def strike(gone: Collection[int]) -> None:
    """Who is no longer counted at all. The figures are the caller's."""
    if gone:
        rows = Standing.objects.filter(enrolment__in=gone)
        rows._raw_delete(rows.db)
