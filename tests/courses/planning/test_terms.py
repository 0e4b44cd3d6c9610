"""Solar terms of 2020 to 2040, held against the sun as it is worked out here a second time."""

from datetime import UTC, date, datetime, timedelta
from math import radians, sin

import pytest

from courses.requests.rules.terms import TERMS, Window, day_of, moments_of, term_on, windows_on

YEARS = range(2020, 2041)


def longitude(moment):
    """The sun's apparent longitude in degrees, within 0.01: Meeus, Astronomical Algorithms, chapter 25."""
    days = (moment - datetime(2000, 1, 1, 12, tzinfo=UTC)) / timedelta(days=1) + 70 / 86400
    t = days / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (1.914602 - 0.004817 * t) * sin(m) + (0.019993 - 0.000101 * t) * sin(2 * m)
    centre += 0.000289 * sin(3 * m)
    node = radians(125.04 - 1934.136 * t)
    return (mean + centre - 0.00569 - 0.00478 * sin(node)) % 360


@pytest.mark.parametrize("year", YEARS)
def test_the_sun_stands_where_each_term_says(year):
    moments = moments_of(year)
    assert len(moments) == len(TERMS) == 24
    for number, moment in enumerate(moments):
        assert moment.year == year
        wanted = (285 + 15 * number) % 360  # 小寒 is 285 degrees
        here = longitude((moment - timedelta(hours=8)).replace(tzinfo=UTC))
        off = (here - wanted + 180) % 360 - 180
        assert abs(off) < 0.012, (TERMS[number], moment, off)  # 0.01 degree is a quarter of an hour


#: Days that the almanacs of Purple Mountain Observatory and Hong Kong Observatory print; those near
#: midnight among them.
PRINTED = {
    (2020, "立春"): date(2020, 2, 4),
    (2021, "立春"): date(2021, 2, 3),
    (2021, "冬至"): date(2021, 12, 21),
    (2024, "清明"): date(2024, 4, 4),
    (2024, "夏至"): date(2024, 6, 21),
    (2025, "立春"): date(2025, 2, 3),
    (2025, "霜降"): date(2025, 10, 23),
    (2025, "冬至"): date(2025, 12, 21),
    (2026, "惊蛰"): date(2026, 3, 5),
    (2026, "芒种"): date(2026, 6, 5),
}


@pytest.mark.parametrize(("known", "day"), PRINTED.items())
def test_a_term_is_on_the_day_that_is_printed(known, day):
    year, name = known
    number = [zh for zh, _en in TERMS].index(name)
    assert day_of(year, number) == day
    assert term_on(day) == number
    assert term_on(day + timedelta(days=1)) is None


def test_a_window_goes_from_one_term_to_the_day_before_another_and_passes_the_new_year():
    names = [zh for zh, _en in TERMS]
    winter = Window("冬闲", names.index("立冬"), names.index("惊蛰"))
    assert winter.spans(2025) == (date(2025, 11, 7), date(2026, 3, 4))
    for inside in (date(2025, 11, 7), date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 4)):
        assert winter.holds(inside)
    for outside in (date(2025, 11, 6), date(2026, 3, 5), date(2026, 7, 1)):
        assert not winter.holds(outside)
    summer = Window("挂锄期", names.index("小暑"), names.index("立秋"))
    assert summer.spans(2026) == (date(2026, 7, 7), date(2026, 8, 6))
    assert windows_on(date(2026, 7, 20), [winter, summer]) == [summer]
