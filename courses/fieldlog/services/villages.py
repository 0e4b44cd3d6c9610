"""Where villages lie: said at the desk, from a map or from a phone that was there."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.fieldlog.models import SessionLog, VillagePlace
from courses.fieldlog.rules.places import VAGUE, Spot, read_place
from courses.fieldlog.services.project import hold_still, resettle
from courses.models import TrainingClass, VillageSession
from tenants.models import Division
from tenants.staff.models import User


@dataclass(frozen=True)
class Village:
    """`seen` is the most accurate position that a phone has written there, `classes` how many there are."""

    division: Division
    place: VillagePlace | None
    seen: Spot | None
    classes: int


def _taught_in() -> dict[int, int]:
    """How many classes each village has."""
    found: dict[int, int] = {}
    for pk in TrainingClass.objects.order_by().values_list("village_id", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return found


def villages() -> list[Village]:
    """Those in which this base teaches or has taught; where nobody has said a place, first."""
    classes = _taught_in()
    places = VillagePlace.objects.in_bulk(list(classes), field_name="village_id")
    seen: dict[int, Spot] = {}
    logs = SessionLog.objects.filter(accuracy__lte=VAGUE)
    rows = logs.order_by("accuracy", "session_id").values_list(
        "session__training_class__village_id", "lat", "lon", "accuracy"
    )
    for village, lat, lon, accuracy in rows:
        if lat is not None and lon is not None and accuracy is not None:  # they come together
            seen.setdefault(village, Spot(lat, lon, accuracy))
    divisions = Division.objects.filter(pk__in=classes).select_related("parent").order_by("code")
    found = [
        Village(each, places.get(each.pk), seen.get(each.pk), classes[each.pk])
        for each in divisions
    ]
    return sorted(found, key=lambda each: each.place is not None)


@transaction.atomic
def say_place(village: Division, text: str, by: User) -> VillagePlace:
    """Note where the village lies, and ask its sessions anew how far from it the phones were.

    Raises ValidationError for what is no position, and for a village in which this base has no class.
    """
    spot = read_place(text)
    if spot is None:
        raise ValidationError(
            "请填中国境内的经纬度，如 42.9012, 129.5034，两个数之间用逗号"
            " / give latitude and longitude within China in degrees, such as 42.9012, 129.5034"
        )
    if not TrainingClass.objects.filter(village=village).exists():
        raise ValidationError("本基地没有在这个村的班 / no class of this base is in that village")
    hold_still()
    said_by = f"{str(by)[:48]} {timezone.localdate()}"
    place, _new = VillagePlace.objects.update_or_create(
        village=village, defaults={"lat": spot.lat, "lon": spot.lon, "said_by": said_by}
    )
    sessions = VillageSession.objects.filter(training_class__village=village, log__isnull=False)
    resettle(set(sessions.values_list("pk", flat=True)))
    return place
