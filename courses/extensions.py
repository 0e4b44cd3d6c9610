"""Where a plugin can add to classes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tenants.plugins.points import Point, Policy
from tenants.verdict import Verdict


@dataclass(frozen=True)
class ClassOpening:
    """A class before it opens, on the day `on`. Minutes are those of its planned sessions."""

    project_code: str
    trade_code: str
    code: str
    starts_on: date
    ends_on: date
    village_code: str
    place: str
    trainer: str
    planned_minutes: int
    on: date


class_opening_rules: Point[Callable[[ClassOpening], Verdict | Iterable[Verdict] | None]] = Point(
    "class_opening_rules", Policy.BLOCK
)
