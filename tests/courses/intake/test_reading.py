"""Rosters whose headings say nothing, and what somebody has said of them."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from courses.roster import (
    Chosen,
    RosterError,
    error_workbook,
    fingerprint,
    read_head,
    read_roster,
    read_table,
)
from tests.courses.rosters import DAY, GOOD, resident_id, roster, saved

ODD = ("序号", "人员", "号码", "所在地")
ROWS = [(1, "李四", GOOD, "宝山村"), (2, "王五", resident_id(1), "长河村")]
COLUMNS = {"name": 1, "resident_id": 2, "village": 3}


def test_headings_that_say_nothing_are_read_as_somebody_says():
    file = roster(*ROWS, header=ODD)
    with pytest.raises(RosterError, match="no_header|表头"):
        read_table(file)
    rows = read_roster(file, DAY, chosen=Chosen("", 1, COLUMNS))
    assert [(row.row, row.name) for row in rows] == [(2, "李四"), (3, "王五")]


def test_what_was_said_of_the_same_headings_is_remembered_wherever_they_stand():
    def remembered(prints):
        return {fingerprint(ODD): COLUMNS} if fingerprint(ODD) in set(prints) else {}

    titled = roster(ODD, *ROWS, header=("某某村花名册",))
    table = read_table(titled, remembered=remembered)
    assert (table.header, table.said_by, dict(table.columns)) == (2, "remembered", COLUMNS)
    with pytest.raises(RosterError):
        read_table(roster(*ROWS, header=("编号", "人员", "号码", "地址")), remembered=remembered)


def test_what_is_remembered_goes_before_what_the_headings_say_themselves():
    header = ("姓名", "身份证号码", "监护人姓名", "监护人身份证")
    wanted = {"name": 2, "resident_id": 3}
    table = read_table(
        roster(("李四", GOOD, "王五", resident_id(1)), header=header),
        remembered=lambda prints: {fingerprint(header): wanted},
    )
    assert [got["name"] for _, got in table.people()] == ["王五"]


@pytest.mark.parametrize(
    "same",
    [
        ("序 号", "人员", "号码\n", "所在地"),
        (*ODD, "", ""),
        (*ODD, "核对结果/Result", "原因/What to do"),
    ],
)
def test_headings_are_the_same_whatever_their_spaces_and_the_verdicts_of_an_earlier_round(same):
    assert fingerprint(same) == fingerprint(ODD)
    assert fingerprint(("序号", "号码", "人员", "所在地")) != fingerprint(ODD)


def test_a_sheet_without_headings_is_read_from_its_first_row_and_marked_so():
    file = roster(*ROWS[1:], header=ROWS[0])
    chosen = Chosen("", 0, COLUMNS)
    rows = read_roster(file, DAY, chosen=chosen)
    assert [row.row for row in rows] == [1, 2]
    sheet = load_workbook(BytesIO(error_workbook(file, rows, chosen))).active
    assert [sheet.cell(row, 5).value for row in (1, 2)] == ["可以导入，请先核对 can be imported, check it first"] * 2  # fmt: skip


def test_the_first_rows_are_those_of_the_first_visible_sheet_that_has_any():
    book = Workbook()
    hidden = book.active
    hidden.append(["旧表"])
    hidden.sheet_state = "hidden"
    book.create_sheet("空表")
    sheet = book.create_sheet("名单")
    for row in (ODD, *ROWS):
        sheet.append(row)
    head = read_head(saved(book))
    assert head.sheet == "名单"
    assert head.rows[0] == (1, list(ODD))
    assert len(head.rows) == 3


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "+8613800000000x", "@SUM(A1)", "＝1+1", "<b>李</b>"]
)
def test_a_name_that_is_a_formula_or_code_is_refused(name):
    book = Workbook()
    book.active.append(["姓名", "身份证号码"])
    cell = book.active.cell(2, 1)
    cell.value = name
    cell.data_type = "s"
    book.active.cell(2, 2).value = GOOD
    assert [row.codes for row in read_roster(saved(book), DAY)] == [("name_signs",)]


def test_a_column_beyond_the_rows_end_is_empty_and_no_failure():
    rows = read_roster(
        roster(("李四", GOOD)),
        DAY,
        chosen=Chosen("", 1, {"name": 0, "resident_id": 1, "phone": 40}),
    )
    assert [row.verdict for row in rows] == ["accept"]
