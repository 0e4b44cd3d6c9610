"""What a stranger sees and sends, without an account and without JavaScript."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hotline_cast import filed, person, typed
from trainbase_hotline import rules
from trainbase_hotline.models import Complaint
from trainbase_hotline.services import handling

from lms.plugin.testing import inside

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def stranger(hotline, visit):
    return visit("north")


def complaints():
    with inside("north"):
        return list(Complaint.objects.all())


def test_the_form_works_without_a_script(stranger):
    page = stranger.get("/hotline/").content.decode()
    assert "<script" not in page and 'enctype="multipart/form-data"' in page


def test_a_complaint_by_the_form_gives_a_receipt(stranger):
    answer = stranger.post("/hotline/", typed(once="x"), follow=True)
    (found,) = complaints()
    assert answer.redirect_chain == [(f"/hotline/follow/{rules.spoken(found.number)}/", 302)]
    page = answer.content.decode()
    assert str(found) in page and "金大山" not in page and "13900000001" not in page
    assert answer["Cache-Control"] == "no-store" and answer["X-Robots-Tag"] == "noindex"


def test_the_qr_of_the_sheet_is_counted_as_such(stranger):
    page = stranger.get("/hotline/?via=qr").content.decode()
    assert 'name="via" value="qr"' in page
    stranger.post("/hotline/", typed(via="qr"))
    assert [c.channel for c in complaints()] == ["qr"]


def test_two_clicks_are_one_complaint(stranger):
    for _ in range(2):
        stranger.post("/hotline/", typed() | {"file1": SimpleUploadedFile("a.pdf", PDF)})
    assert len(complaints()) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"text": ""}, "请填写这一项 / please fill this in"),
        ({"text": "长" * 10_000}, "10000 characters, at most 5000"),
        ({"kind": ""}, "请填写这一项 / please fill this in"),
        ({"kind": "hack"}, "请从列表中选择 / choose from the list"),
        ({"agree": ""}, "请阅读并勾选同意 / read it and tick the box"),
        ({"phone": "没有"}, "write a phone number"),
        ({"name": ""}, "choose anonymous"),
        ({"name": "长" * 41}, "最多 40 字"),
        ({"anonymous": "on"}, "取消匿名"),
    ],
)
def test_a_fault_is_said_in_both_languages_and_nothing_typed_is_lost(stranger, more, said):
    sent = typed(about="示范服装厂", text="三个月没发😀") | more
    page = stranger.post("/hotline/", sent).content.decode()
    assert said in page and complaints() == []
    for name in ("text", "about", "phone", "name"):
        assert sent[name] in page
    assert f'name="once" value="{sent["once"]}"' in page


def test_a_wrong_file_keeps_the_text(stranger):
    sent = typed() | {"file2": SimpleUploadedFile("病毒.exe", b"MZ")}
    page = stranger.post("/hotline/", sent).content.decode()
    assert "病毒.exe：只收 PDF" in page and "三个月工资没发" in page and complaints() == []


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "'; DROP TABLE hotline_step; --", "{{ request }}", "مرحبا"],
)
def test_what_looks_like_code_is_shown_to_handlers_as_text(stranger, visit, text):
    stranger.post("/hotline/", typed(text=text))
    (found,) = complaints()
    page = visit("north", "clerk").get(f"/hotline/desk/{found.pk}/").content.decode()
    assert found.text == text and "<script>alert" not in page


@pytest.mark.parametrize(
    "field", ["consent_version", "once", "via", "anonymous", "file1", "id_last4", "text", "kind"]
)
@pytest.mark.parametrize("value", ["", "😀" * 3000, "\u202e", "-1", "9" * 40, "1e9"])
def test_no_field_breaks_the_form(stranger, field, value):
    assert stranger.post("/hotline/", typed(**{field: value})).status_code in (200, 302)


def test_the_text_of_what_was_agreed_to_is_on_the_page(stranger):
    assert "每次查看都有记录" in stranger.get("/hotline/").content.decode()


def test_following_shows_the_answer_and_no_person(stranger, visit):
    found = filed()
    with inside("north"):
        handling.note(found.pk, person("clerk"), 1, "内部：老板姓王")
        handling.answer(found.pk, person("clerk"), 2, "已联系单位")
    answer = stranger.post("/hotline/follow/", {"number": str(found).lower()})
    page = answer.content.decode()
    assert "已联系单位" in page and "已答复" in page
    for hidden in ("教务员甲", "金大山", "13900000001", "老板姓王", "三个月工资没发"):
        assert hidden not in page


@pytest.mark.parametrize(
    "typed_in",
    ["K7PM3WQX9HTA", "K7PM", "0O1I0O1I0O1I", "' OR 1=1 --", "😀", "<b>x</b>", "长" * 90],
)
def test_every_wrong_number_gets_the_same_answer(stranger, typed_in):
    filed()

    def shown(number):
        answer = stranger.post("/hotline/follow/", {"number": number})
        page = re.sub(r'value="[^"]*"', "", answer.content.decode())
        return answer.status_code, page

    assert shown(typed_in) == shown("ZZZZZZZZZZZZ")
    assert shown(typed_in)[0] == 404


def test_an_empty_number_is_asked_for(stranger):
    page = stranger.post("/hotline/follow/", {"number": ""}).content.decode()
    assert "请填写这一项 / please fill this in" in page


def test_too_many_guesses_are_stopped(stranger):
    found = filed()
    for _ in range(60):
        assert stranger.post("/hotline/follow/", {"number": "ZZZZZZZZZZZZ"}).status_code == 404
    assert stranger.post("/hotline/follow/", {"number": found.number}).status_code == 429


def test_too_many_complaints_are_stopped_and_the_text_is_kept(stranger):
    for number in range(30):
        assert stranger.post("/hotline/", typed(text=f"第 {number} 件")).status_code == 302
    answer = stranger.post("/hotline/", typed(text="第 31 件"))
    assert answer.status_code == 429 and "第 31 件" in answer.content.decode()
    assert len(complaints()) == 30


def test_a_receipt_of_north_is_unknown_at_south(stranger, visit):
    found = filed()
    assert stranger.get(f"/hotline/follow/{found.number}/").status_code == 200
    assert visit("south").get(f"/hotline/follow/{found.number}/").status_code == 404


def test_english_is_complete_on_the_public_pages(stranger):
    stranger.cookies["django_language"] = "en"
    page = stranger.get("/hotline/").content.decode()
    assert "What happened" in page and "Unpaid wages" in page
