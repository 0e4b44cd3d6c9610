"""What waits for somebody: each app names its kinds of it in a `due.py`, the front page asks them.

A kind costs one query, whatever waits; one that this person may not do is not asked at all.
"""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tenants.staff.models import User

#: Days after which something that has no term of its own has waited long.
LONG = 7


class Day(enum.Enum):
    """What the day of the most pressing one says: it waits since then, or it is due then."""

    SINCE = "since"
    BY = "by"


@dataclass(frozen=True)
class Waiting:
    """How many, and the day of the most pressing one. `address` where the work has a page of its own."""

    count: int
    day: date | None = None
    address: str = ""


@dataclass(frozen=True)
class Due:
    """A kind of work. `route` with `query` lists what is counted; who has one of `permissions` does it."""

    key: str
    title: Promise
    permissions: tuple[str, ...]
    ask: Callable[[User, date], Waiting]
    route: str
    query: str = ""
    day: Day = Day.SINCE

    def is_for(self, user: User) -> bool:
        return any(user.has_perm(name) for name in self.permissions)


@dataclass(frozen=True)
class Line:
    """One line of the front page. `said` says how pressing it is, `colour` is a badge's."""

    key: str
    title: str
    count: int
    address: str
    said: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Coming:
    """What comes next for somebody, when nothing waits."""

    on: date
    title: str
    address: str


def counted(rows: QuerySet[Any], field: str) -> Waiting:
    """How many rows, and the first day in `field`, which is a date or a time."""
    found = rows.order_by().aggregate(count=Count("pk"), first=Min(field))
    first = found["first"]
    day = timezone.localdate(first) if isinstance(first, datetime) else first
    return Waiting(found["count"], day)


def lines(kinds: Iterable[Due], user: User, today: date) -> list[Line]:
    """What waits for this person, in the order of the kinds; what does not wait has no line."""
    found = ((kind, kind.ask(user, today)) for kind in kinds if kind.is_for(user))
    return [_line(kind, waits, today) for kind, waits in found if waits.count]


def _line(kind: Due, waits: Waiting, today: date) -> Line:
    address = waits.address or reverse(kind.route) + kind.query
    said = colour = ""
    if waits.day:
        said = in_words(kind.day, waits.day, today)
        said = _("最急的%(said)s") % {"said": said} if waits.count > 1 else said
        colour = _colour(kind.day, (today - waits.day).days)
    return Line(kind.key, str(kind.title), waits.count, address, said, colour)


def _colour(day: Day, late: int) -> str:
    if day is Day.BY:
        return "bad" if late > 0 else "warn" if late == 0 else ""
    return "warn" if late >= LONG else ""


def in_words(what: Day, day: date, today: date) -> str:
    """How pressing it is, in the reader's words: days late, or since when it waits."""
    past = (today - day).days
    if what is Day.SINCE:
        return _waited(max(past, 0))
    if past > 0:
        return _("逾期 1 天") if past == 1 else _("逾期 %(n)s 天") % {"n": past}
    if past == 0:
        return _("就在今天")
    return _("就在明天") if past == -1 else _("还有 %(n)s 天") % {"n": -past}


def _waited(days: int) -> str:
    if days == 0:
        return _("今天刚到")
    return _("已等 1 天") if days == 1 else _("已等 %(n)s 天") % {"n": days}
