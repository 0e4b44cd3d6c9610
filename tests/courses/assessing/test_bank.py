"""Questions from a sheet as clerks write it, back out, and in Wagtail's admin."""

import io

import pytest
from openpyxl import Workbook, load_workbook
from PIL import Image

from courses.assessing import sheet
from courses.assessing.models import BankImport, Picture, Question
from courses.models import Project
from tenants.models import Trade
from tests.courses.assessing.scene import a_bank

MESSY = [
    ["延边示范学校 2026 年考题", "", "", "", "", "", "", ""],
    ["序号", " 题目内容 ", "Ａ", "B", "C选项", "D", "正确答案", "分 值"],
    ["1", "布料的经向与布边", "平行", "垂直", "斜交", "无关", "Ａ", "2分"],
    ["2", "缝纫前要做什么", "穿线", "试缝", "核对裁片", "", "A、B、C", "3"],
    ["3", "断针后碎片可以不找", "", "", "", "", "×", ""],
    ["4", "只有一个选项", "甲", "", "", "", "A", "2"],
    ["5", "答案不在选项里", "甲", "乙", "", "", "D", "2"],
    ["6", "分值写错", "甲", "乙", "", "", "A", "很多"],
    ["7", "布料的经向与布边", "平行", "垂直", "", "", "A", "2"],
    ["8", "", "甲", "乙", "", "", "A", "2"],
]


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.name = "考题.xlsx"
    buffer.seek(0)
    return buffer


def rows_of(content):
    return [[c.value for c in row] for row in load_workbook(io.BytesIO(content)).active.rows]


def test_messy_headings_are_understood_and_every_wrong_row_says_what_to_change(north):
    rows = sheet.read(MESSY, Trade.objects.get(code="sewing"))
    good = [(r.number, r.question.kind, r.question.answer, r.question.points)
            for r in rows if not r.faults]  # fmt: skip
    assert good == [(3, "single", "A", 2), (4, "multiple", "ABC", 3), (5, "judge", "B", 2)]
    bad = {r.number: " ".join(r.faults) for r in rows if r.faults}
    assert "至少填两个选项" in bad[6]
    assert "答案不在选项之中" in bad[7]
    assert "1 到 20 的整数" in bad[8]
    assert "与第 3 行相同" in bad[9]
    assert "题干" in bad[10]
    for said in bad.values():
        assert " / " in said


def test_options_in_one_cell_are_taken_apart(north):
    rows = sheet.read(
        [["题干", "选项", "答案"], ["哪个是输入设备", "A.键盘 B．音箱 C、显示器", "A"],
         ["选两项", "甲\n乙\n丙", "AC"]],
        Trade.objects.get(code="sewing"),
    )  # fmt: skip
    assert [r.faults for r in rows] == [[], []]
    assert rows[0].question.options == ["键盘", "音箱", "显示器"]
    assert (rows[1].question.kind, rows[1].question.options) == ("multiple", ["甲", "乙", "丙"])


def test_a_sheet_without_titles_is_refused_with_what_to_do(north):
    with pytest.raises(sheet.NoTitles, match="没有找到表头"):
        sheet.read([["甲", "乙"], ["丙", "丁"]], Trade.objects.get(code="sewing"))


def test_a_clerk_uploads_looks_and_takes_in_and_the_wrong_rows_come_back_marked(visit, north):
    clerk = visit("north", "clerk")
    trade = Trade.objects.get(code="sewing").pk
    sent = clerk.post("/desk/questions/import/", {"trade": trade, "file": workbook(MESSY)})
    kept = BankImport.objects.get()
    assert sent.url == f"/desk/questions/import/{kept.pk}/"
    assert not Question.objects.exists(), "nothing before somebody has looked"
    page = clerk.get(sent.url).content.decode()
    assert "导入 3 题" in page
    assert "答案不在选项之中" in page
    marked = rows_of(clerk.get(f"{sent.url}marked/").content)
    assert marked[1][-2:] == list(sheet.ADDED)
    assert marked[2][-2] == "√"
    assert "至少填两个选项" in marked[5][-1]
    clerk.post(sent.url)
    assert Question.objects.count() == 3
    clerk.post(sent.url)
    assert Question.objects.count() == 3
    kept.refresh_from_db()
    assert (kept.new, kept.changed, kept.refused) == (3, 0, 5)


def test_what_goes_out_comes_in_again_unchanged_and_a_change_is_taken(visit, north):
    a_bank(each=2)
    Question.objects.filter(text="judge 题 0").update(text="=1+1 是公式")
    clerk = visit("north", "clerk")
    out = rows_of(clerk.get("/desk/questions/?format=xlsx").content)
    assert len(out) == 7
    assert out[0][-2:] == ["作答人次", "答对人次"]
    trade = Trade.objects.get(code="sewing")
    rows = sheet.read([[str(c if c is not None else "") for c in row] for row in out], trade)
    assert [r.faults for r in rows] == [[]] * 6
    from courses.assessing.services.bank import take_in

    assert take_in(r.question for r in rows) == (0, 0)
    rows[0].question.points = 5
    assert take_in(r.question for r in rows) == (0, 1)
    assert Question.objects.count() == 6


def test_a_formula_stays_text_in_both_ways(visit, north):
    a_bank(each=1)
    Question.objects.filter(kind="judge").update(text='=HYPERLINK("http://x")')
    content = visit("north", "clerk").get("/desk/questions/?format=xlsx").content
    cells = [c for row in load_workbook(io.BytesIO(content)).active.rows for c in row]
    [cell] = [c for c in cells if str(c.value).startswith("=HYPERLINK")]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(visit, north, content):
    file = io.BytesIO(content)
    file.name = "x.xlsx"
    data = {"trade": Trade.objects.get(code="sewing").pk, "file": file}
    page = visit("north", "clerk").post("/desk/questions/import/", data)
    assert page.status_code == 200
    assert not BankImport.objects.exists()


def form(**changes):
    empty = {f"option_{letter}": "" for letter in "abcdef"}
    return empty | {
        "trade": Trade.objects.get(code="sewing").pk, "project": "", "kind": "single",
        "text": "平缝机先检查什么", "option_a": "电源", "option_b": "颜色", "answer": "a",
        "points": 2, "topic": "安全", "difficulty": 2, "picture_alt": "", "state": "active",
    } | changes  # fmt: skip


def test_a_question_is_written_in_the_admin_with_a_picture_that_has_words(visit, north):
    clerk = visit("north", "clerk")
    assert clerk.post("/admin/questions/new/", form()).status_code == 302
    question = Question.objects.get()
    assert question.answer == "A"
    picture = io.BytesIO()
    Image.new("RGB", (3000, 1200), "navy").save(picture, "PNG")
    picture.name = "x.png"
    address = f"/admin/questions/edit/{question.pk}/"
    picture.seek(0)
    without = clerk.post(address, form(upload=picture))
    assert "看不见图的人要靠它答题" in without.content.decode()
    picture.seek(0)
    assert clerk.post(address, form(upload=picture, picture_alt="一台平缝机")).status_code == 302
    question.refresh_from_db()
    kept = Image.open(io.BytesIO(bytes(question.picture.content)))
    assert (kept.format, kept.width) == ("JPEG", 1000)
    assert clerk.get(f"/desk/questions/pictures/{Picture.objects.get().pk}.jpg").status_code == 200
    assert clerk.get(address).status_code == 200
    assert clerk.get("/admin/questions/").status_code == 200


def test_a_wrong_question_says_at_the_field_what_to_change(visit, north):
    page = visit("north", "clerk").post(
        "/admin/questions/new/", form(option_b="", answer="D", text="")
    )
    said = page.content.decode()
    assert page.status_code == 200
    assert "至少填两个选项" in said
    assert not Question.objects.exists()


def test_blueprints_and_checklists_are_written_in_the_admin(visit, north):
    from courses.assessing.models import Blueprint, Checklist

    clerk = visit("north", "clerk")
    project = Project.objects.get(code="sewing").pk

    def inline(name, rows):
        found = {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0,
                 f"{name}-MIN_NUM_FORMS": 1, f"{name}-MAX_NUM_FORMS": 1000}  # fmt: skip
        for n, row in enumerate(rows):
            found |= {f"{name}-{n}-{key}": value for key, value in row.items()}
            found |= {f"{name}-{n}-ORDER": n + 1, f"{name}-{n}-id": ""}
        return found

    lines = [{"kind": "single", "topic": "", "count": 4, "points": 10}]
    data = {"project": project, "name": "卷一", "minutes": 45, "in_use": "on"}
    assert clerk.get("/admin/blueprints/new/").status_code == 200
    answer = clerk.post("/admin/blueprints/new/", data | inline("lines", lines))
    assert answer.status_code == 302, answer.content.decode()
    assert Blueprint.objects.get().lines.get().count == 4
    items = [{"title": "穿线", "points": 40}, {"title": "安全", "points": 60, "critical": "on"}]
    answer = clerk.post(
        "/admin/checklists/new/",
        {"project": project, "name": "实操", "in_use": "on"} | inline("items", items),
    )
    assert answer.status_code == 302
    assert [i.critical for i in Checklist.objects.get().items.all()] == [False, True]


@pytest.mark.parametrize("role", ["trainer", "examiner"])
def test_who_does_not_keep_the_bank_does_not_see_it(visit, north, role):
    browser = visit("north", role)
    for path in ("/desk/questions/", "/desk/questions/import/", "/admin/questions/"):
        assert browser.get(path).status_code in (302, 403)


def test_the_centre_has_no_bank(visit, north):
    assert visit("centre", "director").get("/admin/questions/").status_code in (302, 404)
