"""二十四节气 and the off-seasons between two of them. Days are of Beijing time, as the almanac has them.

The moments come from `lunar-python`, which computes the sun's longitude; the tests compute it a second
time, by another way, for every term from 2020 to 2040.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

#: In the order of the calendar year: Chinese, English.
TERMS = (
    ("小寒", "Minor Cold"),
    ("大寒", "Major Cold"),
    ("立春", "Start of Spring"),
    ("雨水", "Rain Water"),
    ("惊蛰", "Awakening of Insects"),
    ("春分", "Spring Equinox"),
    ("清明", "Clear and Bright"),
    ("谷雨", "Grain Rain"),
    ("立夏", "Start of Summer"),
    ("小满", "Grain Buds"),
    ("芒种", "Grain in Ear"),
    ("夏至", "Summer Solstice"),
    ("小暑", "Minor Heat"),
    ("大暑", "Major Heat"),
    ("立秋", "Start of Autumn"),
    ("处暑", "End of Heat"),
    ("白露", "White Dew"),
    ("秋分", "Autumn Equinox"),
    ("寒露", "Cold Dew"),
    ("霜降", "Frost's Descent"),
    ("立冬", "Start of Winter"),
    ("小雪", "Minor Snow"),
    ("大雪", "Major Snow"),
    ("冬至", "Winter Solstice"),
)
#: How the library calls those of the next year in the table of a year.
LAST = "DONG_ZHI"


@lru_cache(maxsize=64)
def moments_of(year: int) -> tuple[datetime, ...]:
    """The 24 moments of a calendar year, in Beijing time without a zone, in the order of `TERMS`."""
    from lunar_python import Lunar  # a tenth of a second that only a calendar needs

    table = Lunar.fromYmd(year, 1, 1).getJieQiTable()
    names = [*(zh for zh, _en in TERMS[:-1]), LAST]
    found = (datetime.fromisoformat(table[name].toYmdHms()) for name in names)
    return tuple(found)


def day_of(year: int, term: int) -> date:
    """The day on which a term of the year begins; `term` is its place in `TERMS`."""
    return moments_of(year)[term].date()


def term_on(day: date) -> int | None:
    """Which term begins on the day, if one does."""
    near = (day.month - 1) * 2
    return next((n for n in (near, near + 1) if day_of(day.year, n) == day), None)


@dataclass(frozen=True)
class Window:
    """From the first day of the term `starts` to the day before the term `ends`."""

    name: str
    starts: int
    ends: int
    name_en: str = ""

    def spans(self, year: int) -> tuple[date, date]:
        """First and last day of the window that begins in the year."""
        later = year if self.ends > self.starts else year + 1
        return day_of(year, self.starts), day_of(later, self.ends) - timedelta(days=1)

    def holds(self, day: date) -> bool:
        return any(
            first <= day <= last for first, last in map(self.spans, (day.year - 1, day.year))
        )


def windows_on(day: date, windows: Iterable[Window]) -> list[Window]:
    return [window for window in windows if window.holds(day)]
