"""Flags and grades follow from the facts alone, in whatever order they are told."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from courses.fieldlog.rules.flags import FLAGS, GRAVE, LITTLE, MUCH, REMARK, weight_of
from courses.fieldlog.rules.grades import Called, Evidence, flags_of, judged
from courses.fieldlog.rules.patterns import Touch, busiest, in_rhythm, is_copy, too_fast
from courses.fieldlog.rules.places import NEAR, Spot, draw, metres_between, metres_too_far
from courses.fieldlog.rules.words import detail_words

NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
VILLAGE = Spot(42.90, 129.50)
GOOD = Evidence(
    sources=frozenset({"phone"}),
    phone=True,
    present=20,
    headcount=20,
    planned_minutes=180,
    held_minutes=180,
    photos=2,
    planned_at=NINE,
    begun_at=NINE + timedelta(minutes=10),
    first_arrival=NINE + timedelta(days=1),
    held_on=date(2026, 11, 20),
    class_days=(date(2026, 11, 18), date(2026, 11, 25)),
    packs=(timedelta(days=2),),
    village=VILLAGE,
    spots=(Spot(42.905, 129.505, 30),),
    roll_calls=(Called(3, 3, 0),),
)


def codes(**changes):
    return [code for code, _ in flags_of(replace(GOOD, **changes))]


def grade(**changes):
    evidence = replace(GOOD, **changes)
    return judged(evidence, flags_of(evidence))


def taps(*seconds, how="tap", marks="present 180"):
    return tuple(
        Touch(NINE + timedelta(seconds=second), how, str(n), marks)
        for n, second in enumerate(seconds)
    )


def human(count, seed=1):
    draw_ = random.Random(seed)
    at, found = 0.0, []
    for _ in range(count):
        at += draw_.uniform(2.5, 7)
        found.append(at)
    return taps(*found)


ASKED = [
    ({"chain_wrong": True}, "chain_wrong"),
    ({"chain_forked": True}, "chain_forked"),
    ({"clock_wrong": True}, "clock_wrong"),
    ({"revoked": True}, "device_revoked"),
    ({"two_places": 1}, "impossible_presence"),
    ({"elsewhere": 1}, "present_elsewhere"),
    ({"trainer_at": ("T-02 #1",)}, "trainer_two_places"),
    ({"trainer_elsewhere": 1}, "trainer_elsewhere"),
    ({"same_slot": ("T-01 #2",)}, "same_slot"),
    ({"photos_elsewhere": 1}, "photo_repeated"),
    ({"signatures_repeated": 1}, "signature_repeated"),
    ({"photos_twice": 1}, "photo_twice"),
    ({"photos": 1, "photos_missing": 1}, "photo_missing"),
    ({"photos": 0, "photos_no_picture": 1}, "no_picture"),
    ({"touches": (taps(*range(30), 30.5),)}, "too_fast"),
    ({"touches": (taps(*range(0, 30, 3)),)}, "same_rhythm"),
    ({"roll_calls": (Called(3, 1, 2),)}, "roll_call_missed"),
    ({"roll_calls": (Called(3, 0, 0),)}, "roll_call_unanswered"),
    ({"headcount": 25}, "headcount_differs"),
    ({"numbers_missing": 2}, "numbers_missing"),
    ({"spots": (Spot(43.2, 129.5, 30),)}, "far_from_village"),
    ({"held_on": date(2026, 11, 17)}, "outside_class_dates"),
    ({"designated": "trade"}, "outside_designation"),
    ({"disputed": 1}, "disputed"),
    ({"closed": False}, "not_closed"),
    ({"held_minutes": 120}, "closed_short"),
    ({"begun_at": NINE + timedelta(hours=5)}, "not_as_planned"),
    ({"first_arrival": NINE + timedelta(days=9)}, "late_sync"),
    ({"packs": (timedelta(days=15),)}, "stale_pack"),
    ({"opened_by": 2}, "opened_twice"),
    ({"walk_ins": 1, "headcount": 21}, "walk_ins_waiting"),
    ({"photos": 0}, "no_photo"),
    ({"spots": ()}, "no_position"),
    ({"spots": (Spot(44, 129.5, 60_000),)}, "position_vague"),
    ({"in_season": False}, "outside_season"),
]


def test_a_session_that_raises_no_question_has_grade_a():
    assert flags_of(GOOD) == []
    assert grade() == ("A", [])


@pytest.mark.parametrize(("changes", "code"), ASKED)
def test_each_question_is_asked_alone_and_has_words_and_a_weight(changes, code):
    assert codes(**changes) == [code]
    assert FLAGS[code].zh and FLAGS[code].en and FLAGS[code].why_zh and FLAGS[code].why_en
    wanted = {REMARK: "A", LITTLE: "B", MUCH: "C", GRAVE: "D"}[weight_of([code, ""])]
    assert grade(**changes)[0] == wanted


def test_every_flag_with_words_is_one_that_can_be_raised():
    elsewhere = {"copied_pattern", "unsettled"}  # tried below, and in test_bad_words
    assert set(FLAGS) == {code for _, code in ASKED} | elsewhere


def test_a_flag_that_nobody_knows_weighs_as_much_as_any():
    assert weight_of(["from_a_later_version", ""]) == GRAVE


def test_many_small_questions_are_a_large_one():
    small = {"closed": False, "held_minutes": 120, "photos": 0}
    assert grade(**small)[0] == "B"
    found, reasons = grade(**small, opened_by=2)
    assert found == "C"
    assert reasons == ["closed_short", "no_photo", "not_closed", "opened_twice"]


def test_paper_is_never_better_than_c_until_countersigned_and_then_at_most_b():
    paper = {"sources": frozenset({"paper"}), "phone": False}
    assert grade(**paper) == ("C", ["source_paper"])
    assert grade(**paper, countersigned=True) == ("B", ["countersigned"])
    assert grade(**paper, countersigned=True, two_places=1)[0] == "D"
    assert grade(**paper, countersigned=True, headcount=1)[0] == "C"


def test_what_the_desk_alone_says_stays_at_c():
    desk = {"sources": frozenset({"phone", "desk"}), "countersigned": True}
    assert grade(**desk) == ("C", ["source_desk"])


def test_the_grade_names_the_flags_that_it_rests_on():
    assert grade(two_places=1, closed=False) == ("D", ["impossible_presence"])
    assert grade(headcount=1, closed=False) == ("C", ["headcount_differs"])
    assert grade(closed=False) == ("B", ["not_closed"])


def test_the_order_in_which_facts_are_told_changes_nothing():
    draw_ = random.Random(5)
    marks, spots = (
        list(human(40)),
        [Spot(42.9, 129.5, 50), Spot(43.3, 129.5, 10), Spot(44, 129.5, 9)],
    )
    told = {
        "touches": (tuple(marks),),
        "spots": tuple(spots),
        "packs": (timedelta(40), timedelta(2)),
    }
    first = flags_of(replace(GOOD, **told)), grade(**told)
    for _ in range(20):
        for each in (marks, spots):
            draw_.shuffle(each)
        told |= {"touches": (tuple(marks),), "spots": tuple(spots), "packs": told["packs"][::-1]}
        assert (flags_of(replace(GOOD, **told)), grade(**told)) == first


def test_forty_people_in_three_minutes_is_honest_and_one_a_second_is_not():
    assert too_fast(taps(*[4.5 * n for n in range(40)])) == ""
    assert too_fast(taps(*range(31))) == "31 tap"
    assert busiest(taps(*[2 * n for n in range(300)]), "tap") == 30


def test_cards_may_go_faster_than_taps_and_signatures_may_not():
    assert too_fast(taps(*range(60), how="card")) == ""
    assert too_fast(taps(*[0.9 * n for n in range(70)], how="card")) == "67 card"
    assert too_fast(taps(*[2 * n for n in range(25)], how="signature")) == "25 signature"


def test_people_do_not_keep_time():
    assert in_rhythm(taps(*range(0, 40, 4)))
    assert not in_rhythm(human(40))
    assert not in_rhythm(taps(*range(0, 36, 4))), "nine may be chance"


def test_the_same_roll_in_the_same_order_is_no_copy_but_the_same_moments_are():
    later = tuple(replace(t, at=t.at + timedelta(days=1, milliseconds=400)) for t in human(12))
    assert is_copy(human(12), later) and is_copy(later, human(12))
    assert not is_copy(human(12), human(12, seed=2))
    assert not is_copy(human(7), human(7)), "a handful may be chance"
    other = (replace(later[0], mark="absent 0"), *later[1:])
    assert not is_copy(human(12), other)
    assert codes(touches=(human(12),), others=(("#2", later),)) == ["copied_pattern"]


def test_a_degree_of_latitude_is_about_111_kilometres():
    assert metres_between(Spot(42, 129), Spot(43, 129)) == pytest.approx(111_195, abs=5)
    assert metres_between(VILLAGE, VILLAGE) == 0


def test_a_poor_position_is_given_the_benefit_of_its_accuracy():
    spot = Spot(42.98, 129.5, 0)
    far = metres_between(VILLAGE, spot)
    assert metres_too_far(VILLAGE, spot) == round(far - NEAR)
    assert metres_too_far(VILLAGE, replace(spot, accuracy=far - NEAR)) == 0


def test_one_near_position_clears_the_others():
    assert codes(spots=(Spot(43.5, 129.5, 20), Spot(42.9, 129.5, 20))) == []


def test_the_map_holds_village_and_positions_and_has_a_round_scale():
    found = draw(VILLAGE, [Spot(42.95, 129.55, 500), Spot(42.7, 129.4, 20)])
    assert (found.village.x, found.village.y) == (160, 160)
    for dot in found.dots:
        assert 0 < dot.x < 320 and 0 < dot.y < 320
    assert found.dots[1].y > found.village.y, "south is below"
    assert str(found.bar_metres)[0] in "125"
    assert set(str(found.bar_metres)[1:]) <= {"0"}
    assert draw(VILLAGE, []) is None
    assert draw(None, [Spot(42.9, 129.5, 10)]).village is None


@pytest.mark.parametrize(
    ("code", "detail", "zh", "en"),
    [
        ("stale_pack", "15 d", "15 天", "15 days"),
        ("late_sync", "1 d", "1 天", "1 day"),
        ("not_as_planned", "5 h", "5 小时", "5 hours"),
        ("far_from_village", "3 km", "3 公里", "3 km"),
        ("too_fast", "45 tap", "一分钟内 45 次点名", "45 marks by tap within a minute"),
        (
            "too_fast",
            "70 card、31 tap",
            "一分钟内 70 次刷卡、31 次点名",
            "70 cards, 31 marks by tap within a minute",
        ),
        ("disputed", "1", "1 人", "1 person"),
        ("photo_missing", "2", "2 张", "2 photos"),
        ("opened_twice", "2", "2 部手机", "2 phones"),
        ("headcount_differs", "25 / 20", "清点 25 人，记录 20 人", "25 counted, 20 recorded"),
        ("closed_short", "90 / 180", "90 / 180 分钟", "90 of 180 minutes"),
        ("outside_designation", "trade", "认定不含这个工种", "designated for other trades"),
        ("same_slot", "T-01 #1、T-01 #2", "T-01 #1、T-01 #2", "T-01 #1, T-01 #2"),
        ("outside_class_dates", "2026-11-17", "2026-11-17", "2026-11-17"),
        ("not_closed", "", "", ""),
        ("of_a_later_release", "7 x", "7 x", "7 x"),
    ],
)
def test_a_detail_is_kept_without_a_language_and_said_in_both(code, detail, zh, en):
    assert detail_words(code, detail) == (zh, en)


def test_every_detail_that_a_flag_gives_is_said_in_words():
    found = {
        code: detail for changes, _ in ASKED for code, detail in flags_of(replace(GOOD, **changes))
    }
    plain = {"same_slot", "trainer_two_places", "copied_pattern"}  # names of sessions
    plain |= {"outside_class_dates", "outside_season"}  # days
    for code, detail in found.items():
        assert not detail or code in plain or detail_words(code, detail)[0] != detail, (
            code,
            detail,
        )


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "9 天"), ("en", "9 days")])
def test_pages_say_a_detail_in_the_readers_language(language, text):
    page = Template("{% load said %}{{ 'late_sync'|detail_of:'9 d' }}")
    with translation.override(language):
        assert page.render(Context()) == text
