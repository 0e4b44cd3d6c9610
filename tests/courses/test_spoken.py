"""What a village's loudspeaker says: no figure that somebody has to read, no sentence that runs on."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.openings.spoken import Announced, announcement, counted, day, number, phone, words

TODAY = date(2026, 11, 27)
VALUES = dict(zip("零一二三四五六七八九", range(10), strict=True))
UNITS = {"十": 10, "百": 100, "千": 1000}


def value_of(said):
    """What a listener understands."""
    above, _wan, below = said.rpartition("万")
    if above:
        return value_of(above) * 10_000 + (value_of(below) if below else 0)
    total, digit = 0, None
    for sign in said:
        if sign in UNITS:
            total += (1 if digit is None else digit) * UNITS[sign]
            digit = None
        elif sign != "零":
            digit = VALUES[sign]
    return total + (digit or 0)


@given(st.integers(0, 99_999_999))
def test_every_number_is_understood_as_it_was_meant(value):
    assert value_of(number(value)) == value


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "零"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十"), (1050, "一千零五十")],
)  # fmt: skip
def test_numbers_sound_as_people_say_them(value, said):
    assert number(value) == said


def test_two_of_something_is_said_with_its_own_word():
    assert counted(2, "个班") == "两个班"
    assert counted(12, "天") == "十二天"


def test_a_day_has_its_weekday_and_another_year_is_said():
    assert day(date(2026, 12, 20), TODAY) == "十二月二十号，星期日"
    assert day(date(2027, 1, 5), TODAY) == "明年一月五号，星期二"
    assert day(date(2028, 2, 29), TODAY).startswith("二零二八年")


def test_a_telephone_number_is_spelt_with_yao():
    assert phone("0433-5550211") == "零四三三，五五五零二幺幺"
    assert phone("13800000001") == "幺三八，零零零零，零零零幺"


def test_figures_of_an_address_become_words():
    assert words("示范街 12 号（村部）") == "示范街十二号，村部"
    assert words("编号 00123456") == "编号零零一二三四五六"


@given(
    st.integers(0, 40),
    st.sampled_from(["none", "free", "paid"]),
    st.sampled_from(["none", "free", "paid"]),
    st.text("某村3部12活动（室） ", min_size=1, max_size=20),
)
def test_a_text_has_no_figures_and_short_lines(left, lodging, meals, where):
    one = Announced(
        "缝纫裁剪初级班", date(2026, 12, 20), date(2026, 12, 25), f"大石头镇{where}", "敦化示范职业培训基地",
        "0433-5550211", lodging, meals, left, "身份证、一寸照片 2 张", "住宿每晚 20 元",
    )  # fmt: skip
    text = announcement("敦化市大石头镇三道河子村", [one, one], TODAY)
    assert not re.search(r"[0-9A-Za-z()（）]", text)
    assert all(line.endswith("。") for line in text.split("\n"))
    assert max(len(line) for line in text.split("\n")) <= 40
    assert text.count("再说一遍") == 2


def test_a_village_without_a_class_near_it_is_told_so():
    assert "近期没有招生" in announcement("某村", [], TODAY)
