"""Which open classes are near a village: by its divisions first, then by distance where it is known."""

from math import cos, radians

from django.db.models import (
    Case,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)

from courses.fieldlog.rules.places import Spot, metres_between
from courses.openings.models import OpenClass, VillageSpot
from tenants.models import Division

#: Digits of a division's code that two villages share: same village, township, county, prefecture.
SHARED = (12, 9, 6, 4)
FAR = len(SHARED)


def spot_of(village: Division) -> Spot | None:
    """Where it lies, as the first base that said so has it."""
    found = VillageSpot.objects.filter(village=village).first()
    return Spot(found.lat, found.lon) if found else None


def nearest(rows: QuerySet[OpenClass], village: Division) -> QuerySet[OpenClass]:
    """In order of nearness, with `rank` (0 the same village, 4 another prefecture), `lat` and `lon`.

    Two degrees are compared on the plane that touches the village: true enough over a prefecture.
    """
    known = VillageSpot.objects.filter(village=OuterRef("village")).order_by("pk")
    rank = Case(
        *(
            When(village__code__startswith=village.code[:digits], then=Value(place))
            for place, digits in enumerate(SHARED)
        ),
        default=Value(FAR),
        output_field=IntegerField(),
    )
    found = rows.annotate(
        rank=rank,
        lat=Subquery(known.values("lat")[:1], output_field=FloatField()),
        lon=Subquery(known.values("lon")[:1], output_field=FloatField()),
    )
    spot = spot_of(village)
    if spot is None:
        return found.order_by("rank", "starts_on", "pk")
    north = F("lat") - Value(spot.lat)
    east = (F("lon") - Value(spot.lon)) * Value(cos(radians(spot.lat)))
    found = found.annotate(gap=north * north + east * east)
    return found.order_by("rank", F("gap").asc(nulls_last=True), "starts_on", "pk")


def kilometres(one: OpenClass, spot: Spot | None) -> float | None:
    """From `spot` to a class that `nearest` has given; None where one of the two is not known."""
    lat, lon = getattr(one, "lat", None), getattr(one, "lon", None)
    if spot is None or lat is None or lon is None:
        return None
    return metres_between(spot, Spot(lat, lon)) / 1000
