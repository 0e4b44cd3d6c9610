"""Where a plugin, or an app above, can add to classes."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tenants.plugins.points import Point, Policy
from tenants.verdict import Verdict

if TYPE_CHECKING:  # plugins read this module before there are models
    from courses.models import TrainingClass
    from tenants.models import Trade


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


# Rules of the core itself, from apps above this one.


@dataclass(frozen=True)
class Judged:
    """What a rule says before a class of a trade opens. Verdicts that are not ok refuse when `refuses`
    and warn otherwise. `note` (Chinese, English) is why they do not refuse, `link` shows the names.
    """

    verdicts: tuple[Verdict, ...] = ()
    refuses: bool = False
    note: tuple[str, str] = ("", "")
    link: str = ""
    kept: Any = None  # the rule's own, from `judge` to `keep`

    @property
    def faults(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if not verdict.ok)


@dataclass(frozen=True)
class OpeningRule:
    """`judge(trade, code of the class, day)` runs inside the transaction that opens the class, and
    before it for the page; with `lock`, what it rests on stays until the transaction ends.
    `keep` stores what was said of a class, `kept` reads it.
    """

    name: str
    judge: "Callable[[Trade, str, date, bool], Judged]"
    keep: "Callable[[TrainingClass, Judged], None]"
    kept: "Callable[[TrainingClass], Judged | None]"


opening_rules: list[OpeningRule] = []


def register_opening_rule(rule: OpeningRule) -> None:
    """Rules are asked in the order in which they come. Raises ValueError for a name used twice."""
    if any(known.name == rule.name for known in opening_rules):
        raise ValueError(f"{rule.name} is registered twice")
    opening_rules.append(rule)


# Intake: what apps above know of somebody who wants to join a class, or to leave it.


@dataclass(frozen=True)
class Certified:
    """Numbers of valid certificates of a project by the person's digest in the register. `unasked` is
    the register that did not answer, "" when all did.
    """

    numbers: dict[bytes, str]
    unasked: str = ""


#: Asked with the register digests of people and the key of a project.
certified_before: list[Callable[[Collection[bytes], str], Certified]] = []
#: Numbers of certificates that keep enrolments where they are, by the enrolment's key.
papers_of_enrolments: list[Callable[[Collection[int]], dict[int, str]]] = []
