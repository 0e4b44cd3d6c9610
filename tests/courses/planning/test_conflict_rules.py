"""What does not fit among sessions: each kind found, and what is fine left alone."""

from datetime import date, datetime, time, timedelta

import pytest

from courses.requests.facts import Facts, Planned, differences, facts_from
from courses.requests.rules import conflicts as rules
from courses.requests.rules.conflicts import Slot
from courses.requests.rules.steps import EFFECT, NEXT, Terms, approved, free_move, in_time
from courses.requests.rules.steps import step_fault as fault

DAY = date(2026, 12, 7)


def slot(key="a", code="A-01", at="08:30", minutes=180, **more):
    starts = datetime.combine(DAY, time.fromisoformat(at)) + timedelta(days=more.pop("day", 0))
    facts = {
        "trainer": "1", "trainer_name": "郑老师", "village": "v1", "village_name": "甲村",
        "place": "村部",
    } | more  # fmt: skip
    return Slot(key, code, starts, starts + timedelta(minutes=minutes), **facts)


def test_a_trainer_in_two_villages_at_once_is_found():
    one, other = slot(), slot("b", "B-01", "10:00", village="v2")
    (found,) = rules.trainer_twice([one, other])
    assert (found.keys, found.day) == (("a", "b"), DAY)
    assert "郑老师" in found.zh and "A-01" in found.en


@pytest.mark.parametrize(
    "other",
    [
        slot("b", "B-01", "11:30"),  # begins when the first ends
        slot("b", "B-01", day=1),
        slot("b", "B-01", trainer="2"),
        slot("b", "A-01", "10:00"),  # the same class: the plan's own fault
    ],
)
def test_a_trainer_with_time_between_is_not(other):
    assert rules.trainer_twice([slot(), other]) == []


def test_a_hall_is_the_same_whatever_spaces_are_typed_and_another_room_is_another():
    other = slot("b", "B-01", "09:00", trainer="2", place=" 村 部 ")
    assert [c.kind for c in rules.hall_twice([slot(), other])] == ["hall_twice"]
    elsewhere = slot("b", "B-01", "09:00", trainer="2", place="小学")
    assert rules.hall_twice([slot(), elsewhere]) == []


def test_two_classes_of_one_village_on_a_day_are_said_once():
    many = [slot(), slot("b", at="13:30"), slot("c", "B-01", "15:00", trainer="2", place="小学")]
    (found,) = rules.village_twice(many)
    assert found.keys == ("a", "c")


def test_two_bases_may_have_a_class_of_the_same_code():
    other = slot("b", "A-01", "09:00", base="south")
    both = [slot(base="north"), other]
    kinds = [c.kind for c in (*rules.trainer_twice(both), *rules.hall_twice(both))]
    assert kinds == ["trainer_twice", "hall_twice"]


def test_a_holiday_and_the_end_of_the_designation_are_said():
    (found,) = rules.on_holiday([slot(), slot("b", day=1)], {DAY: ("国庆节", "National Day")})
    assert "国庆节" in found.zh and "National Day" in found.en
    (late,) = rules.outside([slot(), slot("b", day=1)], {("", "A-01"): DAY})
    assert late.keys == ("b",)


def test_a_trainer_who_is_planned_elsewhere_is_said_without_where():
    times = (slot().starts + timedelta(hours=1), slot().ends)
    (found,) = rules.elsewhere([slot()], [("1", *times), ("2", *times)])
    assert found.kind == "trainer_elsewhere" and "另一基地" in found.zh


def test_the_way_between_two_villages_is_told_and_judged_by_the_time_between():
    one = slot(spot=(42.9, 129.5))
    soon = slot("b", "B-01", "12:00", village="v2", spot=(43.3, 129.5))
    late = slot("c", "B-01", "15:00", village="v2", spot=(43.3, 129.5))
    unknown = slot("d", "C-01", "19:00", village="v3")
    metres = lambda a, b: abs(a[0] - b[0]) * 111_000
    (way,) = rules.ways([one, soon], metres)
    assert (way.km, way.minutes, way.enough) == (44.4, 30, False)
    assert rules.too_far([way])[0].keys == ("a", "b")
    assert [w.enough for w in rules.ways([one, late, unknown], metres)] == [True]


TERMS = Terms(True, "测劳培〔2026〕8号", 7, 2, time(7), time(21))


@pytest.mark.parametrize(("days", "ok"), [(7, True), (6, False), (-1, False)])
def test_an_opening_comes_so_many_days_before_it(days, ok):
    verdict = in_time(TERMS, "opening", DAY, DAY - timedelta(days=days))
    assert verdict.ok is ok
    assert verdict.source in verdict.zh


def test_without_a_policy_nothing_is_late():
    assert in_time(Terms(), "opening", DAY, DAY).ok


def test_no_class_without_an_approved_request_and_none_that_differs_from_it():
    assert not approved(TERMS, False, [], []).ok
    assert "场地" in approved(TERMS, True, ["场地"], ["place"]).zh
    assert not approved(TERMS, True, ["场地"], ["place"]).ok
    assert approved(TERMS, True, [], []).ok


@pytest.mark.parametrize(
    ("day", "at", "until", "free"),
    [
        (DAY, "09:00", "12:00", True),
        (DAY, "07:00", "21:00", True),
        (DAY, "06:59", "09:00", False),
        (DAY, "19:00", "21:01", False),
        (DAY, "23:00", "00:00", False),  # until the next day
        (DAY + timedelta(days=1), "09:00", "12:00", False),
    ],
)
def test_a_session_moves_freely_within_its_day_only(day, at, until, free):
    found = free_move(TERMS, DAY, day, time.fromisoformat(at), time.fromisoformat(until))
    assert found is free


def test_every_step_leads_to_a_state_of_which_the_rules_know_what_may_follow():
    assert set(EFFECT.values()) | {""} == set(NEXT)
    for state, kinds in NEXT.items():
        for kind in EFFECT:
            assert (fault(state, kind, "因为") == "") is (kind in kinds)
    for kind in ("return", "refuse", "withdraw"):
        assert "理由" in fault("sent", kind, " ")


def facts(**more):
    return Facts(
        **{
            "class_code": "A-01", "project": "sewing", "project_name": "缝纫", "trade": "sewing",
            "village": "v1", "village_name": "甲村", "place": "村部", "starts_on": DAY,
            "ends_on": DAY, "trainer": 1, "trainer_name": "郑老师",
            "sessions": (Planned(DAY, time(8, 30), "theory", 180, "面料"),),
        } | more
    )  # fmt: skip


def test_facts_come_back_from_json_as_they_were():
    for each in (facts(), facts(roster_on=DAY, people=9, reason="下雪")):
        assert facts_from(each.as_json()) == each


def test_what_differs_is_named_one_by_one():
    moved = facts(place="小学", sessions=(Planned(DAY, time(9), "theory", 180, "面料"),))
    assert [line[0] for line in differences(facts(), moved)] == ["场地", "第 1 次课"]
    assert differences(facts(), facts()) == []
