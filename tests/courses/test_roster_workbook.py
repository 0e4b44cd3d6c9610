"""The roster that goes back to the clerk."""

from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from courses.roster import error_workbook, read_roster
from tests.courses.rosters import DAY, GOOD, HEADER, resident_id, roster, saved

RED, YELLOW = "FFFFC7CE", "FFFFF2CC"


def returned(file):
    return BytesIO(error_workbook(file, read_roster(file, DAY)))


def sheet_of(file):
    return load_workbook(file).active


def test_each_row_says_what_to_do_and_is_coloured_by_its_verdict():
    header = (*HEADER, "性别")
    file = roster(
        ("李四", GOOD, "女"), ("王五", None, "男"), ("赵六", resident_id(1), "女"), header=header
    )
    sheet = sheet_of(returned(file))
    assert [cell.value for cell in sheet[1]] == [*header, "核对结果/Result", "原因/What to do"]
    assert [sheet.cell(row, 4).value for row in (2, 3, 4)] == [
        "可以导入 can be imported",
        "不能导入，请修改 cannot be imported, mend it",
        "可以导入，请先核对 can be imported, check it first",
    ]
    assert sheet["E2"].value is None
    assert sheet["E3"].value == "缺少身份证号码，请补填 resident ID missing"
    fills = [sheet.cell(row, 1).fill.fgColor.rgb for row in (2, 3, 4)]
    assert fills == ["00000000", RED, YELLOW]
    assert sheet.auto_filter.ref == "A1:E4"


def test_a_mended_workbook_can_be_imported_and_returned_again():
    file = returned(roster(("李四", None), ("王五", resident_id(1))))
    book = load_workbook(file)
    book.active["B2"].value = GOOD
    again = saved(book)
    assert [row.verdict for row in read_roster(again, DAY)] == ["accept", "accept"]
    sheet = sheet_of(returned(again))
    assert [cell.value for cell in sheet[1]] == [*HEADER, "核对结果/Result", "原因/What to do"]
    assert sheet["A2"].fill.fgColor.rgb != RED


def test_the_column_of_resident_ids_takes_text_so_that_no_digit_is_lost():
    sheet = sheet_of(returned(roster(("李四", 2.224051972060508e17))))
    assert sheet["B2"].number_format == "@"


def test_the_clerks_sheet_keeps_its_look_and_leaves_other_sheets_behind():
    book = Workbook()
    sheet = book.active
    sheet.title = "一班"
    sheet.append(["花名册", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append([*HEADER, "备注"])
    sheet.append(["李四", GOOD, "夜班"])
    sheet.append([])
    sheet.append(["合计", None, "1人"])
    sheet["A2"].font = Font(bold=True)
    sheet.column_dimensions["C"].width = 33
    book.create_sheet("说明").append(["x"])
    copied = load_workbook(returned(saved(book)))
    assert copied.sheetnames == ["一班"]
    sheet = copied.active
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:C1"]
    assert sheet["A2"].font.bold
    assert sheet.column_dimensions["C"].width == 33
    assert [sheet["C3"].value, sheet["C5"].value] == ["夜班", "1人"]


def test_text_that_begins_like_a_formula_stays_text():
    book = Workbook()
    book.active.append([*HEADER, "备注"])
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x.example","y")']
    for number, value in enumerate(texts, 1):
        book.active.append([f"李{'一二三四五'[number - 1]}", resident_id(number), None])
        cell = book.active.cell(number + 1, 3)
        cell.value, cell.data_type = value, "s"
    sheet = sheet_of(returned(saved(book)))
    cells = [sheet.cell(row, 3) for row in range(2, 7)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_a_merged_township_is_written_on_every_row_of_the_returned_sheet():
    book = Workbook()
    book.active.append([*HEADER, "乡镇", "村"])
    book.active.append(["李四", GOOD, "翰章乡", "宝山村"])
    book.active.append(["王五", resident_id(1), None, "宝山村"])
    book.active.merge_cells("C2:C3")
    file = returned(saved(book))
    assert sheet_of(file)["C3"].value == "翰章乡"
    assert [row.verdict for row in read_roster(file, DAY)] == ["accept", "accept"]
