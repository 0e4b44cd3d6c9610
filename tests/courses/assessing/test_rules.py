"""Draw, order, grade, agree: without a database."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.assessing import rules
from courses.assessing.rules import InBank, Item, Look, Want

BANK = [InBank(n, kind, "a" if n % 2 else "b") for kind, first in
        (("single", 0), ("multiple", 100), ("judge", 200)) for n in range(first, first + 20)]  # fmt: skip
WANTS = [Want("single", "", 8), Want("single", "a", 9), Want("judge", "b", 3)]


def test_the_same_seed_draws_the_same_paper_and_another_seed_another():
    first, short = rules.drawn("seed one", WANTS, BANK)
    assert short == []
    assert rules.drawn("seed one", WANTS, reversed(BANK)) == (first, [])
    assert rules.drawn("seed two", WANTS, BANK)[0] != first


def test_what_a_seed_has_drawn_once_it_draws_for_ever():
    """A paper of years ago can be drawn again: this list never changes."""
    found, _short = rules.drawn("2026", [Want("judge", "", 4)], BANK)
    assert found == [[215, 214, 201, 200]]


def test_no_question_stands_on_a_paper_twice_and_topics_are_kept():
    found, _short = rules.drawn("x", WANTS, BANK)
    keys = [key for line in found for key in line]
    assert len(keys) == len(set(keys)) == 20
    topics = {each.key: each.topic for each in BANK}
    assert {topics[key] for key in found[1]} == {"a"}
    assert {topics[key] for key in found[2]} == {"b"}


def test_a_line_of_any_topic_leaves_those_of_one_topic_theirs():
    found, short = rules.drawn("x", [Want("single", "", 10), Want("single", "a", 10)], BANK)
    assert short == [], "10 of topic a are there for the second line"
    assert list(map(len, found)) == [10, 10]


def test_too_few_questions_are_said_with_how_many_there_are():
    _found, short = rules.drawn("x", [Want("multiple", "c", 2), Want("judge", "", 99)], BANK)
    assert [(s.want.kind, s.found) for s in short] == [("multiple", 0), ("judge", 20)]


def test_each_examinee_has_another_order_of_the_same_questions():
    orders = {tuple(rules.order("s", f"enrolment {n}", range(1, 21))) for n in range(40)}
    assert len(orders) == 40
    assert {tuple(sorted(each)) for each in orders} == {tuple(range(1, 21))}


def test_options_are_shuffled_but_right_and_wrong_are_not():
    shown = [rules.option_order("s", f"e{n}", 1, "single", "ABCD") for n in range(40)]
    assert len(set(shown)) > 10
    assert {"".join(sorted(each)) for each in shown} == {"ABCD"}
    assert Counter(each[0] for each in shown).most_common(1)[0][1] < 25
    assert rules.option_order("s", "e", 1, "judge", "AB") == "AB"


@given(st.permutations("ABCDEF"), st.sets(st.sampled_from("ABCDEF"), min_size=1))
def test_what_is_printed_reads_back_as_what_was_meant(shown, right):
    answer, order = "".join(sorted(right)), "".join(shown)
    assert rules.from_printed(rules.as_printed(answer, order), order) == answer


@pytest.mark.parametrize(
    ("text", "kind", "read"),
    [
        ("a", "single", "A"), ("Ｂ", "single", "B"), ("", "single", ""), ("d b", "multiple", "BD"),
        ("A、C，D", "multiple", "ACD"), ("√", "judge", "A"), ("错", "judge", "B"), ("×", "judge", "B"),
        ("True", "judge", "A"), ("正确", "judge", "A"), ("b", "judge", "B"), ("CCA", "multiple", "AC"),
    ],
)  # fmt: skip
def test_answers_are_read_as_people_write_them(text, kind, read):
    assert rules.read_answer(text, kind, "ABCD") == read


@pytest.mark.parametrize(("text", "kind"), [("AB", "single"), ("E", "multiple"), ("也许", "judge")])
def test_what_is_no_answer_is_refused(text, kind):
    with pytest.raises(ValueError, match=text):
        rules.read_answer(text, kind, "ABCD")


def test_half_an_answer_is_no_answer():
    rows = [("A", "A", 2), ("ABD", "AB", 3), ("B", "", 2), ("AC", "AC", 3)]
    assert rules.graded(rows) == (5, 10)
    assert rules.of_100(Decimal(5), Decimal(10)) == Decimal("50.0")
    assert rules.of_100(Decimal(1), Decimal(3)) == Decimal("33.3")
    assert rules.of_100(Decimal(0), Decimal(0)) == 0


ITEMS = [Item("a", 40), Item("b", 60, critical=True)]


def test_points_outside_of_an_item_are_refused():
    assert rules.look_of(ITEMS, [30, 60], []) == Look(Decimal("90.0"))
    assert rules.look_of(ITEMS, [40, 60], [1]).failed
    assert not rules.look_of(ITEMS, [40, 60], [0]).failed, "the first item is not critical"
    for wrong in ([41, 60], [40], [-1, 60]):
        with pytest.raises(ValueError, match="points"):
            rules.look_of(ITEMS, wrong, [])


def look(score, failed=False):
    return Look(Decimal(score), failed)


def test_two_examiners_who_agree_are_averaged():
    assert rules.agreed([look(80)], 2, 15).needs == 1
    assert rules.agreed([look(80), look(90)], 2, 15).score == 85
    assert rules.agreed([look(80)], 1, 15).score == 80


def test_two_who_are_far_apart_need_a_third_and_the_nearer_counts_with_it():
    apart = [look(60), look(90)]
    assert rules.agreed(apart, 2, 15).needs == 1
    assert rules.agreed([*apart, look(84)], 2, 15).score == 87
    split = [look(90), look(90, failed=True)]
    assert rules.agreed(split, 2, 15).needs == 1, "a critical item is never averaged"
    assert rules.agreed([*split, look(88, failed=True)], 2, 15).failed
    assert not rules.agreed([*split, look(88)], 2, 15).failed


def test_a_failed_critical_item_keeps_the_score_below_the_pass_mark():
    assert rules.counted(Decimal(96), True, 60) == 59
    assert rules.counted(Decimal(40), True, 60) == 40
    assert rules.counted(Decimal(96), False, 60) == 96
    assert rules.counted(Decimal(96), True, 0) == 0


def test_a_part_is_sat_again_until_it_is_passed_or_the_retakes_are_used_up():
    assert rules.may_sit(0, False, 1, "doc").ok
    assert rules.may_sit(1, False, 1, "doc").ok
    assert not rules.may_sit(2, False, 1, "doc").ok
    assert not rules.may_sit(1, True, 9, "doc").ok


def test_the_trainer_of_the_class_does_not_examine_it():
    refused = rules.examiner(7, 7, True, "doc")
    assert not refused.ok
    assert "换一位" in refused.zh
    assert rules.examiner(7, 7, False, "doc").ok
    assert rules.examiner(8, 7, True, "doc").ok
