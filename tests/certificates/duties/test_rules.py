"""Calls, samples and the gate by their numbers alone: no database."""

from datetime import date, timedelta

import pytest

from certificates.duties import rules
from certificates.duties.rules import Duty, Terms, Version

TODAY = date(2026, 11, 27)


def terms(mode="refuse", known=80, employed=50):
    return Terms(mode, known, employed, 90, 730, "测〔2026〕1号 v1")


def in_days(days):
    return TODAY + timedelta(days=days)


def faults(values, overdue=0, **more):
    return [v.rule for v in rules.gate(values, overdue, terms(**more)) if not v.ok]


@pytest.mark.parametrize(
    ("result", "misses", "days"),
    [
        ("no_answer", 1, 3),
        ("no_answer", 2, 3),
        ("no_answer", 3, 7),
        ("no_answer", 5, 7),
        ("no_answer", 6, 30),
        ("wrong_number", 1, 7),
        ("refused", 1, 30),
        ("reached", 0, 7),
    ],
)
def test_the_next_call_is_proposed_by_what_the_last_one_came_to(result, misses, days):
    assert rules.next_call(result, False, misses, TODAY) == in_days(days)


def test_knowledge_needs_no_next_call():
    assert rules.next_call("reached", True, 0, TODAY) is None


@pytest.mark.parametrize(("days", "fine"), [(0, False), (1, True), (60, True), (61, False)])
def test_a_next_call_lies_between_tomorrow_and_sixty_days(days, fine):
    assert (rules.fault_of_next_call(in_days(days), TODAY) == "") is fine


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, "overdue"), (0, "today"), (1, "soon"), (7, "soon"), (8, "later")],
)
def test_a_day_is_overdue_today_soon_or_later(days, state):
    assert rules.state_of(in_days(days), TODAY) == state


def test_a_next_call_puts_a_duty_off_and_never_before_its_day():
    assert Duty(1, 1, in_days(-9), in_days(3)).call_on == in_days(3)
    assert Duty(1, 1, in_days(20), in_days(3)).call_on == in_days(20)


def test_all_duties_of_a_person_are_one_line_and_whoever_waits_longest_is_first():
    duties = [
        Duty(1, 7, in_days(2)),
        Duty(2, 8, in_days(-1)),
        Duty(3, 7, in_days(-40)),
        Duty(4, 7, in_days(-10), in_days(1)),
    ]
    lines = rules.folded(duties, TODAY)
    assert [(line.person, [d.key for d in line.duties], line.state) for line in lines] == [
        (7, [3, 4, 1], "overdue"),
        (8, [2], "overdue"),
    ]


@pytest.mark.parametrize(
    ("percent", "people", "drawn"),
    [(10, 1, 1), (10, 10, 1), (10, 11, 2), (10, 20, 2), (10, 21, 3), (100, 5, 5)]
    + [(0, 30, 0), (10, 0, 0), (1, 3, 1)],
)
def test_the_share_is_rounded_up_and_at_least_one_person(percent, people, drawn):
    assert rules.quota(percent, people) == drawn


def test_the_same_seed_draws_the_same_people_in_whatever_order_they_stand():
    numbers = [f"N-2026-{n:05}" for n in range(40)]
    first = rules.drawn("a" * 32, numbers, 4)
    assert first == rules.drawn("a" * 32, numbers[::-1], 4)
    assert first != rules.drawn("b" * 32, numbers, 4)
    assert len(set(first)) == 4


def test_every_number_is_drawn_about_as_often():
    numbers = [f"N{n}" for n in range(10)]
    times = dict.fromkeys(numbers, 0)
    for seed in range(2000):
        times[rules.drawn(f"{seed:032x}", numbers, 1)[0]] += 1
    assert min(times.values()) > 140
    assert max(times.values()) < 260


def test_one_name_in_two_accounts_is_one_person():
    assert rules.same_person("吴 教务", "吴教务")
    assert not rules.same_person("吴教务", "郑老师")
    assert not rules.same_person("", "")


LOCAL = Version("local", "示范服装厂", date(2026, 9, 1))


@pytest.mark.parametrize(
    ("base", "centre", "found"),
    [
        (LOCAL, LOCAL, ()),
        (LOCAL, Version("local", "示范服装厂（有限公司）", date(2026, 9, 30)), ()),
        (LOCAL, Version("local", "另一家工厂", date(2026, 9, 1)), ("employer",)),
        (LOCAL, Version("local", "示范服装厂", date(2026, 10, 2)), ()),
        (LOCAL, Version("local", "示范服装厂", date(2026, 10, 3)), ("start",)),
        (LOCAL, Version("outward", "示范服装厂", date(2026, 9, 1)), ("kind",)),
        (LOCAL, Version("flexible", "", date(2026, 9, 1)), ("kind",)),
        (LOCAL, Version("unemployed"), ("value",)),
        (Version("unemployed"), LOCAL, ("value",)),
        (None, LOCAL, ("missing",)),
        (Version("unknown"), LOCAL, ("missing",)),
        (LOCAL, Version(""), ()),
    ],
)
def test_two_versions_are_compared_by_what_they_mean(base, centre, found):
    assert rules.differences(base, centre) == found


@pytest.mark.parametrize(
    ("age", "asked"), [(89, False), (90, True), (730, True), (731, False), (-5, False)]
)
def test_a_certificate_is_asked_for_from_its_first_to_its_last_day(age, asked):
    assert rules.counts(TODAY - timedelta(days=age), TODAY, terms()) is asked


def test_exactly_the_share_is_enough_and_one_less_is_not():
    known = ["employed"] * 8
    assert faults([*known, "unknown", "unknown"]) == []
    assert faults([*known[:7], *["unknown"] * 3]) == ["gate_known"]
    assert faults(["employed"] * 4 + ["unknown"]) == []
    assert faults(["employed"] * 799 + ["unknown"] * 201) == ["gate_known"]


def test_the_employed_are_a_share_of_the_known_since_unknown_is_not_unemployed():
    assert faults(["employed", "unemployed"] * 4 + ["unknown", "unknown"]) == []
    assert faults(["employed"] * 3 + ["unemployed"] * 5 + ["unknown"] * 2) == ["gate_employed"]
    assert faults(["employed"] * 49 + ["studying"] * 51) == ["gate_employed"]
    assert faults(["employed"] * 50 + ["not_seeking"] * 50) == []


def test_shares_of_nothing_are_not_asked():
    assert [v.rule for v in rules.gate([], 0, terms())] == ["gate_overdue"]
    assert faults([]) == []
    assert faults(["unknown"] * 5) == ["gate_known"]


def test_one_overdue_duty_counts():
    assert faults(["employed"], overdue=1) == ["gate_overdue"]


def test_a_gate_that_is_off_says_nothing():
    assert rules.gate(["unknown"] * 9, 9, terms(mode="off")) == []


def test_the_verdict_shows_numbers_threshold_and_document():
    known, _employed, _overdue = rules.gate(["employed"] * 7 + ["unknown"] * 3, 0, terms())
    assert (known.value, known.threshold, known.source) == ("7/10 (70.0%)", "80%", terms().source)


def test_what_misses_the_share_is_not_shown_as_if_it_had_it():
    assert rules.percent(7999, 10000) == "79.9%"
