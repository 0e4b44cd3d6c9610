"""Files that are large, odd, damaged or hostile."""

import re
from io import BytesIO
from itertools import pairwise
from random import Random
from time import monotonic
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from courses.roster import RosterError, error_workbook, files, read, read_roster
from tests.courses.rosters import DAY, GOOD, HEADER, resident_id, roster, saved

SHEET = "xl/worksheets/sheet1.xml"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def fault_of(data):
    with pytest.raises(RosterError) as told:
        read_roster(BytesIO(data), DAY)
    assert re.search("[一-龥]", told.value.said[0])
    assert told.value.said[1].isascii() or told.value.fault == "no_header"
    return told.value.fault


def with_sheet(change, rows=(("李四", GOOD),)):
    """A roster whose sheet is rewritten as XML."""
    written = BytesIO()
    with ZipFile(roster(*rows)) as old, ZipFile(written, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == SHEET else data)
    return written


def test_a_file_is_read_wherever_it_was_left_off():
    file = roster(("李四", GOOD))
    assert file.tell() > 0
    assert len(read_roster(file, DAY)) == len(read_roster(file, DAY)) == 1


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty"),
        (b"PK" + b"x" * 10 * 2**20, "too_big"),
        (OLE + b"Workbook", "old_format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("姓名,身份证号码\n".encode(), "text"),
        ("姓名,身份证号码\n".encode("gb18030"), "text"),
        ("姓名\t身份证号码\n".encode("utf-16"), "text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "broken"),
        (b"PK\x03\x04", "broken"),
    ],
)
def test_a_file_of_another_kind_is_named_with_what_to_do(data, fault):
    assert fault_of(data) == fault


def test_an_archive_that_is_no_workbook_is_refused():
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert fault_of(file.getvalue()) == "broken"


def test_a_bomb_is_refused_by_the_size_it_declares():
    file = with_sheet(lambda xml: xml + b" " * (files.HARMLESS + 1))
    assert len(file.getvalue()) < 2**20
    assert fault_of(file.getvalue()) == "too_big_unpacked"


def test_entities_are_not_expanded():
    names = "abcdefghij"
    grow = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    doctype = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{grow}]>'.encode()
    file = with_sheet(lambda xml: doctype + xml.replace(b"<v>", b"<v>&j;", 1))
    started = monotonic()
    assert fault_of(file.getvalue()) == "broken"
    assert monotonic() - started < 1


@pytest.mark.parametrize("size", [b"A1:XFD1048576", b"A1:A1"])
def test_a_wrong_sheet_size_is_not_believed(size):
    file = with_sheet(lambda xml: re.sub(rb'(<dimension ref=")[^"]*', rb"\g<1>" + size, xml))
    started = monotonic()
    assert [row.row for row in read_roster(file, DAY)] == [2]
    assert monotonic() - started < 1


def test_a_million_empty_rows_are_not_waited_for():
    empty = b"".join(b'<row r="%d" ht="20"/>' % number for number in range(3, 1_048_577))
    file = with_sheet(lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>"))
    started = monotonic()
    assert len(read_roster(file, DAY)) == 1
    assert monotonic() - started < 3


def test_rows_after_two_hundred_empty_ones_are_left_out():
    gap = [()] * 200
    near, far = (("王五", resident_id(1)), ("赵六", resident_id(2)))
    assert len(read_roster(roster(("李四", GOOD), *gap, near), DAY)) == 2
    assert len(read_roster(roster(("李四", GOOD), *gap, (), far), DAY)) == 1


def test_more_than_five_thousand_people_are_refused_and_not_cut_off(monkeypatch):
    monkeypatch.setattr("courses.roster.judge.MAX_ROWS", 3)
    people = [("李四", resident_id(n)) for n in range(4)]
    assert len(read_roster(roster(*people[:3], ("合计",)), DAY)) == 3
    assert fault_of(roster(*people).getvalue()) == "too_many_rows"


def test_rows_without_end_are_not_kept(monkeypatch):
    monkeypatch.setattr(read, "MAX_ROWS", 3)
    assert fault_of(roster(*[("x", "y")] * 40).getvalue()) == "too_many_rows"


def test_rows_that_take_too_long_are_given_up(monkeypatch):
    monkeypatch.setattr(read, "MAX_SECONDS", -1)
    assert fault_of(roster(("李四", GOOD)).getvalue()) == "too_big_unpacked"


def test_columns_beyond_the_sixtieth_are_not_looked_at():
    spare = [None] * 58
    assert len(read_roster(roster(header=(*spare, *HEADER)), DAY)) == 0
    assert fault_of(roster(header=(*spare, None, *HEADER)).getvalue()) == "no_header"


def test_a_formula_counts_by_its_last_value_and_is_empty_without_one():
    rows = [("李四", "=A1"), ("王五", GOOD)]
    assert [row.codes for row in read_roster(roster(*rows), DAY)] == [("id_missing",), ()]
    value = b"<v>1</v>"
    file = with_sheet(lambda xml: re.sub(rb"(<f>A1</f>)<v ?/>|<v></v>", rb"\1" + value, xml), rows)
    assert read_roster(file, DAY)[0].resident_id == "1"


def test_excel_errors_are_missing_values_and_do_not_hide_a_row():
    rows = read_roster(roster(("#N/A", GOOD), ("李四", "#REF!"), ("#N/A", "#N/A")), DAY)
    assert [row.codes[0] for row in rows] == ["name_missing", "id_missing", "name_missing"]


def test_a_township_merged_over_several_rows_holds_for_each_of_them():
    book = Workbook()
    sheet = book.active
    sheet.append(["花名册"])
    sheet.append([*HEADER, "乡镇", "村"])
    for number in range(1, 4):
        township = {1: "翰章乡", 3: "官地镇"}.get(number)
        sheet.append(
            ["李四", resident_id(number), township, ["宝山村", "长河村", "岗子村"][number - 1]]
        )
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("C3:C4")
    rows = read_roster(saved(book), DAY)
    assert [(row.verdict, row.village_code != "") for row in rows] == [("accept", True)] * 3


def test_a_damaged_file_gives_rows_or_one_sentence_and_nothing_else():
    random = Random(11643)
    whole = roster(*(("李四", resident_id(n)) for n in range(20))).getvalue()
    with ZipFile(BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def flipped(data):
        damaged = bytearray(data)
        for _ in range(random.randint(1, 8)):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        return bytes(damaged)

    def repacked():
        victim, file = random.choice(list(parts)), BytesIO()
        with ZipFile(file, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, flipped(data) if name == victim else data)
        return file.getvalue()

    cut = [whole[: random.randrange(len(whole))] for _ in range(50)]
    answers = {"rows": 0, "refused": 0}
    for data in [*cut, *(flipped(whole) for _ in range(100)), *(repacked() for _ in range(300))]:
        try:
            rows = read_roster(BytesIO(data), DAY)
            error_workbook(BytesIO(data), rows)
            answers["rows"] += 1
        except RosterError as error:
            assert all(error.said)
            answers["refused"] += 1
    assert min(answers.values()) > 20, "the damage must be of both kinds"
