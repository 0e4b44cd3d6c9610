"""A month as weeks of days with what is on them, and the same as a list; for base and centre alike."""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.planning.services.calendar import Entry
from courses.requests.rules.conflicts import Conflict
from courses.requests.rules.terms import TERMS, term_on, windows_on
from courses.requests.services.holidays import shown_name
from courses.requests.services.policies import days_of, windows_of
from tenants.current import current_tenant
from tenants.models import in_language

KINDS = {"theory": gettext_lazy("理论"), "practice": gettext_lazy("实操")}
#: What a list is cut by: its name in the address, its title.
GROUPS = {
    "day": gettext_lazy("日期"),
    "class": gettext_lazy("班次"),
    "trainer": gettext_lazy("教师"),
    "village": gettext_lazy("村"),
}
CONFLICTS = {
    "trainer_twice": gettext_lazy("教师同时两处"),
    "trainer_elsewhere": gettext_lazy("教师在另一基地"),
    "hall_twice": gettext_lazy("场地冲突"),
    "village_twice": gettext_lazy("一村两班"),
    "holiday": gettext_lazy("节假日"),
    "undesignated": gettext_lazy("认定之外"),
    "too_far": gettext_lazy("路上来不及"),
}
FIRST_YEAR, LAST_YEAR = 2020, 2040


def month_asked(request: HttpRequest) -> date:
    """The first day of the month in the address, or of this one."""
    try:
        year, month = map(int, request.GET.get("month", "").split("-"))
        found = date(year, month, 1)
    except ValueError:
        return timezone.localdate().replace(day=1)
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else timezone.localdate().replace(day=1)


def month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def last_of(first: date) -> date:
    return month_after(first) - timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """An entry with what stands against it, and where its links lead."""

    entry: Entry
    conflicts: list[Conflict]
    link: str
    move: str

    @property
    def kind(self) -> str:
        return str(KINDS.get(self.entry.kind, self.entry.kind))

    @property
    def against(self) -> str:
        """The kinds of what stands against it, in a few words."""
        return "、".join(dict.fromkeys(str(CONFLICTS[c.kind]) for c in self.conflicts))


@dataclass(frozen=True)
class Day:
    day: date
    within: bool  # of the month
    today: bool
    term: str
    seasons: list[str]
    holiday: str
    works: str  # a working day at a week-end
    rows: list[Shown]


Links = Callable[[Entry], tuple[str, str]]


def shown(entries: Iterable[Entry], conflicts: list[Conflict], links: Links) -> list[Shown]:
    against: dict[str, list[Conflict]] = {}
    for each in conflicts:
        for key in each.keys:
            against.setdefault(key, []).append(each)
    return [Shown(e, against.get(e.slot.key, []), *links(e)) for e in entries]


def days(first: date, rows: list[Shown]) -> list[list[Day]]:
    """Weeks from Monday to Sunday that hold the month."""
    tenant, today = current_tenant(), timezone.localdate()
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    seasons = windows_of(tenant)
    given = days_of(tenant, weeks[0][0], weeks[-1][-1])
    by_day: dict[date, list[Shown]] = {}
    for row in rows:
        by_day.setdefault(row.entry.slot.day, []).append(row)

    def one(day: date) -> Day:
        known, term = given.get(day), term_on(day)
        name = shown_name(known.name) if known else ""
        return Day(
            day,
            day.month == first.month,
            day == today,
            in_language(*TERMS[term]) if term is not None else "",
            [in_language(w.name, w.name_en) for w in windows_on(day, seasons)],
            name if known and known.kind == "rest" else "",
            name if known and known.kind == "work" else "",
            by_day.get(day, []),
        )

    return [[one(day) for day in week] for week in weeks]


def seasons_of(first: date) -> list[tuple[str, date, date]]:
    """Off-seasons that touch the month: name, first and last day."""
    found = []
    for window in windows_of(current_tenant()):
        for year in (first.year - 1, first.year):
            begins, ends = window.spans(year)
            if begins <= last_of(first) and ends >= first:
                found.append((in_language(window.name, window.name_en), begins, ends))
    return sorted(found, key=lambda each: each[1])


def grouped(rows: list[Shown], by: str) -> list[tuple[str, list[Shown]]]:
    """The list cut by day, class, trainer or village; each group in the order of time."""
    titles: dict[str, Callable[[Entry], str]] = {
        "day": lambda e: f"{e.slot.day}",
        "class": lambda e: " ".join(filter(None, [e.slot.base, e.slot.class_code, e.title])),
        "trainer": lambda e: " ".join(filter(None, [e.slot.base, e.slot.trainer_name])),
        "village": lambda e: e.slot.village_name,
    }
    found: dict[str, list[Shown]] = {}
    for row in rows:
        found.setdefault(titles[by](row.entry), []).append(row)
    return sorted(found.items())


def sheet(rows: Iterable[Shown], with_base: bool) -> tuple[list[str], list[list[Any]]]:
    """Header and lines for Excel."""
    header = [_("日期"), _("开始时间"), _("结束"), _("班次代码"), _("培训项目"), _("课次")]
    header += [_("类别"), _("分钟"), _("村"), _("地点"), _("教师"), _("状态"), _("提醒")]
    lines = []
    for row in rows:
        entry, slot = row.entry, row.entry.slot
        line = [slot.day, f"{slot.starts:%H:%M}", f"{slot.ends:%H:%M}", slot.class_code]
        line += [entry.title, entry.number, row.kind, entry.minutes, slot.village_name]
        line += [slot.place, slot.trainer_name, _("待批") if entry.pending else ""]
        line.append("；".join(in_language(c.zh, c.en) for c in row.conflicts))
        lines.append([slot.base, *line] if with_base else line)
    return ([_("基地"), *header] if with_base else header), lines
