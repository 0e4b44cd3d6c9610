"""What cannot be, or should not be, among planned sessions. All of it warns and nothing blocks: a clerk
knows of the second hall and of the trainer who lives half-way.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, groupby, pairwise
from typing import Any

#: Roads are longer than the great circle, and a trainer's car in the hills is slow. Assumptions of ours.
DETOUR = 1.3
SPEED = 40.0  # km/h


@dataclass(frozen=True)
class Slot:
    """One planned session. `hall` is the village's code and the place in it, `trainer` whoever teaches:
    "" for nobody known; `spot` is where the village lies, in degrees.
    """

    key: str  # of the session, within all that are compared
    class_code: str
    starts: datetime
    ends: datetime
    trainer: str
    trainer_name: str
    village: str
    village_name: str
    place: str
    base: str = ""
    spot: tuple[float, float] | None = None

    @property
    def day(self) -> date:
        return self.starts.date()

    @property
    def hall(self) -> tuple[str, str]:
        return self.village, "".join(self.place.split()).casefold()


@dataclass(frozen=True)
class Conflict:
    """`keys` are those of the sessions that it is about; `zh` and `en` say what it is."""

    kind: str
    day: date
    keys: tuple[str, ...]
    zh: str
    en: str


def overlap(one: Slot, other: Slot) -> bool:
    return one.starts < other.ends and other.starts < one.ends


def _times(slot: Slot) -> str:
    return f"{slot.starts:%H:%M}–{slot.ends:%H:%M}"


def _two(one: Slot, other: Slot) -> str:
    return f"{one.class_code} {_times(one)}、{other.class_code} {_times(other)}"


def _two_en(one: Slot, other: Slot) -> str:
    return f"{one.class_code} {_times(one)} and {other.class_code} {_times(other)}"


def _by(slots: Iterable[Slot], key: Callable[[Slot], Any]) -> list[list[Slot]]:
    ordered = sorted(slots, key=lambda slot: (key(slot), slot.starts, slot.key))
    return [list(same) for _value, same in groupby(ordered, key)]


def trainer_twice(slots: Iterable[Slot]) -> list[Conflict]:
    """One trainer in two classes at once."""
    found = []
    for same in _by((s for s in slots if s.trainer), lambda s: (s.trainer, s.day)):
        for one, other in combinations(same, 2):
            if (one.base, one.class_code) != (other.base, other.class_code) and overlap(one, other):
                found.append(
                    Conflict(
                        *("trainer_twice", one.day, (one.key, other.key)),
                        zh=f"{one.trainer_name} 同时有两处课：{_two(one, other)}",
                        en=f"{one.trainer_name} teaches twice at once: {_two_en(one, other)}",
                    )
                )
    return found


def hall_twice(slots: Iterable[Slot]) -> list[Conflict]:
    """One hall for two classes at once."""
    found = []
    for same in _by((s for s in slots if s.place.strip()), lambda s: (*s.hall, s.day)):
        for one, other in combinations(same, 2):
            if (one.base, one.class_code) != (other.base, other.class_code) and overlap(one, other):
                found.append(
                    Conflict(
                        *("hall_twice", one.day, (one.key, other.key)),
                        zh=f"{one.village_name} {one.place} 被占两次：{_two(one, other)}",
                        en=f"{one.village_name} {one.place} is taken twice: {_two_en(one, other)}",
                    )
                )
    return found


def village_twice(slots: Iterable[Slot]) -> list[Conflict]:
    """Two classes in one village on one day: the same people are asked twice."""
    found = []
    for same in _by(slots, lambda s: (s.village, s.day)):
        first: dict[tuple[str, str], Slot] = {}
        for slot in same:
            first.setdefault((slot.base, slot.class_code), slot)
        for one, other in combinations(first.values(), 2):
            found.append(
                Conflict(
                    *("village_twice", one.day, (one.key, other.key)),
                    zh=f"{one.village_name} 同一天有两个班：{one.class_code}、{other.class_code}",
                    en=f"two classes in {one.village_name} on one day:"
                    f" {one.class_code} and {other.class_code}",
                )
            )
    return found


def on_holiday(slots: Iterable[Slot], holidays: Mapping[date, tuple[str, str]]) -> list[Conflict]:
    """Sessions on a day when people are away; `holidays` gives its name in Chinese and English."""
    return [
        Conflict(
            *("holiday", slot.day, (slot.key,)),
            zh=f"{slot.class_code} 的课排在{holidays[slot.day][0]}假期",
            en=f"a session of {slot.class_code} is on a holiday: {holidays[slot.day][1]}",
        )
        for slot in slots
        if slot.day in holidays
    ]


def outside(slots: Iterable[Slot], ends: Mapping[tuple[str, str], date]) -> list[Conflict]:
    """Sessions after the last day of the designation; `ends` by base and class code."""
    return [
        Conflict(
            *("undesignated", slot.day, (slot.key,)),
            zh=f"{slot.class_code} 的课在认定到期（{ends[slot.base, slot.class_code]}）之后",
            en=f"a session of {slot.class_code} is after the designation's end,"
            f" {ends[slot.base, slot.class_code]}",
        )
        for slot in slots
        if (slot.base, slot.class_code) in ends and slot.day > ends[slot.base, slot.class_code]
    ]


def elsewhere(
    mine: Sequence[Slot], others: Iterable[tuple[str, datetime, datetime]]
) -> list[Conflict]:
    """Trainers of ours who are planned at another base at the same time: `others` are (trainer, from, to).
    With whom is not said.
    """
    found = []
    for trainer, starts, ends in others:
        for slot in mine:
            if slot.trainer == trainer and slot.starts < ends and starts < slot.ends:
                found.append(
                    Conflict(
                        *("trainer_elsewhere", slot.day, (slot.key,)),
                        zh=f"{slot.trainer_name} 同时在另一基地有课："
                        f"{slot.class_code} {_times(slot)}，请与本人核实",
                        en=f"{slot.trainer_name} is planned at another base at the same time:"
                        f" {slot.class_code} {_times(slot)}; ask them",
                    )
                )
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Way:
    """From one village to the next of one trainer on one day. `enough` is False where the time between two
    sessions is shorter than the drive; `minutes` is what lies between them.
    """

    trainer_name: str
    day: date
    one: Slot
    other: Slot
    km: float
    minutes: int
    enough: bool


def ways(
    slots: Iterable[Slot],
    metres: Callable[[tuple[float, float], tuple[float, float]], float],
) -> list[Way]:
    """The trips between villages that are known by their place."""
    found = []
    for same in _by((s for s in slots if s.trainer), lambda s: (s.trainer, s.day)):
        for one, other in pairwise(same):
            if one.village == other.village or one.spot is None or other.spot is None:
                continue
            km = metres(one.spot, other.spot) / 1000
            between = int((other.starts - one.ends).total_seconds() // 60)
            needed = km * DETOUR / SPEED * 60
            found.append(
                Way(one.trainer_name, one.day, one, other, round(km, 1), between, between >= needed)
            )
    return found


def too_far(found: Iterable[Way]) -> list[Conflict]:
    return [
        Conflict(
            *("too_far", way.day, (way.one.key, way.other.key)),
            zh=f"{way.trainer_name} 从{way.one.village_name}到{way.other.village_name}"
            f"直线 {way.km} 公里，中间只有 {max(way.minutes, 0)} 分钟",
            en=f"{way.trainer_name}: {way.km} km as the crow flies from {way.one.village_name} to"
            f" {way.other.village_name}, and {max(way.minutes, 0)} minutes between",
        )
        for way in found
        if not way.enough
    ]


def about(found: Collection[Conflict], key: str) -> list[Conflict]:
    return [conflict for conflict in found if key in conflict.keys]
