"""法定节假日 of a year: from the State Council's notices as `chinesecalendar` has them, then the centre's."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import transaction

from courses.requests.models import Holiday
from tenants.models import Tenant, in_language


@dataclass(frozen=True)
class Day:
    day: date
    name: str
    kind: str


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Chinese name -> English name."""
    from chinese_calendar.constants import Holiday as Known

    return {each.chinese: each.value for each in Known}


def shown_name(name: str) -> str:
    return in_language(name, _names().get(name, name))


def english_name(name: str) -> str:
    return _names().get(name, name)


def known_days(year: int) -> list[Day]:
    """Days of rest and working days at a week-end of the year; empty when no notice is known yet."""
    from chinese_calendar import constants

    chinese = {english: zh for zh, english in _names().items()}
    found = [
        Day(day, chinese.get(name, name), kind)
        for kind, days in (("rest", constants.holidays), ("work", constants.workdays))
        for day, name in days.items()
        if day.year == year
    ]
    return sorted(found, key=lambda each: each.day)


@transaction.atomic
def load_year(centre: Tenant, year: int) -> int:
    """Write the known days of the year that the centre does not have; how many. What stands there stays.

    Raises ValidationError for a year of which there is no notice yet.
    """
    days = known_days(year)
    if not days:
        raise ValidationError(
            f"还没有 {year} 年的放假安排，请按国务院办公厅的通知自行填写"
            f" / the days of {year} are not known here yet: add them from the State Council's notice"
        )
    have = set(Holiday.objects.filter(centre=centre, day__year=year).values_list("day", flat=True))
    new = [
        Holiday(centre=centre, day=each.day, name=each.name, kind=each.kind)
        for each in days
        if each.day not in have
    ]
    Holiday.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def add_day(centre: Tenant, day: date, name: str, kind: str) -> Holiday:
    """Write or change one day."""
    if not name.strip():
        raise ValidationError({"name": "请填写名称 / give a name"})
    found, _new = Holiday.objects.update_or_create(
        centre=centre, day=day, defaults={"name": name.strip()[:40], "kind": kind}
    )
    return found


@transaction.atomic
def drop_day(centre: Tenant, day: date) -> int:
    """Take a day out; how many there were."""
    return Holiday.objects.filter(centre=centre, day=day).delete()[0]
