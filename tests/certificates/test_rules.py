from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import rules

NUMBERS = rules.Numbers("测〔2026〕1号", 90, 80, 90, 60, 60)


def refused(verdicts):
    return [verdict.rule for verdict in verdicts if not verdict.ok]


@pytest.mark.parametrize(
    ("theory", "practice", "expected"),
    [
        (100, 100, []),
        (80, 100, []),
        (79, 100, ["attendance", "attendance_theory"]),
        (100, 89, ["attendance_practice"]),
        (0, 0, ["attendance", "attendance_theory", "attendance_practice"]),
    ],
)
def test_trained_needs_the_total_and_each_kind(theory, practice, expected):
    planned = rules.Attended(100, 100, theory, practice)
    assert refused(rules.trained(NUMBERS, planned)) == expected


def test_a_session_without_a_mark_refuses_though_the_minutes_suffice():
    attended = rules.Attended(100, 100, 100, 100, sessions_without_mark=1)
    assert refused(rules.trained(NUMBERS, attended)) == ["attendance_complete"]


def test_a_class_without_planned_minutes_trains_nobody():
    assert "attendance" in refused(rules.trained(NUMBERS, rules.Attended(0, 0, 0, 0)))


@given(st.integers(1, 10_000), st.integers(0, 100))
def test_required_minutes_are_the_least_that_reach_the_percent(planned, percent):
    wanted = rules.required_minutes(planned, percent)
    assert wanted * 100 >= planned * percent
    assert (wanted - 1) * 100 < planned * percent


@pytest.mark.parametrize(
    ("theory", "practice", "expected"),
    [
        ("60", "60", []),
        ("59.9", "60", ["score_theory"]),
        ("60", "59.9", ["score_practice"]),
        ("0", "0", ["score_theory", "score_practice"]),
    ],
)
def test_qualified_needs_both_pass_marks(theory, practice, expected):
    assessed = rules.Assessed(Decimal(theory), Decimal(practice))
    assert refused(rules.qualified(NUMBERS, assessed)) == expected


def test_nobody_is_qualified_without_an_assessment():
    assert refused(rules.qualified(NUMBERS, None)) == ["assessed"]


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (rules.Standing(), []),
        (rules.Standing(earlier="X-1"), ["once_per_person_and_project"]),
        (rules.Standing(disputed=1), ["undisputed"]),
        (rules.Standing(unprintable="𱍊"), ["printable"]),
        (rules.Standing(finished=False), ["class_finished"]),
    ],
)
def test_certified_needs_a_finished_class_and_nothing_against_it(standing, expected):
    assert refused(rules.certified(NUMBERS, standing)) == expected


def test_a_refusal_carries_value_threshold_source_and_both_languages():
    verdict = rules.qualified(NUMBERS, rules.Assessed(Decimal("59.9"), Decimal(60)))[0]
    assert (verdict.value, verdict.threshold, verdict.source) == ("59.9", "60", "测〔2026〕1号")
    assert "补考" in verdict.zh
    assert "retake" in verdict.en


def test_unknown_is_not_unemployed():
    said = {
        (): ("unknown", False),
        (rules.Said(1, "unemployed", "document"),): ("unemployed", False),
        (rules.Said(1, "local", "self_reported"),): ("employed", True),
        (rules.Said(1, "unreachable", "liaison_call"),): ("unknown", False),
        (rules.Said(1, "further_study", "document"),): ("studying", False),
    }
    for history, expected in said.items():
        verdict = rules.employed(rules.destination_of(history))
        assert (verdict.value, verdict.ok) == expected
