"""Handlers at work; who sees what."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hotline_cast import department, filed, person, typed
from trainbase_hotline.models import Complaint, Look
from trainbase_hotline.services import handling

from lms.plugin.testing import inside

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PAGES = ("", "breaches/", "sheet/", "new/")


@pytest.fixture
def case(hotline):
    return filed(files=[SimpleUploadedFile("工资条.pdf", PDF)])


@pytest.fixture
def browser(case, visit):
    return visit("north", "clerk")


def again(case):
    with inside("north"):
        return Complaint.objects.get(pk=case.pk)


def act(browser, case, name, **data):
    return browser.post(f"/hotline/desk/{case.pk}/do/{name}/", {"seen": case.version} | data)


@pytest.mark.parametrize("page", PAGES)
def test_a_clerk_opens_every_page(browser, page):
    assert browser.get(f"/hotline/desk/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("role", "status"), [("", 302), ("trainer", 403)])
def test_others_do_not(case, visit, role, status, page):
    assert visit("north", role).get(f"/hotline/desk/{page}").status_code == status


def test_a_trainer_gets_neither_the_case_nor_its_files_nor_the_person(case, visit):
    trainer = visit("north", "trainer")
    with inside("north"):
        file = case.attachments.get()
    for address in ("", f"files/{file.pk}/"):
        assert trainer.get(f"/hotline/desk/{case.pk}/{address}").status_code == 403
    assert trainer.post(f"/hotline/desk/{case.pk}/who/").status_code == 403
    assert act(trainer, case, "note", text="x").status_code == 403


def test_a_township_officer_counts_and_sees_no_complaint(hotline, visit):
    officer = visit("centre", "township_officer")
    with inside("centre"):
        found = filed()
    assert officer.get("/hotline/desk/").status_code == 403
    assert officer.get(f"/hotline/desk/{found.pk}/").status_code == 403
    page = officer.get("/desk/reports/hotline/complaints/")
    assert page.status_code == 200 and str(found) not in page.content.decode()


def test_lists_name_nobody_and_tell_nothing(browser, case):
    for address in ("/hotline/desk/?state=all", "/hotline/desk/breaches/"):
        page = browser.get(address).content.decode()
        assert "金大山" not in page and "三个月" not in page
    assert str(case) in browser.get("/hotline/desk/").content.decode()


def test_the_list_goes_to_excel(browser):
    answer = browser.get("/hotline/desk/?format=xlsx")
    assert answer["Content-Type"].endswith("sheet") and answer.content.startswith(b"PK")


@pytest.mark.parametrize(
    "query", ["state=x", "kind=x", "department=x", "department=99999999999", "page=-1"]
)
def test_odd_filters_show_a_list(browser, query):
    assert browser.get(f"/hotline/desk/?{query}").status_code == 200


def test_the_person_is_shown_on_demand_and_each_look_recorded(browser, case):
    address = f"/hotline/desk/{case.pk}/"
    assert "金大山" not in browser.get(address).content.decode()
    assert browser.get(f"{address}who/").status_code == 405
    answer = browser.post(f"{address}who/")
    assert "金大山" in answer.content.decode() and answer["Cache-Control"] == "no-store"
    with inside("north"):
        assert [str(look.by) for look in Look.objects.all()] == ["教务员甲"]
    assert "教务员甲" in browser.get(address).content.decode()


def test_an_attachment_is_a_private_download(browser, case):
    with inside("north"):
        file = case.attachments.get()
    answer = browser.get(f"/hotline/desk/{case.pk}/files/{file.pk}/")
    assert answer.status_code == 200 and b"".join(answer) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert browser.get(f"/hotline/desk/{case.pk + 1}/files/{file.pk}/").status_code == 404


def test_a_whole_case_by_the_forms(browser, case):
    with inside("north"):
        office = department("劳动监察联络组")
    act(browser, case, "assign", department=office.pk)
    act(browser, again(case), "answer", text="已联系单位")
    act(browser, again(case), "opinion", text="十日内付清")
    act(browser, again(case), "attach", file1=SimpleUploadedFile("承诺书.pdf", PDF))
    act(browser, again(case), "close", satisfaction="satisfied")
    assert again(case).state == "closed"
    act(browser, again(case), "reopen", text="没有付")
    assert again(case).round == 2
    with inside("north"):
        kinds = [step.kind for step in case.steps.all()]
    assert kinds == [
        "received",
        "assigned",
        "answered",
        "opinion",
        "attached",
        "closed",
        "reopened",
    ]


def test_the_second_of_two_is_told_and_can_send_again(browser, case):
    with inside("north"):
        handling.note(case.pk, person("manager"), 1, "已打电话")
    answer = act(browser, case, "answer", text="我写了很久的答复")
    page = answer.content.decode()
    assert "管理员甲 办理记录" in page and "管理员甲 Note" in page and "我写了很久的答复" in page
    assert again(case).answered_at is None
    assert act(browser, again(case), "answer", text="我写了很久的答复").status_code == 302


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("close", {"satisfaction": "satisfied"}, "还没有登记首次答复、处理意见"),
        ("close", {}, "请填写这一项"),
        ("answer", {"text": ""}, "请填写这一项"),
        ("answer", {"text": "长" * 10_000}, "at most 1000"),
        ("answer", {"text": "请找教务员甲"}, "请删去姓名"),
        ("assign", {"department": "99"}, "请从列表中选择"),
        ("assign", {}, "请填写这一项"),
        ("attach", {}, "请选择文件"),
        ("note", {"text": "x", "seen": "zzz"}, "页面已过期"),
        ("note", {"text": "x", "seen": "9" * 30}, "页面已过期"),
        ("reopen", {"text": "想再办"}, "还在办理"),
    ],
)
def test_a_fault_comes_back_with_what_was_typed(browser, case, name, data, said):
    page = act(browser, case, name, **data).content.decode()
    assert said in page and "没有登记，请看下面" in page
    if data.get("text"):
        assert data["text"] in page
    assert again(case).version == 1


def test_an_act_that_does_not_exist_does_nothing(browser, case):
    assert act(browser, case, "delete").status_code == 302
    assert browser.get(f"/hotline/desk/{case.pk}/do/note/").status_code == 405


def test_by_phone_the_receipt_is_shown_to_be_read_out(browser):
    answer = browser.post("/hotline/desk/new/", typed(text="来电"), follow=True)
    with inside("north"):
        found = Complaint.objects.get(text="来电")
    assert (found.channel, str(found.taken_by)) == ("phone", "教务员甲")
    assert f"请把回执号读给来电人：{found}" in answer.content.decode()


def test_the_sheet_has_a_qr_and_the_address(browser):
    page = browser.get("/hotline/desk/sheet/").content.decode()
    assert 'width="75mm"' in page and "north.localhost" in page and "/hotline/" in page


def test_south_does_not_see_norths_case(case, visit):
    south = visit("south", "clerk")
    with inside("south"):
        assert not Complaint.objects.exists()
    assert south.get(f"/hotline/desk/{case.pk}/").status_code == 404
    assert act(south, case, "note", text="x").status_code == 404
    assert str(case) not in south.get("/hotline/desk/?state=all").content.decode()


def test_departments_and_settings_are_edited_in_the_admin(hotline, visit):
    manager = visit("north", "manager")
    assert manager.get("/admin/hotline-departments/").status_code == 200
    assert manager.get("/admin/settings/hotline/hotlinesettings/", follow=True).status_code == 200
    assert visit("north", "clerk").get("/admin/hotline-departments/").status_code in (302, 403)
