"""The rules, without a database."""

import time
from dataclasses import dataclass, replace
from datetime import date

import pytest
from trainbase_letters import rules
from trainbase_letters.rules import Clause, Node


@dataclass(frozen=True)
class Line:
    division: str = "222403001001"
    trade_code: str = "sewing"
    trained_on: date | None = date(2026, 3, 1)
    certified_on: date | None = date(2026, 3, 5)
    outcome: str = "outward"
    started_on: date | None = date(2026, 4, 1)


def counts(**given):
    return rules.no_counts() | given


def measured(scope, tally):
    return rules.measure(scope, tally, sorted(tally))


def test_a_line_counts_in_the_year_of_each_event():
    line = replace(Line(), trained_on=date(2025, 12, 30), started_on=date(2027, 1, 2))
    assert rules.counted(line, 2025) == {"trained"}
    assert rules.counted(line, 2026) == {"certified"}
    assert rules.counted(line, 2027) == {"employed", "outward"}


def test_a_job_without_a_day_counts_in_the_year_of_the_certificate():
    line = replace(Line(), started_on=None, outcome="flexible")
    assert rules.counted(line, 2026) == {"trained", "certified", "employed"}


@pytest.mark.parametrize("outcome", ["unknown", "unemployed", ""])
def test_who_is_not_known_to_work_is_not_employed(outcome):
    assert "employed" not in rules.counted(replace(Line(), outcome=outcome), 2026)


def test_a_line_without_certificate_counts_for_nothing_but_training():
    line = Line(certified_on=None, outcome="", started_on=None)
    assert rules.counted(line, 2026) == {"trained"}


def test_a_unit_counts_its_division_and_only_its_trades():
    tally = {}
    lines = [Line(), Line(division="222403002001"), Line(trade_code="catering")]
    rules.add_lines(tally, lines, 2026)
    assert measured([Clause("222403001")], tally)["trained"] == 2
    assert measured([Clause("222403", frozenset({"catering"}))], tally)["trained"] == 1
    assert measured([], tally) == rules.no_counts()


def test_a_person_who_is_covered_twice_counts_once():
    tally = {}
    rules.add_lines(tally, [Line()], 2026)
    assert measured([Clause("222403"), Clause("222403001")], tally)["certified"] == 1


def test_a_unit_without_division_answers_for_the_units_below_it():
    nodes = [Node(1, None), Node(2, 1, "222403001"), Node(3, 1, "222403002"), Node(4, None)]
    found = rules.scopes(nodes)
    assert found[1] == (Clause("222403001"), Clause("222403002"))
    assert found[4] == ()


def test_scopes_end_even_where_units_stand_in_a_ring():
    assert rules.scopes([Node(1, 2), Node(2, 1)]) == {1: (), 2: ()}


def test_a_unit_cannot_be_its_own_ancestor():
    parent_of = {1: None, 2: 1, 3: 2}
    assert rules.is_cycle(parent_of, 1, 1)
    assert rules.is_cycle(parent_of, 1, 3)
    assert not rules.is_cycle(parent_of, 3, 1)
    assert not rules.is_cycle(parent_of, 1, None)


def test_a_township_officer_sees_the_own_divisions_and_what_lies_below():
    nodes = [Node(1, None, "222403"), Node(2, 1, "222403001"), Node(3, 2), Node(4, 1, "222403002")]
    assert rules.in_sight(nodes, "222403001") == {2, 3}
    assert rules.in_sight(nodes, "") == {1, 2, 3, 4}
    assert rules.in_sight(nodes, "2224030") == {2, 3, 4}, "the county lies above"


def test_sub_targets_that_do_not_add_up_are_named_with_both_sums():
    own = counts(trained=100, certified=90)
    parts = [counts(trained=60, certified=50), counts(trained=30, certified=40)]
    assert rules.differences(own, parts) == [rules.Difference("trained", 100, 90)]
    assert rules.differences(counts(trained=90, certified=90), parts) == []


@pytest.mark.parametrize(
    ("actual", "target", "expected"), [(999, 1000, 99), (3, 2, 150), (0, 5, 0), (7, 0, None)]
)
def test_percent_is_rounded_down_and_nothing_without_a_target(actual, target, expected):
    assert rules.percent(actual, target) == expected


def test_a_judged_metric_below_the_threshold_is_missed():
    lines = rules.judge(
        counts(trained=100, certified=100, local=10), counts(trained=100, certified=99),
        ["trained", "certified"], 100,
    )  # fmt: skip
    missed = {line.metric: line.missed for line in lines}
    assert missed["certified"] and not missed["trained"]
    assert not missed["local"], "transfers are not judged here"
    assert not missed["employed"], "without a target nothing is missed"


def test_a_lower_threshold_lets_a_little_less_pass():
    lines = rules.judge(counts(trained=100), counts(trained=95), ["trained"], 95)
    assert not any(line.missed for line in lines)


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        ({2026: True}, 1),
        ({2025: True, 2026: True}, 2),
        ({2024: True, 2025: False, 2026: True}, 1),
        ({2024: True, 2026: True}, 1),
        ({2025: True, 2026: False}, 0),
        ({}, 0),
    ],
)
def test_years_in_a_row_stop_at_the_first_that_was_met_or_had_no_letter(missed, expected):
    assert rules.years_in_row(missed, 2026) == expected


def test_the_default_ladder_is_the_measures_own():
    steps = rules.ladder(rules.DEFAULT_LADDER)
    assert [step.zh for step in steps] == ["不得提拔、不得评优", "黄牌警告", "建议免职"]
    assert rules.proposed(steps, 0) is None
    assert [rules.proposed(steps, n).number for n in (1, 2, 3, 4)] == [1, 2, 3, 3]


@pytest.mark.parametrize("text", ["", "  \n ", "只有中文", "/ only English", "a / b\n" * 10,
                                  "字" * 119 + " / b"])  # fmt: skip
def test_a_ladder_that_cannot_be_read_says_so_in_both_languages(text):
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff].* / .*[a-z]"):
        rules.ladder(text)


def test_a_year_is_assessed_when_it_is_over_unless_set_earlier():
    assert rules.assessable_from(2026, 0) == date(2027, 1, 1)
    assert rules.assessable_from(2026, 20) == date(2026, 12, 12)


def test_the_code_of_the_paper_changes_with_any_target_and_version():
    first = rules.paper_code(1, 2026, 1, counts(trained=5))
    assert first == rules.paper_code(1, 2026, 1, counts(trained=5))
    others = [
        rules.paper_code(2, 2026, 1, counts(trained=5)),
        rules.paper_code(1, 2025, 1, counts(trained=5)),
        rules.paper_code(1, 2026, 2, counts(trained=5)),
        rules.paper_code(1, 2026, 1, counts(trained=6)),
        rules.paper_code(1, 2026, 1, counts(certified=5)),
    ]
    assert len({first, *others}) == 6


def test_ten_thousand_rows_are_measured_for_every_unit_of_a_prefecture_in_seconds():
    towns = [f"2224{county:02d}{town:03d}" for county in range(1, 9) for town in range(1, 11)]
    villages = [f"{town}{village:03d}" for town in towns for village in range(1, 41)]
    tally = {(code, trade): counts(trained=1) for code in villages for trade in "abcd"}
    scopes = [(Clause(code),) for code in ["2224", *towns, *villages]]
    keys, begun = sorted(tally), time.perf_counter()
    sums = [rules.measure(scope, tally, keys)["trained"] for scope in scopes]
    assert len(tally) >= 10_000 and time.perf_counter() - begun < 5
    assert sums[0] == len(tally) and sums[1] == 160 and sums[-1] == 4
