import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from stdnum.cn.ric import calc_check_digit

from courses.roster import RosterError, read_roster
from courses.rules import normalise_id, resident_id_fault

DATA = Path(__file__).parents[1] / "data"
DAY = date(2026, 11, 1)


def with_true_check_digit(number):
    """Mend a demo number whose last digit was computed from 16 digits (see docs/decisions)."""
    clean = normalise_id(number)
    if len(clean) != 18 or calc_check_digit(clean[:17]) != clean[17]:
        return number
    if clean[17] == "X":  # keep the X, which the row is about: change the order code instead
        tried = (f"{clean[:14]}{n:02}{clean[16]}{number[-1]}" for n in range(100))
        return next(c for c in tried if calc_check_digit(c) == "X")
    return number[:-1] + calc_check_digit(clean)


def mended(source, target):
    book = load_workbook(source)
    for row in book.worksheets[0].iter_rows(min_row=4, min_col=4, max_col=4):
        if isinstance(row[0].value, str):
            row[0].value = with_true_check_digit(row[0].value)
    # Expected as full-width, kept as ASCII in both files (see docs/decisions).
    cell = book.worksheets[0]["D29"]
    assert cell.value.isascii()
    cell.value = "".join(chr(ord(c) + 0xFEE0) for c in cell.value)
    book.save(target)
    return target


@pytest.mark.parametrize("name", ["sewing", "catering"])
def test_a_mended_roster_gives_exactly_the_expected_verdicts(name, tmp_path):
    rows = read_roster(mended(DATA / f"roster-{name}.xlsx", tmp_path / "r.xlsx"), DAY)
    wanted = json.loads((DATA / f"roster-{name}.expected.json").read_text())
    keys = ("name", "verdict", "reason", "row")
    assert [{k: getattr(r, k) for k in keys} for r in rows] == [
        {k: w[k] for k in keys} for w in wanted
    ]
    accepted = {r.row: r.resident_id for r in rows if r.verdict != "reject"}
    assert accepted == {
        w["row"]: with_true_check_digit(w["id"]) for w in wanted if w["verdict"] != "reject"
    }


def test_the_check_digit_is_that_of_the_standards_own_examples():
    assert resident_id_fault("11010519491231002X") is None
    assert resident_id_fault("440524188001010014") is None
    assert resident_id_fault("440524188001010015") == "id_check_digit"


@pytest.mark.parametrize("name", ["sewing", "catering"])
def test_the_demo_numbers_carry_a_digit_of_16_digits_and_are_refused_as_they_stand(name):
    wanted = json.loads((DATA / f"roster-{name}.expected.json").read_text())
    assert all(calc_check_digit(w["id"][:17]) == w["id"][17] for w in wanted)
    rows = read_roster(DATA / f"roster-{name}.xlsx", DAY)
    assert sum(r.codes == ("id_check_digit",) for r in rows) > len(rows) / 2


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", "id_missing"),
        ("222405199001016130", "id_check_digit"),
        ("992405199001016130", "id_province"),
        ("222405199002306130", "id_birth_date"),
        ("１１０１０５ 19491231002x", None),
    ],
)
def test_a_resident_id_is_refused_for_its_first_hard_fault(number, fault):
    assert resident_id_fault(normalise_id(number)) == fault


def test_a_hidden_sheet_is_ignored_and_a_file_without_header_says_what_to_do(tmp_path):
    book = Workbook()
    book.active.append(["no roster here"])
    hidden = book.create_sheet("old")
    hidden.append(["姓名", "身份证号码"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(RosterError, match="check the file"):
        read_roster(tmp_path / "x.xlsx", DAY)


GOOD = "11010519491231002X"


def judged(tmp_path, *rows, header=("姓名", "身份证号码")):
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    return [(r.name, r.verdict, r.reason) for r in read_roster(tmp_path / "x.xlsx", DAY)]


def test_a_row_with_a_resident_id_and_no_name_is_refused(tmp_path):
    assert judged(tmp_path, (None, GOOD)) == [("", "reject", "name missing")]


def test_a_refused_row_does_not_make_a_good_one_a_duplicate(tmp_path):
    assert judged(tmp_path, (None, GOOD), ("李四", GOOD))[1] == ("李四", "accept", "")


def test_a_person_whose_name_begins_like_a_totals_line_is_kept(tmp_path):
    assert judged(tmp_path, ("合计生", GOOD)) == [("合计生", "accept", "")]


@pytest.mark.parametrize("line", [("合计", None), ("合计", "40人"), ("合计", 40), (None, "合计")])
def test_a_totals_line_is_left_out_wherever_its_count_stands(line, tmp_path):
    assert judged(tmp_path, ("李四", GOOD), line) == [("李四", "accept", "")]


def test_a_15_digit_number_cell_is_called_obsolete_since_it_lost_no_digit(tmp_path):
    said = judged(tmp_path, ("李四", 222402901116923), ("王五", 2.224051972060508e17))
    assert [reason for _, _, reason in said] == [
        "15-digit resident ID, obsolete since 2013",
        "resident ID stored as a number, digits lost",
    ]


@pytest.mark.parametrize(
    "header", [("学员姓名", "身份证号"), (" 姓 名 ", "公民身份号码"), ("Name", "Resident ID")]
)
def test_a_column_is_found_by_its_other_names(header, tmp_path):
    assert judged(tmp_path, ("李四", GOOD), header=header) == [("李四", "accept", "")]


@pytest.mark.parametrize("name", ["text.xlsx", "old.xls"])
def test_a_file_that_is_no_workbook_says_what_to_do_in_both_languages(name, tmp_path):
    (tmp_path / name).write_text("not a workbook")
    with pytest.raises(RosterError, match="另存为.*save it as"):
        read_roster(tmp_path / name, DAY)
