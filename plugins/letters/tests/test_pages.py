"""What people see, in both languages; who may; what goes out as Excel and on paper."""

import io
import re
from datetime import date

import pytest
from django.urls import reverse
from letters_cast import all_targets
from openpyxl import load_workbook
from trainbase_letters.models import Letter, Unit
from trainbase_letters.services import assessments, letters
from trainbase_letters.services.standing import paper_code

from lms.plugin.testing import inside, plugin_on

pytestmark = pytest.mark.django_db
YEAR = date.today().year
BOARD = "/admin/letters/"


def text(response):
    return response.content.decode()


@pytest.fixture
def browse(centre, visit):
    """A browser of that person at the centre, in Chinese or English."""

    def client(role, language="zh-hans"):
        found = visit("centre", role)
        found.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        return found

    return client


def test_the_board_shows_numerator_target_percent_and_definition(browse, towns, signed, ledger):
    signed(towns["other"], YEAR, trained=8, employed=5)
    ledger(towns["other"].division.code, 3, YEAR)
    page = browse("director").get(BOARD)
    assert page.status_code == 200
    said = re.sub(r"\s+", " ", text(page))
    assert 'class="num">3</td><td class="num">8</td><td class="num">37%' in said
    assert '<progress max="100" value="37"' in said
    assert "出勤达到规则要求" in said


def test_the_board_speaks_english(browse, towns, director):
    letters.draft(towns["other"], YEAR, all_targets(trained=8), director)
    said = text(browse("director", "en").get(BOARD))
    assert "Progress" in said and "进度" not in said


def test_a_level_below_is_one_click_away(browse, towns):
    browser = browse("officer")
    first = text(browser.get(BOARD))
    assert "甲镇" in first and "一村" not in first
    below = text(browser.get(f"{BOARD}?unit={towns['top'].pk}"))
    assert "一村" in below and "乙镇" not in below
    for nonsense in ("x", "0", "99999999999999999999", "²"):
        assert browser.get(BOARD, {"unit": nonsense}).status_code == 404
    for nonsense in ("x", "-1", "²²²²", "99999"):
        assert browser.get(BOARD, {"year": nonsense}).status_code == 200


def test_the_board_goes_to_excel_as_numbers(browse, towns, signed, ledger):
    signed(towns["other"], YEAR, trained=8)
    ledger(towns["other"].division.code, 3, YEAR)
    answer = browse("officer").get(f"{BOARD}?format=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    line = next(row for row in rows if row[0] == "乙镇")
    assert line[4:7] == (8, 3, 37)


def test_the_board_is_printed_without_the_admin_around_it(browse, towns):
    said = text(browse("officer").get(f"{BOARD}?format=print"))
    assert "size: A4" in said and "甲镇" in said and "w-header" not in said


def test_a_township_officer_sees_the_own_county_alone_and_changes_nothing(browse, towns, director):
    mine = letters.draft(towns["a"], YEAR, all_targets(trained=8), director)
    theirs = letters.draft(towns["other"], YEAR, all_targets(trained=8), director)
    browser = browse("township_officer")
    said = text(browser.get(BOARD))
    assert "甲镇" in said and "乙镇" not in said
    assert browser.get(reverse_at("unit", towns["other"])).status_code == 404
    assert browser.get(reverse_at("print", theirs)).status_code == 404
    assert browser.get(reverse_at("unit", towns["a"])).status_code == 200
    assert browser.get(reverse_at("edit", mine)).status_code in (302, 403)
    assert browser.post(reverse_at("discard", mine), {"reason": "x"}).status_code in (302, 403)
    assert Letter.objects.filter(pk=mine.pk).exists()


def test_an_officer_records_and_does_not_decide(browse, towns, signed, ledger, director):
    letter = signed(towns["other"], YEAR - 1, trained=8)
    assessments.propose(letter, director)
    browser = browse("officer")
    data = {"kind": "confirmed", "reason": "没有完成"}
    assert browser.post(reverse_at("decide", letter), data).status_code in (302, 403)
    assert not hasattr(letter.assessments.get(), "decision")
    browse("director").post(reverse_at("decide", letter), data)
    assert letter.assessments.get().decision.reason == "没有完成"


def test_a_stranger_and_a_base_see_nothing(browse, visit, towns):
    assert browse("").get(BOARD).status_code == 302
    assert visit("north", "manager").get(BOARD).status_code == 404


def test_the_plugin_has_no_public_address(browse, towns):
    assert browse("").get("/letters/").status_code == 404


def test_nothing_is_there_while_the_plugin_is_off(browse, towns):
    browser = browse("director")
    with plugin_on("centre", "letters", on=False):
        assert browser.get(BOARD).status_code == 404
        assert browser.get("/admin/letters/units/").status_code == 404


def test_a_year_goes_from_target_to_answer_through_the_pages(browse, towns, ledger, scan):
    officer, director = browse("officer"), browse("director")
    unit, year = towns["other"], YEAR - 1
    new = f"{reverse_at('new', unit)}?year={year}"
    done = officer.post(new, all_targets(trained=8) | {"seen": 0})
    assert done.status_code == 302, text(done)
    letter = Letter.objects.get()
    printed = text(officer.get(reverse_at("print", letter)))
    code = re.search(r"<strong>([0-9A-F]{4}-[0-9A-F]{4})</strong>", printed)[1]
    data = {"file": scan(), "signed_on": f"{year}-01-10", "code": code.lower()}
    assert officer.post(reverse_at("sign", letter), data).status_code == 302
    scan_back = officer.get(reverse_at("scan", letter))
    assert scan_back.content.startswith(b"%PDF-")
    assert "attachment" in scan_back["Content-Disposition"]
    officer.post(f"{BOARD}assessment/run/?year={year}")
    assert "不得提拔" in text(officer.get(f"{BOARD}assessment/?year={year}"))
    director.post(reverse_at("decide", letter), {"kind": "confirmed", "reason": "没有完成"})
    today = date.today().isoformat()
    said = {"appellant": "乙镇长", "received_on": today, "text": "不服"}
    officer.post(reverse_at("appeal", letter), said)
    director.post(reverse_at("answer", letter), {"kind": "rejected", "reason": "台账无误"})
    page = text(director.get(f"{reverse_at('unit', unit)}?year={year}"))
    for shown in ("没有完成", "不服", "台账无误", "归档签订件", "申诉不成立"):
        assert shown in page


@pytest.mark.parametrize(
    "data", [{}, {"trained": "-5"}, {"trained": "99999999999999999999"}, {"trained": "abc"}]
)
def test_bad_targets_come_back_with_the_form(browse, towns, data):
    answer = browse("officer").post(reverse_at("new", towns["other"]), data)
    assert answer.status_code == 422
    assert not Letter.objects.exists()


def test_a_draft_that_does_not_add_up_is_not_printed(browse, towns, director):
    top = letters.draft(towns["top"], YEAR, all_targets(trained=100), director)
    letters.draft(towns["a"], YEAR, all_targets(trained=60), director)
    answer = browse("officer").get(reverse_at("print", top))
    assert answer.status_code == 409
    assert "少 40" in text(answer) and "签字" not in text(answer)


def test_the_letter_is_a_chinese_a4_page_with_signature_lines(browse, towns, director):
    letter = letters.draft(towns["other"], YEAR, all_targets(trained=8), director)
    browser = browse("officer", "en")
    said = text(browser.get(reverse_at("print", letter)))
    assert "size: A4" in said and 'lang="zh-Hans"' in said
    assert said.count("签字") == 2 and "Signature" not in said
    assert "测试服务中心" in said and "乙镇长" in said and paper_code(letter) in said
    assert "<script" not in said
    both = text(browser.get(f"{reverse_at('print', letter)}?english=1"))
    assert both.count("Signature") == 2 and "签字" in both


def test_the_letter_fits_one_page_of_paper(browse, towns, director):
    weasyprint = pytest.importorskip("weasyprint")
    letter = letters.draft(towns["other"], YEAR, all_targets(**dict.fromkeys(
        ("trained", "certified", "employed", "local", "outward", "overseas"), 8)), director)  # fmt: skip
    said = text(browse("officer").get(f"{reverse_at('print', letter)}?english=1"))
    pages = weasyprint.HTML(string=said).render().pages
    assert len(pages) == 1
    assert (round(pages[0].width), round(pages[0].height)) == (794, 1123)


def test_units_are_made_in_the_admin_by_the_code_of_their_division(browse, towns):
    browser = browse("officer")
    code = towns["b"].division.code
    data = {"name": "新村", "kind": "village", "parent": towns["top"].pk, "division_code": code,
            "trades": "", "leader": "新村长", "active": "on"}  # fmt: skip
    bad = browser.post("/admin/letters/units/new/", data | {"division_code": "999"})
    assert "no division has the code" in text(bad)
    assert browser.post("/admin/letters/units/new/", data).status_code == 302
    made = Unit.objects.get(name="新村")
    assert made.division.code == code
    ring = data | {"name": "甲镇", "kind": "township", "parent": made.pk}
    answer = browser.post(f"/admin/letters/units/edit/{towns['top'].pk}/", ring)
    assert "cannot stand below itself" in text(answer)
    assert "新村" in text(browser.get("/admin/letters/units/"))
    sheet = browser.get("/admin/letters/units/?export=xlsx")
    assert sheet.status_code == 200


def test_the_report_lists_targets_by_year_and_level(browse, towns, signed, ledger):
    signed(towns["other"], YEAR, trained=8)
    browser = browse("officer")
    address = "/desk/reports/letters/targets/"
    assert "乙镇" in text(browser.get(f"{address}?year={YEAR}&level=township"))
    assert "乙镇" not in text(browser.get(f"{address}?year={YEAR}&level=village"))
    assert browser.get(f"{address}?year=x&level=y").status_code == 200
    assert browse("township_officer").get(address).status_code == 403


def test_the_panel_sums_the_top_units_in_sight(browse, towns, signed, ledger):
    from trainbase_letters.extensions import panel

    signed(towns["other"], YEAR, trained=8)
    ledger(towns["other"].division.code, 3, YEAR)
    request = type("R", (), {})()
    from lms.plugin import User

    request.user = User.objects.get(username="director")
    found = panel(request)
    assert ("培训合格", "3 / 8（37%）") in [line[:2] for line in found.lines]
    request.user = User.objects.get(username="township_officer")
    assert panel(request).lines == []


def test_the_demo_fills_every_page_with_more_than_three_people(browse, centre, ledger):
    from django.apps import apps

    apps.get_app_config("letters").demo(centre)
    assert Unit.objects.count() == 10
    assert Unit.objects.values("leader").distinct().count() == 10
    assert Letter.objects.filter(year=YEAR, state="signed").count() == 1
    browser = browse("director")
    for unit in Unit.objects.all():
        for year in (YEAR - 1, YEAR):
            assert browser.get(f"{reverse_at('unit', unit)}?year={year}").status_code == 200
    said = text(browser.get(f"{BOARD}assessment/?year={YEAR - 1}"))
    assert "准予例外" in said and "申诉不成立" in said
    apps.get_app_config("letters").demo(centre)
    assert Unit.objects.count() == 10, "a second run adds nothing"


def reverse_at(name, thing):
    with inside("centre"):
        return reverse(f"letters:{name}", args=[thing.pk], urlconf="lms.urls.centre")
