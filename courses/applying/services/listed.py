"""Keep the portal's open classes as the base's classes are, and make them anew from nothing."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from courses.applying.models import ClassTerms
from courses.fieldlog.models import VillagePlace
from courses.intake.services.enter import room_of
from courses.models import TrainingClass
from courses.models.classes import LEVELS
from courses.openings.models import Given, OpenClass, VillageSpot
from tenants.current import current_tenant

ENGLISH = {zh: en for _, zh, en in LEVELS}


def row_of(one: TrainingClass) -> dict[str, Any] | None:
    """What the portal shows of a class; None for one that takes nobody. A class shows what it has
    pinned of its project: that is what its certificates will say.
    """
    if one.state != TrainingClass.State.OPEN:
        return None
    terms = ClassTerms.objects.filter(training_class=one).first()
    room = room_of(one)
    return {
        "code": one.code,
        "name": one.project_name,
        "name_en": one.project_name_en,
        "trade_id": one.project.trade_id,
        "level": one.project_level,
        "level_en": ENGLISH.get(one.project_level, ""),
        "theory_hours": one.theory_hours,
        "practice_hours": one.practice_hours,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "village_id": one.village_id,
        "place": one.place,
        "lodging": str(terms.lodging) if terms else str(Given.NONE),
        "meals": str(terms.meals) if terms else str(Given.NONE),
        "capacity": room.places,
        "taken": room.on_roll,
        "bring": terms.bring if terms else "",
        "cost": terms.cost if terms else "",
    }


@transaction.atomic
def list_class(key: int) -> None:
    """Write the class's row, or remove it. The class is locked, so that two who enrol people at once
    do not both write the count that they saw.
    """
    found = TrainingClass.objects.select_for_update(of=("self",)).filter(pk=key)
    one = found.select_related("project").first()
    rows = OpenClass.objects.filter(tenant_id=current_tenant().pk, class_key=key)
    row = row_of(one) if one else None
    if row is None:
        rows.delete()
        return
    OpenClass.objects.update_or_create(tenant_id=current_tenant().pk, class_key=key, defaults=row)


def place_village(place: VillagePlace) -> None:
    VillageSpot.objects.update_or_create(
        tenant_id=current_tenant().pk,
        village_id=place.village_id,
        defaults={"lat": place.lat, "lon": place.lon},
    )


def forget_village(village: int) -> None:
    VillageSpot.objects.filter(tenant_id=current_tenant().pk, village_id=village).delete()


@dataclass(frozen=True)
class Rebuilt:
    """`wrong` are the codes of classes that the portal had otherwise, `spots` villages that lay elsewhere."""

    classes: int
    wrong: tuple[str, ...]
    spots: int


@transaction.atomic
def rebuild(check: bool = False) -> Rebuilt:
    """Compare what the portal has of this base with its classes; write what differs unless `check`."""
    tenant = current_tenant().pk
    open_ = TrainingClass.objects.filter(state=TrainingClass.State.OPEN)
    wanted = {one.pk: row_of(one) for one in open_.select_related("project").order_by("pk")}
    kept = {row.class_key: row for row in OpenClass.objects.filter(tenant_id=tenant)}
    wrong = {key: row.code for key, row in kept.items() if key not in wanted}
    for key, row in wanted.items():
        assert row is not None  # of an open class
        had = kept.get(key)
        if had is None or any(getattr(had, name) != value for name, value in row.items()):
            wrong[key] = row["code"]
    spots = _spots(tenant, check)
    if not check:
        for key in wrong:
            list_class(key)
    return Rebuilt(len(wanted), tuple(sorted(wrong.values())), spots)


def _spots(tenant: int, check: bool) -> int:
    said = {p.village_id: (p.lat, p.lon) for p in VillagePlace.objects.all()}
    kept = {s.village_id: (s.lat, s.lon) for s in VillageSpot.objects.filter(tenant_id=tenant)}
    other = {village for village in said | kept if said.get(village) != kept.get(village)}
    if not check:
        for place in VillagePlace.objects.filter(village__in=other):
            place_village(place)
        for village in other - said.keys():
            forget_village(village)
    return len(other)
