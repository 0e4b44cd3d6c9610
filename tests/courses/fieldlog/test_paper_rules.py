"""What was typed from a sheet is compared with itself twice: row by row, and by its totals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.fieldlog.rules.paper import (
    MARKS,
    NONE,
    TOTALS,
    Row,
    counted,
    countersign_fault,
    read_quick,
    row_code,
    row_faults,
    totals_faults,
    vouched,
)

PLANNED = 180


def rows(*marks):
    return [
        Row(n, f"{n:02}X", f"学员{n}", mark, "90" if mark in ("late", "early_leave") else "")
        for n, mark in enumerate(marks, 1)
    ]


def totals(of):
    return {key: str(count) for key, count in counted(of).items()}


ANY = st.lists(st.sampled_from([*MARKS, NONE]), max_size=30).map(lambda marks: rows(*marks))


@given(ANY)
def test_rows_and_totals_that_agree_have_no_fault(of):
    assert row_faults(of, PLANNED) == []
    assert totals_faults(totals(of), totals(of), of, explained=False) == []


@given(ANY, st.integers(0, 29), st.sampled_from([*MARKS, NONE]))
def test_one_row_that_was_slipped_is_found_by_the_totals(of, place, other):
    if not of or of[place % len(of)].mark == other:
        return
    said = totals(of)
    slipped = list(of)
    slipped[place % len(of)] = Row(0, "00X", "学员", other, "90")
    assert totals_faults(said, said, slipped, explained=False)


@given(ANY, st.sampled_from(TOTALS))
def test_a_total_that_was_typed_differently_the_second_time_is_a_fault_whatever_is_explained(
    of, key
):
    second = totals(of) | {key: "999"}
    [fault] = totals_faults(totals(of), second, of, explained=True)
    assert "两次不一样" in fault


@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", "12345", "１２３４５"])
def test_a_total_that_is_no_count_is_a_fault(typed):
    of = rows("present")
    assert totals_faults(totals(of) | {"late": typed}, totals(of), of, explained=True)


def test_a_sheet_whose_own_totals_are_wrong_may_be_explained():
    of = rows("present", "absent")
    wrong = totals(of) | {"present": "2"}
    assert len(totals_faults(wrong, wrong, of, explained=False)) == 1
    assert totals_faults(wrong, wrong, of, explained=True) == []


@pytest.mark.parametrize(
    ("mark", "minutes", "good"),
    [
        ("", "", False),
        ("dance", "", False),
        (NONE, "", True),
        ("present", "", True),
        ("late", "", False),
        ("late", "0", False),
        ("late", "180", False),
        ("late", "179", True),
        ("early_leave", "x", False),
        ("absent", "50", True),  # left over from another choice: absent is none of it
    ],
)
def test_a_row_is_marked_or_said_to_be_empty(mark, minutes, good):
    assert (row_faults([Row(1, "01X", "学员", mark, minutes)], PLANNED) == []) is good


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8), st.integers(1, 999))
def test_row_codes_of_a_sheet_differ_by_their_number_and_letter(sheet, number):
    code = row_code(sheet, number)
    assert code[:-1] == f"{number:02}"
    other = ("0" if sheet[0] != "0" else "1") + sheet[1:]
    assert row_code(other, number) != code  # the same place on a sheet that differs in one letter


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("1250", ["present", "late", "absent", NONE]),
        ("1 1\n5", ["present", "present", "absent"]),
        ("√，迟/150、假", ["present", "late", "excused"]),
    ],
)
def test_a_quick_line_says_a_mark_a_row(text, marks):
    assert [mark for mark, _minutes in read_quick(text, len(marks))] == marks


def test_a_quick_line_takes_minutes_and_says_what_it_does_not_understand():
    assert read_quick("1 2/150 3：60", 3) == [
        ("present", ""),
        ("late", "150"),
        ("early_leave", "60"),
    ]
    assert "第 2 个" in read_quick("1 9", 2)
    assert "2 行，这里有 3 个" in read_quick("111", 2)


@given(st.text(max_size=40), st.integers(0, 10))
def test_any_quick_line_is_read_or_refused(text, count):
    assert isinstance(read_quick(text, count), str | list)


def test_whoever_typed_or_taught_does_not_vouch():
    assert countersign_fault(1, {1}, 2)
    assert countersign_fault(2, {1}, 2)
    assert countersign_fault(3, {1}, 2) == ""


@pytest.mark.parametrize(
    ("said", "good"),
    [
        ([], False),
        ([("paper_sheet", "A")], False),
        ([("countersign", "A")], False),
        ([("paper_sheet", "A"), ("countersign", "A")], True),
        ([("countersign", "A"), ("paper_sheet", "A")], False),
        ([("paper_sheet", "A"), ("countersign", "A"), ("paper_sheet", "A")], False),
        ([("paper_sheet", "A"), ("countersign", "B")], False),
        ([("paper_sheet", "A"), ("paper_sheet", "B"), ("countersign", "A")], False),
    ],
)
def test_only_the_newest_entry_of_every_sheet_can_be_vouched_for(said, good):
    assert vouched(said) is good
