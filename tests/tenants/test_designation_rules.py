from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.designations.rules import (
    EFFECT,
    NEXT,
    Decision,
    Terms,
    TradeTerms,
    last_against,
    may_continue,
    may_open,
    may_start,
    places_left,
    standing_on,
    step_fault,
    terms_on,
)

DAY = date(2026, 3, 1)
TERMS = Terms(
    "认〔2026〕1号",
    date(2026, 1, 1),
    date(2026, 12, 31),
    {"sewing": TradeTerms("缝纫裁剪", 30, 40, 80)},
)
HISTORY = [
    Decision("apply", date(2025, 11, 1), ""),
    Decision("check", date(2025, 12, 1), ""),
    Decision("designate", date(2026, 1, 1), TERMS.document, terms=TERMS),
]


def refused(verdicts):
    return [verdict.rule for verdict in verdicts if not verdict.ok]


def opening(trade="sewing", hours=60, starts=DAY, days=10, history=HISTORY, on=DAY):
    standing = standing_on(history, on)
    ends = starts + timedelta(days=days)
    return refused(may_open(standing, trade, trade, hours, starts, ends, on))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"trade": "catering"}, ["designation_trade"]),
        ({"hours": 39}, ["designation_hours"]),
        ({"hours": 81}, ["designation_hours"]),
        ({"starts": date(2025, 12, 31)}, ["designation_days"]),
        ({"starts": date(2026, 12, 25)}, ["designation_days"]),
        ({"history": HISTORY[:2]}, ["designation_state"]),
        ({"history": []}, ["designation_state"]),
        ({"history": [*HISTORY, Decision("warn", DAY, "黄1")]}, []),
        ({"history": [*HISTORY, Decision("suspend", DAY, "停1", True)]}, ["designation_state"]),
    ],
)
def test_a_class_is_opened_inside_the_designation_only(changes, expected):
    assert opening(**changes) == expected


def test_a_refusal_names_the_document_in_both_languages():
    standing = standing_on([*HISTORY, Decision("suspend", DAY, "停〔2026〕1号")], DAY)
    for verdict in (may_start(standing), may_continue(standing)):
        assert not verdict.ok
        assert "停〔2026〕1号" in verdict.zh
        assert "停〔2026〕1号" in verdict.en
        assert verdict.source == "停〔2026〕1号"


@pytest.mark.parametrize(
    ("last", "goes_on"),
    [
        (Decision("warn", DAY, "黄1"), True),
        (Decision("suspend", DAY, "停1"), False),
        (Decision("suspend", DAY, "停1", may_finish=True), True),
        (Decision("remove", DAY, "撤1"), False),
    ],
)
def test_a_suspended_base_finishes_only_if_the_decision_says_so(last, goes_on):
    assert may_continue(standing_on([*HISTORY, last], DAY)).ok == goes_on


@pytest.mark.parametrize(("used", "wanted", "ok"), [(0, 30, True), (29, 1, True), (29, 2, False)])
def test_places_are_counted_in_people(used, wanted, ok):
    assert places_left(TERMS, "sewing", used, wanted).ok == ok


def test_a_trade_without_terms_has_no_places():
    assert not places_left(None, "sewing", 0, 1).ok
    assert not places_left(TERMS, "catering", 0, 1).ok


def test_what_the_base_was_on_a_past_day_does_not_change_with_later_decisions():
    later = [*HISTORY, Decision("suspend", date(2026, 6, 1), "停1")]
    for day in (DAY, date(2026, 1, 1), date(2026, 5, 31), date(2026, 6, 1)):
        assert terms_on(HISTORY, day) == terms_on(later, day) == TERMS, day
    assert terms_on(HISTORY, date(2025, 12, 31)) is None
    assert terms_on(HISTORY, date(2027, 1, 5)) == TERMS, "a class of December is certified then"
    assert terms_on(later, date(2026, 6, 2)) is None
    lifted = [*later, Decision("lift", date(2026, 7, 1), "复1")]
    assert terms_on(lifted, date(2026, 6, 30)) is None
    assert terms_on(lifted, date(2026, 7, 1)) == TERMS


def test_a_step_is_dated_after_the_last_and_not_in_the_future():
    assert step_fault("designated", "warn", DAY, DAY, DAY) is None
    assert step_fault("designated", "warn", DAY, DAY + timedelta(days=1), DAY)
    assert step_fault("designated", "warn", DAY + timedelta(days=1), DAY, DAY)
    assert step_fault("applied", "designate", DAY, DAY, DAY), "not without a check on site"


@given(st.lists(st.sampled_from(sorted(EFFECT)), max_size=12))
def test_no_order_of_steps_gives_terms_to_a_base_that_was_not_designated(kinds):
    state, history = "", []
    for kind in kinds:
        if kind in NEXT[state]:
            terms = TERMS if kind == "designate" else None
            history.append(Decision(kind, DAY, "文件", terms=terms))
            state = EFFECT[kind]
    standing = standing_on(history, DAY)
    assert standing.state == state
    if standing.good:
        assert standing.terms == TERMS
        assert "check" in [step.kind for step in history]
    assert terms_on([], DAY) is None


RENEWAL = Terms(
    "认〔2026〕90号",
    date(2027, 1, 1),
    date(2027, 12, 31),
    {"sewing": TradeTerms("缝纫", 20, 40, 80)},
)
RENEWED = [*HISTORY, Decision("designate", date(2026, 11, 1), RENEWAL.document, terms=RENEWAL)]


def test_a_renewal_that_is_decided_early_does_not_end_what_still_runs():
    november = date(2026, 11, 20)
    assert opening(starts=november, history=RENEWED, on=november) == []
    assert opening(starts=date(2027, 2, 1), history=RENEWED, on=november) == []
    assert terms_on(RENEWED, november) == TERMS
    assert terms_on(RENEWED, date(2027, 2, 1)) == RENEWAL


def test_an_expired_designation_opens_nothing_backdated():
    march = date(2027, 3, 5)
    assert opening(starts=date(2026, 11, 20), on=march) == ["designation_days"]


def test_an_application_does_not_wipe_out_a_removal():
    removed = [*HISTORY, Decision("remove", DAY, "撤1")]
    again = [*removed, Decision("apply", DAY, "")]
    assert last_against(again, DAY).document == "撤1"
    assert last_against(HISTORY, DAY) is None
    assert (
        last_against([*HISTORY, Decision("suspend", DAY, "停"), Decision("lift", DAY, "复")], DAY)
        is None
    )
