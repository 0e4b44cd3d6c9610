"""Figures as lines of a table, as much of them as its reader may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from certificates.figures.rules.counts import COLUMNS, LOSSES, PROVED, STEPS, Rate, rates_of
from certificates.figures.rules.hiding import (
    SMALL,
    hidden_alone,
    hidden_of,
    merged,
    parts_of,
    shown_of,
)

Row = tuple[str, str, Mapping[str, int]]  # key, title, counts
#: What tables show of each group: no more is added up for them.
SHOWN = (*STEPS, *PROVED)


@dataclass(frozen=True)
class Line:
    """One group. A count is None when its reader may not see it; `exact` knows all of them."""

    key: str
    title: str
    counts: Mapping[str, int | None]
    exact: bool = True
    evidence: tuple[tuple[str, int], ...] = ()
    merged: bool = False  # several groups in one

    @property
    def cells(self) -> list[tuple[str, int | None]]:
        return [(step, self.counts[step]) for step in STEPS]

    @property
    def rate(self) -> Rate | None:
        """Of the employed among the certified."""
        over, of = self.counts["employed"], self.counts["certified"]
        return None if over is None or of is None else Rate("employed", over, of)

    @property
    def losses(self) -> list[tuple[str, int | None, float | None]]:
        """At each step how many were lost, and the percent of those before it."""
        found = []
        for before, after in LOSSES:
            of, left = self.counts[before], self.counts[after]
            lost = None if of is None or left is None else of - left
            found.append(
                (after, lost, round(100 * lost / of, 1) if lost is not None and of else None)
            )
        return found


@dataclass(frozen=True)
class Table:
    """Groups by one dimension, the largest first or in the order of their keys."""

    dimension: str
    title: str
    lines: list[Line] = field(default_factory=list)


def total_line(counts: Mapping[str, int], exact: bool) -> Line:
    """All groups together; what is hidden here is hidden in every table of the page."""
    if exact:
        return Line("", _("合计"), dict(counts), True, _mix(counts))
    if 0 < counts["enrolled"] < SMALL:
        return Line("", _("合计"), dict.fromkeys(STEPS), False)
    shown = shown_of(counts, hidden_alone(parts_of(counts)))
    few = any(0 < number < SMALL for _name, number in _mix(counts))
    open_ = shown["employed"] is not None and not few
    return Line("", _("合计"), shown, False, _mix(counts) if open_ else ())


def _mix(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    found = ((name.removeprefix("employed_"), counts.get(name, 0)) for name in PROVED)
    return tuple((name, number) for name, number in reversed(list(found)) if number)


def lines_of(rows: Sequence[Row], total: Mapping[str, int], exact: bool) -> list[Line]:
    """The groups, with small counts hidden from whoever may not see names. `total` is their sum."""
    rows = [row for row in rows if row[2]["enrolled"]]
    if exact:
        return [
            Line(key, title, counts, True, _mix(counts), merged="title" in counts)
            for key, title, counts in rows
        ]
    parts = [parts_of(counts) for _key, _title, counts in rows]
    groups = merged([(key, part) for (key, _t, _c), part in zip(rows, parts, strict=True)])
    sums = [{name: sum(parts[n][name] for n in group) for name in parts[0]} for group in groups]
    if len(groups) < 2:
        return []  # one group says no more than the total
    hidden = hidden_of(sums, hidden_alone(parts_of(total)))
    found = []
    for group, names in zip(groups, hidden, strict=True):
        counts = {name: sum(rows[n][2][name] for n in group) for name in STEPS}
        key, title, _counts = rows[group[0]]
        if len(group) > 1:
            key, title = "", _("其余（%(groups)s 组，人数少，合并）") % {"groups": len(group)}
        found.append(Line(key, title, shown_of(counts, names), False, merged=len(group) > 1))
    return found


def add_up(
    rows: Collection[Mapping[str, Any]], columns: Collection[str] = COLUMNS
) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in columns}


def rates(total: Line) -> list[Rate]:
    """Of a line that is shown whole; only the employed of one that is not."""
    if total.exact:
        return rates_of({name: number or 0 for name, number in total.counts.items()})
    return [total.rate] if total.rate else []
