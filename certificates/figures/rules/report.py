"""The monthly report as frozen data: what each number means, and what a correction changes. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from certificates.figures.rules.counts import WORK

FORMAT = "trainbase.monthly-report/1"
#: What counts as transferred (转移就业), and what is work beside it.
TRANSFERRED = ("work_local", "work_outward", "work_overseas")
OTHER = tuple(name for name in WORK if name not in TRANSFERRED)
#: Column -> Chinese and English title, Chinese and English definition. Frozen into each report.
COLUMNS: dict[str, tuple[str, str, str, str]] = {
    "trained": (
        *("培训", "Trained"),
        "本月结业的班次中，出勤达到本班规则要求的人次",
        "attendance as the rule set asks, in classes whose last day is in the month",
    ),
    "certified": (
        *("发证", "Certified"),
        "本月首次签发、现在仍有效的培训合格证书（换发不另计）",
        "certificates first issued in the month that are valid; a new version is not counted again",
    ),
    "transferred": (
        *("转移就业", "Transferred"),
        "本月起持证在业的就近就业、外出务工、境外就业人次；依据最强的去向为准",
        "at work with a certificate since the month, nearby, outward, overseas; strongest evidence",
    ),
    "work_local": ("其中：就近", "nearby", "转移就业中的就近就业", "of the transferred: nearby"),
    "work_outward": (
        "其中：外出",
        "outward",
        "转移就业中的外出务工",
        "of the transferred: outward",
    ),
    "work_overseas": (
        "其中：境外",
        "overseas",
        "转移就业中的境外就业",
        "of the transferred: overseas",
    ),
    "other_work": (
        *("其他就业", "Other work"),
        "本月起持证在业的自主创业、灵活就业人次，不计入转移就业",
        "self-employed and flexible work since the month, not among the transferred",
    ),
}
SHARE = (
    "占农村劳动力",
    "Share of rural labour",
    "本年累计转移就业 ÷ 该乡镇农村劳动力（%）",
    "transferred this year over the township's rural labour (%)",
)
TOWNSHIP = (
    "乡镇",
    "Township",
    "学员本人所在乡镇；没有登记的，按班次所在乡镇",
    "of the trainee; of the class where the trainee's is not on record",
)
Counts = dict[str, int]


@dataclass(frozen=True)
class Labour:
    """People of working age of a township, with the day and the source of the number."""

    people: int
    as_of: str
    source: str


def is_over(month: date, today: date) -> bool:
    """Whether the last day of the month lies behind us."""
    return today >= next_month(month)


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def line_of(counts: Mapping[str, int]) -> Counts:
    """The columns of the report from those of figures."""
    found = {name: counts.get(name, 0) for name in COLUMNS}
    found["transferred"] = sum(counts.get(name, 0) for name in TRANSFERRED)
    found["other_work"] = sum(counts.get(name, 0) for name in OTHER)
    return found


def share(transferred: int, people: int | None) -> str | None:
    """Percent with two decimals, as text that is the same everywhere."""
    if not people:
        return None
    return str((Decimal(100 * transferred) / people).quantize(Decimal("0.01")))


def rows_of(
    month: date,
    figures: Iterable[Mapping[str, Any]],
    names: Mapping[str, str],
    labour: Mapping[str, Labour],
) -> list[dict[str, Any]]:
    """A row a township: of the month, and of the year up to it. `figures` have keys of `REPORT`."""
    text = f"{month:%Y-%m}"
    sums: dict[str, tuple[Counts, Counts]] = {code: ({}, {}) for code in labour}
    for row in figures:
        when, _, township = row["key"].partition(" ")
        if when > text:
            continue
        parts = sums.setdefault(township, ({}, {}))
        for part in parts[0 if when == text else 1 :]:
            for name in ("trained", "certified", *WORK):
                part[name] = part.get(name, 0) + row[name]
    found = []
    for code in sorted(sums):
        of_month, of_year = (line_of(part) for part in sums[code])
        here = labour.get(code)
        found.append(
            {
                "township": code,
                "name": names.get(code, code),
                "month": of_month,
                "year": of_year,
                "labour": vars(here) if here else None,
                "share": share(of_year["transferred"], here.people if here else None),
            }
        )
    return found


def total_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All townships. The share is of those whose rural labour is known: it says how many they are."""
    known = [row for row in rows if row["labour"]]
    people = sum(row["labour"]["people"] for row in known)
    moved = sum(row["year"]["transferred"] for row in known)
    return {
        "month": {name: sum(row["month"][name] for row in rows) for name in COLUMNS},
        "year": {name: sum(row["year"][name] for row in rows) for name in COLUMNS},
        "labour": people,
        "share": share(moved, people),
        "townships": len(rows),
        "with_labour": len(known),
    }


def differences(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What the rows of a correction say otherwise than those before."""
    old, new = ({row["township"]: row for row in rows} for rows in (before, after))
    found = []
    for code in sorted({*old, *new}):
        name = (new.get(code) or old[code])["name"]
        for part in ("month", "year"):
            for column in COLUMNS:
                was, now = (rows[code][part][column] if code in rows else 0 for rows in (old, new))
                if was != now:
                    found.append(_differ(code, name, part, column, was, now))
        was, now = ((rows.get(code) or {}).get("labour") for rows in (old, new))
        if was != now:
            people = [labour["people"] if labour else None for labour in (was, now)]
            found.append(_differ(code, name, "labour", "labour", *people))
    return found


def _differ(
    code: str, name: str, part: str, column: str, before: int | None, after: int | None
) -> dict[str, Any]:
    return {"township": code, "name": name, "part": part, "column": column} | {
        "before": before,
        "after": after,
    }


def canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
