"""What a request says, as it is kept: frozen, and the same on both sides. No trainee is in it."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import date, time
from typing import Any


@dataclass(frozen=True)
class Planned:
    """One session: `minutes` of one kind of teaching."""

    held_on: date
    starts_at: time
    kind: str
    minutes: int
    topic: str = ""


@dataclass(frozen=True)
class Facts:
    """`trainer` is the base's own number of the account, `people` and `roster_*` are what a check of the
    roster gave: how many good lines, how many bad ones, of which file, when and by whom.
    """

    class_code: str
    project: str
    project_name: str
    trade: str
    village: str
    village_name: str
    place: str
    starts_on: date
    ends_on: date
    trainer: int
    trainer_name: str
    sessions: tuple[Planned, ...]
    programme: str = ""
    programme_name: str = ""
    other_trainers: str = ""
    resources: str = ""
    assessment: str = ""
    contact: str = ""
    contact_phone: str = ""
    people: int = 0
    roster_bad: int = 0
    roster_sha256: str = ""
    roster_by: str = ""
    roster_on: date | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        found = asdict(self)
        for name in ("starts_on", "ends_on", "roster_on"):
            found[name] = found[name].isoformat() if found[name] else None
        found["sessions"] = [
            [s.held_on.isoformat(), f"{s.starts_at:%H:%M}", s.kind, s.minutes, s.topic]
            for s in self.sessions
        ]
        return found

    def plan(self) -> tuple[Any, ...]:
        """What a class that opens has to be: all that was approved of time, place and people."""
        return (
            *(self.project, self.village, self.place, self.starts_on, self.ends_on, self.trainer),
            *(self.programme, self.sessions),
        )


def facts_from(said: dict[str, Any]) -> Facts:
    """Raises ValueError for what no version has said."""
    known = {field.name for field in fields(Facts)}
    values = {name: value for name, value in said.items() if name in known}
    for name in ("starts_on", "ends_on", "roster_on"):
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    values["sessions"] = tuple(
        Planned(date.fromisoformat(day), time.fromisoformat(at), kind, minutes, topic)
        for day, at, kind, minutes, topic in said["sessions"]
    )
    return Facts(**values)


#: What two versions are compared by: field, Chinese, English.
SHOWN = (
    ("project_name", "培训项目", "project"),
    ("programme_name", "资金项目", "programme"),
    ("village_name", "村", "village"),
    ("place", "场地", "place"),
    ("starts_on", "开班日期", "first day"),
    ("ends_on", "结业日期", "last day"),
    ("trainer_name", "教师", "trainer"),
    ("other_trainers", "其他教师", "other trainers"),
    ("resources", "设备与教材", "equipment and material"),
    ("assessment", "考核安排", "assessment plan"),
    ("people", "人数", "people"),
)


def differences(before: Facts, after: Facts) -> list[tuple[str, str, str, str]]:
    """(Chinese title, English title, before, after) of what differs; sessions one by one."""
    found = [
        (zh, en, str(getattr(before, name)), str(getattr(after, name)))
        for name, zh, en in SHOWN
        if getattr(before, name) != getattr(after, name)
    ]
    longest = max(len(before.sessions), len(after.sessions))
    for number in range(longest):
        one, other = (
            facts.sessions[number] if number < len(facts.sessions) else None
            for facts in (before, after)
        )
        if one != other:
            found.append((f"第 {number + 1} 次课", f"session {number + 1}", said(one), said(other)))
    return found


def said(planned: Planned | None) -> str:
    if planned is None:
        return "—"
    return f"{planned.held_on} {planned.starts_at:%H:%M} · {planned.minutes} min"


def without_people(facts: Facts) -> Facts:
    """Of a change: nobody is counted anew."""
    return replace(facts, people=0, roster_bad=0, roster_sha256="", roster_by="", roster_on=None)
