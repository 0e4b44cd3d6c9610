"""Length, cost, gaps and the hours of the night: without a database."""

from datetime import datetime
from decimal import Decimal

import pytest

from courses.notices import rules


def at(hour, minute=0):
    return datetime(2026, 1, 5, hour, minute)


@pytest.mark.parametrize(
    ("text", "units", "segments"),
    [
        ("", 0, 0),
        ("开" * 70, 70, 1),
        ("开" * 71, 71, 2),
        ("开" * 134, 134, 2),
        ("开" * 135, 135, 3),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("[]" + "a" * 156, 160, 1),  # a sign of the extension takes two places
        ("😀" + "开" * 68, 70, 1),  # as does a sign outside the first plane
        ("😀" + "开" * 69, 71, 2),
    ],
)
def test_a_message_is_as_long_as_a_carrier_counts_it(text, units, segments):
    assert rules.length(text) == rules.Length(units, segments)


def test_the_cost_is_that_of_all_segments():
    assert rules.cost(33, Decimal("0.045")) == Decimal("1.485")


def test_gaps_are_known_by_either_word():
    text = "{姓名}您好，{class}班在{ 地点 }上课"
    assert rules.holders(text) == ["name", "class", "place"]
    assert rules.unknown(text) == []
    said = rules.fill(text, {"name": "金花", "class": "S-1", "place": "村部"})
    assert said == "金花您好，S-1班在村部上课"


@pytest.mark.parametrize(
    "text", ["{姓}您好", "{name", "name}", "{{name}}", "{}", "{0}", "｛工资｝"]
)
def test_a_gap_that_nobody_fills_is_found(text):
    assert rules.unknown(text)


def test_a_name_that_looks_like_a_gap_is_not_filled_again():
    assert rules.fill("{姓名}", {"name": "{地点}", "place": "x"}) == "{地点}"


def test_an_empty_value_is_missing():
    assert rules.missing("{姓名}{地点}{链接}", {"name": "金花", "place": " "}) == ["place", "link"]


@pytest.mark.parametrize(
    ("hour", "may"), [(7, False), (8, True), (21, True), (22, False), (0, False)]
)
def test_nothing_leaves_at_night(hour, may):
    assert rules.may_leave(at(hour), urgent=False) is may
    assert rules.may_leave(at(hour), urgent=True)


def test_what_is_written_at_night_leaves_in_the_morning():
    assert rules.leaves_at(at(23, 30), False) == datetime(2026, 1, 6, 8)
    assert rules.leaves_at(at(3), False) == datetime(2026, 1, 5, 8)
    assert rules.leaves_at(at(12), False) == at(12)
    assert rules.leaves_at(at(23, 30), True) == at(23, 30)


@pytest.mark.parametrize(
    ("phone", "number", "mobile"),
    [
        ("138-0000 0000", "13800000000", True),
        ("+86 13800000000", "13800000000", True),
        ("１３８００００００００", "13800000000", True),
        ("0433-2500001", "04332500001", False),
        ("", "", False),
        ("12800000000", "12800000000", False),
    ],
)
def test_numbers_are_compared_by_their_digits(phone, number, mobile):
    assert rules.plain_number(phone) == number
    assert rules.is_mobile(phone) is mobile
