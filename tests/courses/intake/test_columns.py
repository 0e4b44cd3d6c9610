"""The clerk says what the columns are: once, and never again for the same headings."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from courses.intake.models import RememberedColumns, RosterPart, RosterSheet, Sender
from courses.intake.services.columns import head_of, proposed, say_columns, sender_named, shown
from courses.intake.services.rosters import confirm, read_anew, take_in
from courses.intake.views.columns import panel
from courses.models import RosterImport
from courses.services.roster import judged_rows, upload_roster
from tests.cast import base
from tests.courses.intake.people import a_new_class, clerk
from tests.story import ids, workbook

ODD = ("编号", "人员", "号码", "联系")
SAID = {"name": 1, "resident_id": 2, "phone": 3}


def odd(people=2, seed=7, header=ODD):
    numbers = ids(people, seed)
    rows = [(n, f"学员{n}", number, "13800000000") for n, number in enumerate(numbers, 1)]
    return workbook(rows, header)


def explained(opened, sender="", columns=SAID):
    kept = take_in(opened, "名单.xlsx", odd(), clerk(), sender_named(sender))
    say_columns(kept, 1, columns, sender_named(sender), clerk())
    read_anew(kept, clerk())
    kept.refresh_from_db()
    return kept


def test_a_sheet_that_nobody_has_explained_waits_for_the_clerk(north):
    kept = take_in(a_new_class(), "名单.xlsx", odd(), clerk())
    assert kept.state == "columns"
    assert not RosterPart.objects.exists()
    with pytest.raises(ValidationError, match="还没有读完"):
        confirm(kept, clerk())


def test_what_the_clerk_said_reads_the_file_and_the_next_one_without_asking(north):
    opened = a_new_class()
    kept = explained(opened)
    assert (kept.state, len(judged_rows(kept))) == ("preview", 2)
    later = take_in(opened, "下月.xlsx", odd(3, seed=8), clerk())
    assert (later.state, later.sheet.said_by) == ("preview", "remembered")
    assert len(judged_rows(later)) == 3
    row = RememberedColumns.objects.get()
    assert (row.titles, row.columns, row.used, row.by) == (list(ODD), SAID, 1, clerk())


def test_what_is_known_of_a_sheet_is_proposed_and_the_rest_is_asked(north):
    """One heading that nobody knows; a title above, as offices write it."""
    content = odd(header=("姓名", "学员姓名（本人签字）", "证件", "联系电话"))
    book = load_workbook(io.BytesIO(content))
    book.active.insert_rows(1)
    book.active["A1"] = "二〇二六年花名册"
    book.active["A2"] = "序号"
    saved = io.BytesIO()
    book.save(saved)
    kept = take_in(a_new_class(), "名单.xlsx", saved.getvalue(), clerk())
    assert kept.state == "columns"
    assert proposed(head_of(kept.sheet)) == (2, {"phone": 3, "resident_id": 2})
    page = panel(kept)
    assert [chosen for _, _, chosen in page["selects"]] == ["", "", "resident_id", "phone"]
    assert [number for number, is_header, _ in page["lines"] if is_header] == [2]


def test_a_sheet_without_headings_is_proposed_as_one(north):
    rows = [(f"学员{n}", number) for n, number in enumerate(ids(3, seed=9), 1)]
    kept = take_in(a_new_class(), "名单.xlsx", workbook(rows[1:], rows[0]), clerk())
    assert proposed(head_of(kept.sheet)) == (0, {"resident_id": 1})
    assert panel(kept)["no_headings"]


def test_each_sender_may_mean_something_else_by_the_same_headings(north):
    opened = a_new_class()
    explained(opened, "官地镇")
    swapped = {"name": 1, "resident_id": 2}
    explained(opened, "翰章乡", swapped)
    of = {
        name: take_in(opened, "x.xlsx", odd(), clerk(), sender_named(name))
        for name in ("官地镇", "翰章乡")
    }
    assert of["官地镇"].sheet.columns == SAID
    assert of["翰章乡"].sheet.columns == swapped
    assert take_in(opened, "x.xlsx", odd(), clerk()).state == "columns", "two say different things"
    assert take_in(opened, "x.xlsx", odd(), clerk(), sender_named("新来的")).state == "columns"
    assert Sender.objects.count() == 3


def test_what_one_sender_alone_has_said_is_used_when_nobody_is_named(north):
    opened = a_new_class()
    explained(opened, "官地镇")
    assert take_in(opened, "x.xlsx", odd(), clerk()).state == "preview"


def test_a_sheet_that_was_understood_wrongly_is_read_anew(north):
    header = ("姓名", "身份证号码", "本人姓名", "本人身份证")
    one, other = ids(2)
    content = workbook([("代办人", one, "李四", other)], header)
    opened = a_new_class()
    kept = take_in(opened, "x.xlsx", content, clerk())
    assert [row.name for row in judged_rows(kept)] == ["代办人"]
    say_columns(kept, 1, {"name": 2, "resident_id": 3}, None, clerk())
    read_anew(kept, clerk())
    assert [row.name for row in judged_rows(kept)] == ["李四"]
    assert [row.name for row in judged_rows(take_in(opened, "y.xlsx", content, clerk()))] == [
        "李四"
    ]


@pytest.mark.parametrize(
    ("header", "columns", "match"),
    [
        (1, {"name": 1}, "哪一列是身份证号码"),
        (1, {"name": 1, "resident_id": 1}, "只能是一项"),
        (1, {"name": 1, "resident_id": -1}, "没有这一列"),
        (1, {"name": 1, "resident_id": 40}, "没有这一列"),
        (9, SAID, "没有这一行"),
        (2, SAID, "不是表头"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_remembered(north, header, columns, match):
    kept = take_in(a_new_class(), "名单.xlsx", odd(), clerk())
    with pytest.raises(ValidationError, match=match):
        say_columns(kept, header, columns, None, clerk())
    assert not RememberedColumns.objects.exists()


def test_the_rows_that_are_shown_hold_no_whole_resident_id_and_are_sealed(north):
    kept = take_in(a_new_class(), "名单.xlsx", odd(), clerk())
    [number, _other] = ids(2, 7)
    sheet = RosterSheet.objects.get()
    assert number.encode() not in bytes(sheet.head_sealed)
    assert head_of(sheet).rows[1][1][2] == f"••••{number[-4:]}"
    assert shown("电话 13800000000") == "电话 13800000000"
    assert shown("２２２４０３１９８００１０１００１Ｘ").startswith("••••")
    upload_roster(kept.training_class, "r.xlsx", workbook([("学员1", number)]), None)
    assert number.encode() not in b"".join(bytes(p.rows_sealed) for p in RosterPart.objects.all())


# On the pages.


def sent(content, name="名单.xlsx", **more):
    return {"file": SimpleUploadedFile(name, content)} | more


def test_a_clerk_explains_a_sheet_on_its_page_forgets_it_and_is_asked_again(visit):
    with tenant_context(base("north")):
        a_new_class()
    browser = visit("north", "clerk")
    page = browser.post("/desk/classes/N-01/roster/", sent(odd(), sender="官地镇"), follow=True)
    text = page.content.decode()
    assert "请指明各列" in text
    assert re.search(r"••••\d{3}[\dX]", text)
    assert not re.search(r"\d{17}[\dX]", text)
    address = page.request["PATH_INFO"] + "columns/"
    wrong = browser.post(address, {"header": "1", "column-1": "name"})
    assert "哪一列是身份证号码" in wrong.content.decode()
    said = {"header": "1", "column-1": "name", "column-2": "resident_id", "sender": "官地镇"}
    page = browser.post(address, said, follow=True).content.decode()
    assert "确认导入 2 人" in page
    page = browser.post("/desk/classes/N-01/roster/", sent(odd(), sender="官地镇"), follow=True)
    assert "按上次的指定" in page.content.decode()
    listed = browser.get("/desk/imports/columns/").content.decode()
    assert "官地镇" in listed
    assert "B：姓名" in listed
    book = load_workbook(io.BytesIO(browser.get("/desk/imports/columns/?format=xlsx").content))
    assert book.active["A2"].value == "官地镇"
    with tenant_context(base("north")):
        key = RememberedColumns.objects.get().pk
    browser.post("/desk/imports/columns/", {"forget": key})
    page = browser.post("/desk/classes/N-01/roster/", sent(odd(), sender="官地镇"), follow=True)
    assert "请指明各列" in page.content.decode()


@pytest.mark.parametrize("odd_key", ["", "x", "²", "9" * 30, "-1"])
def test_an_odd_key_forgets_nothing(visit, odd_key):
    with tenant_context(base("north")):
        explained(a_new_class())
    answer = visit("north", "clerk").post("/desk/imports/columns/", {"forget": odd_key})
    assert answer.status_code in (302, 400)
    with tenant_context(base("north")):
        assert RememberedColumns.objects.exists()


def test_only_who_imports_rosters_sees_the_columns(visit):
    with tenant_context(base("north")):
        explained(a_new_class())
        key = RosterImport.objects.get().pk
    for role in ("trainer", "examiner", "liaison"):
        browser = visit("north", role)
        assert browser.get("/desk/imports/columns/").status_code in (302, 403)
        assert browser.post(f"/desk/imports/{key}/columns/").status_code in (302, 403)
    assert visit("south", "clerk").post(f"/desk/imports/{key}/columns/").status_code == 404
