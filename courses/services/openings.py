"""What rules of the apps above say of a class: before it opens, at its opening, and ever after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from courses.extensions import Judged, OpeningRule, opening_rules
from courses.models import TrainingClass
from tenants.models import Trade
from tenants.verdict import Verdict


@dataclass(frozen=True)
class Asked:
    rule: OpeningRule
    judged: Judged


def ask_rules(trade: Trade, code: str, on: date) -> list[Asked]:
    """Every rule's answer, in the transaction that opens the class; what they rest on is locked."""
    return [Asked(rule, rule.judge(trade, code, on, True)) for rule in opening_rules]


def refusals(asked: Iterable[Asked]) -> list[Verdict]:
    return [fault for each in asked if each.judged.refuses for fault in each.judged.faults]


def keep(asked: Iterable[Asked], opened: TrainingClass) -> None:
    for each in asked:
        each.rule.keep(opened, each.judged)


def previews(trades: Iterable[Trade], code: str, on: date) -> list[tuple[Trade, Judged]]:
    """What stands against a class of each trade, if anything does."""
    found = [
        (trade, rule.judge(trade, code, on, False)) for trade in trades for rule in opening_rules
    ]
    return [(trade, judged) for trade, judged in found if judged.faults]


def said_at_opening(opened: TrainingClass) -> list[Judged]:
    """What was said against the class when it opened."""
    found = [rule.kept(opened) for rule in opening_rules]
    return [judged for judged in found if judged is not None and judged.faults]
