"""What may be sent, and where a decision may lead. Pure."""

from datetime import date

import pytest

from courses.applying.rules import STEPS, id_fault, is_same_sender, may_go, name_of
from courses.rules import phone_of
from tests.story import ids

TODAY = date(2026, 11, 27)


def test_an_id_is_taken_as_people_type_it():
    [number] = ids(1)
    assert id_fault(f" {number[:6]} {number[6:].lower()} ", TODAY) is None
    full = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    assert id_fault(full, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "id_missing"),
        ("130503670401001", "id_15_digits"),
        ("11010519491231002", "id_format"),
        ("110105194912310029", "id_check_digit"),
        ("990105194912310027", "id_province"),
        ("110105194913310020", "id_birth_date"),
    ],
)
def test_a_wrong_id_is_named(typed, code):
    assert id_fault(typed, TODAY) == code


def test_a_child_is_under_age_and_nobody_is_born_tomorrow():
    from stdnum.cn.ric import calc_check_digit

    def born(day):
        stem = f"222403{day:%Y%m%d}101"
        return stem + calc_check_digit(stem + "0")

    assert id_fault(born(date(2010, 11, 28)), TODAY) == "under_age"
    assert id_fault(born(date(2010, 11, 27)), TODAY) is None
    assert id_fault(born(date(2027, 1, 1)), TODAY) == "id_birth_date"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86 13800000001", "13800000001"),
        ("１３８００００１２３４", "13800001234"),
        ("0433-5550211", "04335550211"),
        ("110", None),
        ("电话", None),
        ("1" * 40, None),
    ],
)
def test_a_telephone_number_is_its_digits(typed, digits):
    assert phone_of(typed) == digits


@pytest.mark.parametrize(
    "typed", ["", "  ", "123", "😀", "<script>", "=HYPERLINK()", "张三 138", "·"]
)
def test_what_is_no_name_is_refused(typed):
    assert name_of(typed) is None


@pytest.mark.parametrize("typed", ["张三", " 阿依古丽·买买提 ", "김철수", "O'Neil"])
def test_a_name_is_kept_as_on_the_card(typed):
    assert name_of(typed) == typed.strip()


def test_whoever_is_accepted_or_has_withdrawn_is_not_decided_again():
    assert STEPS["accepted"] == STEPS["withdrawn"] == ()
    assert may_go("refused", "accepted") and not may_go("waiting", "waiting")


def test_an_id_alone_does_not_make_the_same_sender():
    assert is_same_sender("张三", "1", "张三", "1")
    assert not is_same_sender("张三", "2", "张三", "1")
    assert not is_same_sender("张山", "1", "张三", "1")
