"""How far behind a log may be before somebody has to ask. What has not come yet can still be lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

#: Days after a planned session without a mark of it: a reminder, then a risk.
SESSION_WARN, SESSION_BAD = 1, 3
#: Days without a word from a phone in use: a trip takes a few; a week without one is a risk.
SILENT_WARN, SILENT_BAD = 3, 7
OK, WARN, BAD = "ok", "warn", "bad"
LEVELS = (OK, WARN, BAD)


@dataclass(frozen=True)
class Lag:
    """Of a base, a phone or a village. `oldest` is the first planned day without a log, `silent`
    are days since a phone was heard of; None where there is nothing to be silent.

    `numbers` and `blobs` were written and have not arrived; `lost` are numbers that a phone has said
    will never arrive; `unread` have arrived, and say nothing yet or never.
    """

    scope: str
    name: str
    pk: int | None = None
    sessions: int = 0
    oldest: date | None = None
    silent: int | None = None
    numbers: int = 0
    lost: int = 0
    blobs: int = 0
    unread: int = 0
    waits: bool = True  # a revoked phone is not asked for a sign of life

    def level(self, today: date) -> str:
        return max(self._levels(today), key=LEVELS.index)

    def _levels(self, today: date) -> list[str]:
        silent = self.silent if self.waits and self.silent is not None else 0
        late = (today - self.oldest).days if self.oldest else 0
        overdue = BAD if silent >= SILENT_WARN else WARN
        return [
            _step(late, SESSION_WARN, SESSION_BAD),
            _step(silent, SILENT_WARN, SILENT_BAD),
            # What a phone still has, while it is silent, is what is lost with it.
            overdue if self.numbers or self.blobs else OK,
            WARN if self.unread or self.lost else OK,
        ]


def _step(value: int, warn: int, bad: int) -> str:
    return BAD if value >= bad else WARN if value >= warn else OK


Run = tuple[int, int]  #: numbers from the first to the last, both with it


def within(runs: Iterable[Run], other: Run) -> list[Run]:
    """What of the runs lies in the other."""
    cut = ((max(first, other[0]), min(last, other[1])) for first, last in runs)
    return [(first, last) for first, last in cut if first <= last]


def without(runs: Iterable[Run], other: Run) -> list[Run]:
    """What of the runs lies before and behind the other."""
    left: list[Run] = []
    for first, last in runs:
        parts = [(first, min(last, other[0] - 1)), (max(first, other[1] + 1), last)]
        left += [(start, end) for start, end in parts if start <= end]
    return left


def silent_days(contact: datetime | None, now: datetime) -> int | None:
    return None if contact is None else max((now - contact).days, 0)


def overdue(days: Iterable[date], today: date) -> list[date]:
    """Planned days of sessions without a log that have gone by."""
    return sorted(day for day in days if (today - day).days >= SESSION_WARN)


#: What a table of lags can be sorted by; what is worst stands first.
SORTS = ("level", "sessions", "oldest", "silent", "numbers", "lost", "blobs", "unread", "name")


def ordered(rows: Iterable[Lag], by: str, today: date) -> list[Lag]:
    def place(row: Lag) -> tuple[object, ...]:
        worst = -LEVELS.index(row.level(today))
        if by == "level":
            return (worst, -row.sessions, -(row.silent or 0), row.name)
        if by == "name":
            return (row.name,)
        if by == "oldest":
            return (row.oldest or date.max, row.name)
        return (-(getattr(row, by) or 0), row.name)

    return sorted(rows, key=place)  # type: ignore[arg-type,return-value]
