"""What counts, what adds up, what was missed, and what follows. No database, no request.

The ladder's default is the promotion measures' own: first year no promotion and no award, second
year in a row a yellow card, third a proposal of removal. All of it is data: see `settings.py`.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

METRICS = ("trained", "certified", "employed", "local", "outward", "overseas")
TRANSFERS = ("local", "outward", "overseas")
EMPLOYED = frozenset({"local", "outward", "self_employed", "flexible", "overseas"})
LARGEST = 1_000_000  # people; more is a slip of the finger in any prefecture
FIRST_YEAR = 2000

Counts = dict[str, int]
#: Of one year: (division code, trade code) -> counts by metric.
Tally = dict[tuple[str, str], Counts]


def no_counts() -> Counts:
    return dict.fromkeys(METRICS, 0)


def counted(line: Any, year: int) -> set[str]:
    """The metrics of `year` that one line of the ledger counts for.

    A job counts in the year in which it began; where that day is not on record, in the year of the
    certificate. Unknown counts for nothing.
    """
    found = set()
    if line.trained_on and line.trained_on.year == year:
        found.add("trained")
    if line.certified_on and line.certified_on.year == year:
        found.add("certified")
    began = line.started_on or line.certified_on
    if line.outcome in EMPLOYED and began and began.year == year:
        found.add("employed")
        if line.outcome in TRANSFERS:
            found.add(line.outcome)
    return found


def add_lines(tally: Tally, lines: Iterable[Any], year: int) -> None:
    for line in lines:
        for metric in counted(line, year):
            place = tally.setdefault((line.division, line.trade_code), no_counts())
            place[metric] += 1


@dataclass(frozen=True)
class Clause:
    """A part of what a unit answers for: divisions that begin with `prefix`, these trades or all."""

    prefix: str
    trades: frozenset[str] = frozenset()

    def covers(self, division: str, trade: str) -> bool:
        return division.startswith(self.prefix) and (not self.trades or trade in self.trades)

    def as_json(self) -> list[Any]:
        return [self.prefix, sorted(self.trades)]

    @classmethod
    def from_json(cls, said: Sequence[Any]) -> "Clause":
        return cls(said[0], frozenset(said[1]))


@dataclass(frozen=True)
class Node:
    """A unit as the tree needs it."""

    pk: int
    parent: int | None
    prefix: str = ""
    trades: frozenset[str] = frozenset()


def children_of(nodes: Iterable[Node]) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = {}
    for node in nodes:
        found.setdefault(node.parent, []).append(node.pk)
    return found


def scopes(nodes: Sequence[Node]) -> dict[int, tuple[Clause, ...]]:
    """What each unit answers for: its own division and trades, else what the units below it do.

    Empty for a unit that has neither: nothing can be counted for it.
    """
    by_pk = {node.pk: node for node in nodes}
    below = children_of(nodes)
    known: dict[int, tuple[Clause, ...]] = {}

    def of(pk: int, path: frozenset[int]) -> tuple[Clause, ...]:
        if pk in known:
            return known[pk]
        node = by_pk[pk]
        if node.prefix or node.trades:
            found: tuple[Clause, ...] = (Clause(node.prefix, node.trades),)
        else:
            parts = [of(c, path | {pk}) for c in below.get(pk, []) if c not in path | {pk}]
            found = tuple(dict.fromkeys(clause for part in parts for clause in part))
        known[pk] = found
        return found

    return {node.pk: of(node.pk, frozenset()) for node in nodes}


def measure(scope: Iterable[Clause], tally: Tally, keys: Sequence[tuple[str, str]]) -> Counts:
    """The counts of a scope; a line counts once, however many clauses cover it.

    `keys` are the tally's, sorted: the divisions of a prefix stand together, so that a village costs
    little however large the tally is.
    """
    found: set[tuple[str, str]] = set()
    for clause in scope:
        place = bisect_left(keys, (clause.prefix, ""))
        while place < len(keys) and keys[place][0].startswith(clause.prefix):
            if clause.covers(*keys[place]):
                found.add(keys[place])
            place += 1
    total = no_counts()
    for key in found:
        for metric, value in tally[key].items():
            total[metric] += value
    return total


def is_cycle(parent_of: Mapping[int, int | None], pk: int, parent: int | None) -> bool:
    """Whether `pk` would be its own ancestor below `parent`."""
    seen = {pk}
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = parent_of.get(parent)
    return False


def in_sight(nodes: Sequence[Node], prefix: str) -> set[int]:
    """The units of the divisions in charge, and all below them; an empty prefix sees every unit."""
    if not prefix:
        return {node.pk for node in nodes}
    below = children_of(nodes)
    found: set[int] = set()
    waiting = [n.pk for n in nodes if n.prefix and n.prefix.startswith(prefix)]
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting += below.get(pk, [])
    return found


@dataclass(frozen=True)
class Difference:
    """The unit's own target, and what the units below it add up to."""

    metric: str
    own: int
    parts: int


def differences(own: Mapping[str, int], parts: Sequence[Mapping[str, int]]) -> list[Difference]:
    found = [Difference(m, own[m], sum(part[m] for part in parts)) for m in METRICS]
    return [d for d in found if d.own != d.parts]


def percent(actual: int, target: int) -> int | None:
    """Whole percent, rounded down: 99.9 is not 100. None without a target."""
    return actual * 100 // target if target else None


@dataclass(frozen=True)
class Line:
    """One metric of an assessment."""

    metric: str
    target: int
    actual: int
    percent: int | None
    judged: bool
    missed: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def judge(
    targets: Mapping[str, int], actuals: Mapping[str, int], judged: Iterable[str], threshold: int
) -> list[Line]:
    """Every metric; missed is a judged one with a target and less than `threshold` % of it."""
    chosen = set(judged)
    found = []
    for metric in METRICS:
        target, actual = targets[metric], actuals[metric]
        counts = metric in chosen and target > 0
        missed = counts and actual * 100 < threshold * target
        found.append(Line(metric, target, actual, percent(actual, target), counts, missed))
    return found


def years_in_row(missed: Mapping[int, bool], year: int) -> int:
    """How many years up to `year` were missed without a break; a year without a letter breaks."""
    count = 0
    while missed.get(year - count):
        count += 1
    return count


@dataclass(frozen=True)
class Step:
    """A rung of the ladder: what is proposed in that year in a row."""

    number: int
    zh: str
    en: str


DEFAULT_LADDER = """\
不得提拔、不得评优 / No promotion and no award
黄牌警告 / Yellow card
建议免职 / Removal proposed
"""


def ladder(text: str) -> list[Step]:
    """One rung a line, `中文 / English`. Raises ValueError, with what is wrong in both languages."""
    found: list[Step] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        zh, _slash, en = (part.strip() for part in line.partition("/"))
        if not zh or not en:
            raise ValueError(f"“{line}”应写成“中文 / English” / write it as 中文 / English")
        if len(line) > 120:
            raise ValueError(f"“{line[:20]}…”超过 120 字 / longer than 120 characters")
        found.append(Step(len(found) + 1, zh, en))
    if not 1 <= len(found) <= 9:
        raise ValueError("应有 1 至 9 级，每行一级 / give 1 to 9 steps, one a line")
    return found


def proposed(steps: Sequence[Step], in_row: int) -> Step | None:
    """The rung for that many years in a row; the last one holds for more."""
    return steps[min(in_row, len(steps)) - 1] if in_row else None


def assessable_from(year: int, early_days: int) -> date:
    """The first day on which `year` may be assessed: after its end, or so many days before that."""
    return date(year + 1, 1, 1) - timedelta(days=early_days)


def paper_code(
    unit: int, year: int, version: int, targets: Mapping[str, int], scope: Iterable[Clause] = ()
) -> str:
    """Printed on the letter and typed in with the scan: the paper that was signed says the same.

    Not a secret: it tells a changed draft from the printed one.
    """
    said = "|".join([str(unit), str(year), str(version), *(str(targets[m]) for m in METRICS)])
    said += "".join(f"|{c.prefix}:{','.join(sorted(c.trades))}" for c in scope)
    digest = hashlib.sha256(said.encode()).hexdigest().upper()
    return f"{digest[:4]}-{digest[4:8]}"
