"""The centre's register of employers, and how they come in."""

import io
import re

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from certificates.employers.models import Employer, EmployerSession, EmployerStep, SignInLink
from lms.plugin.testing import inside
from tenants.append_only import FrozenRow
from tests.certificates.working import approved, firm, link_in, sent, signed_in, uscc

FORM = vars(firm()) | {"division_code": "延边 敦化"}


def test_an_employer_applies_and_the_centre_approves_it_by_name(visit, mailoutbox):
    stranger, director = visit("centre"), visit("centre", "director")
    page = stranger.post("/employers/apply/", FORM)
    assert "申请已收到" in page.content.decode()
    found = Employer.objects.get()
    assert (found.state, found.division_code) == ("applied", "222403")
    assert "正在审核" in stranger.post("/employers/apply/", FORM).content.decode()
    address = f"/admin/employers/{found.pk}/"
    assert "示范制衣厂1" in director.get("/admin/employers/").content.decode()
    assert "敦化市" in director.get(address).content.decode()
    assert director.post(address, {"kind": "approved"}).status_code == 302
    step = EmployerStep.objects.last()
    assert (step.kind, step.account) == ("approved", "director")
    assert "准予" in mailoutbox[-1].body
    with pytest.raises(FrozenRow):
        step.delete()
    book = load_workbook(io.BytesIO(b"".join(director.get("/admin/employers/?export=xlsx"))))
    assert uscc() in str([cell.value for cell in book.active[2]])


def test_a_wrong_credit_code_and_an_unknown_place_say_what_to_do(visit):
    page = visit("centre").post("/employers/apply/", FORM | {"uscc": "91222403MA00000010"})
    assert 'class="errorlist"' in page.content.decode()
    page = visit("centre").post("/employers/apply/", FORM | {"division_code": "和平"})
    assert "210102 辽宁省沈阳市和平区" in page.content.decode()
    assert not Employer.objects.exists()


def test_a_refusal_wants_a_reason_and_may_be_followed_by_another_application(visit, mailoutbox):
    stranger, director = visit("centre"), visit("centre", "director")
    stranger.post("/employers/apply/", FORM)
    address = f"/admin/employers/{Employer.objects.get().pk}/"
    assert "请填写理由" in director.post(address, {"kind": "refused"}).content.decode()
    director.post(address, {"kind": "refused", "reason": "查无此单位"})
    assert "查无此单位" in mailoutbox[-1].body
    stranger.post("/employers/apply/", FORM)
    assert Employer.objects.get().state == "applied"
    assert "现在不能办理" in director.post(address, {"kind": "suspended"}).content.decode()


@pytest.mark.parametrize(("role", "status"), [("officer", 403), ("township_officer", 302)])
def test_only_whoever_decides_decides(visit, role, status):
    found = approved()
    answer = visit("centre", role).post(f"/admin/employers/{found.pk}/", {"kind": "suspended"})
    assert answer.status_code in (status, 302, 403)
    assert Employer.objects.get().state == "approved"


def test_no_base_has_the_register(visit):
    found = approved()
    for path in ("", f"{found.pk}/", f"{found.pk}/change/"):
        assert visit("north", "manager").get(f"/admin/employers/{path}").status_code == 404
    assert visit("north").get("/employers/").status_code == 404


def test_a_link_lets_in_once_and_the_outbox_forgets_it(visit, mailoutbox):
    employer = approved()
    browser = signed_in(employer, mailoutbox)
    page = browser.get("/employers/").content.decode()
    assert employer.name in page
    token = link_in(mailoutbox[-1].body)
    again = visit("centre").post(token)
    assert again.status_code == 410
    assert "再要一个链接" in again.content.decode()
    assert token.split("/")[3] not in sent("centre", "用人单位登录").text
    assert SignInLink.objects.get().used_at


def test_a_link_kept_for_passing_on_by_hand_is_forgotten_when_it_is_used(visit, mailoutbox):
    employer = approved(email="")
    browser = visit("centre")
    browser.post("/employers/sign-in/", {"uscc": employer.uscc})
    kept = sent("centre", "用人单位登录")
    assert (kept.to, kept.state) == (employer.phone, "kept")
    address = link_in(kept.text)
    browser.post(address)
    assert address.split("/")[3] not in sent("centre", "用人单位登录").text


def test_an_old_link_says_so_and_a_new_one_makes_the_older_void(visit, mailoutbox):
    employer, browser = approved(), visit("centre")
    browser.post("/employers/sign-in/", {"uscc": employer.uscc})
    first = link_in(mailoutbox[-1].body)
    browser.post("/employers/sign-in/", {"uscc": employer.uscc})
    assert browser.get(first).status_code == 410
    second = link_in(mailoutbox[-1].body)
    SignInLink.objects.update(expires_at=timezone.now())
    assert browser.post(second).status_code == 410
    assert browser.get("/employers/").url == "/employers/sign-in/"


def test_nobody_learns_who_is_registered_and_links_have_a_limit(visit, mailoutbox):
    employer, browser = approved(), visit("centre")
    mailoutbox.clear()
    known, other = (
        re.sub(r'csrf\w+" value="\w+"', "", page.content.decode()).replace(code, "")
        for code in (employer.uscc, uscc(9))
        for page in [browser.post("/employers/sign-in/", {"uscc": code})]
    )
    assert known == other
    for _ in range(5):
        browser.post("/employers/sign-in/", {"uscc": employer.uscc})
    assert len(mailoutbox) == 3
    for _ in range(5):
        last = browser.post("/employers/sign-in/", {"uscc": uscc(9)})
    assert last.status_code == 429


def test_a_suspended_employer_is_out_at_once(visit, mailoutbox):
    employer = approved()
    browser, director = signed_in(employer, mailoutbox), visit("centre", "director")
    form = {"kind": "suspended", "reason": "冒名"}
    director.post(f"/admin/employers/{employer.pk}/", form)
    assert browser.get("/employers/").url == "/employers/sign-in/"
    count = len(mailoutbox)
    browser.post("/employers/sign-in/", {"uscc": employer.uscc})
    assert len(mailoutbox) == count


def test_a_session_ends_by_itself_by_signing_out_and_by_the_centre(visit, mailoutbox):
    employer = approved()
    one = signed_in(employer, mailoutbox)
    one.post("/employers/out/")
    assert one.get("/employers/").status_code == 302
    two = signed_in(employer, mailoutbox)
    visit("centre", "director").post(f"/admin/employers/{employer.pk}/", {"kind": "sign_out"})
    assert two.get("/employers/").status_code == 302
    three = signed_in(employer, mailoutbox)
    EmployerSession.objects.update(expires_at=timezone.now())
    assert three.get("/employers/").status_code == 302


def test_a_corrected_phone_is_written_down_and_ends_what_came_in_by_the_old_one(visit, mailoutbox):
    employer = approved()
    browser, director = signed_in(employer, mailoutbox), visit("centre", "director")
    address = f"/admin/employers/{employer.pk}/change/"
    assert "敦化市" in director.get(address).content.decode()
    form = vars(firm()) | {"phone": "0433-7009009", "reason": "来函更正"}
    assert director.post(address, form).status_code == 302
    step = EmployerStep.objects.last()
    assert step.changes == {"phone": ["0433-7001001", "0433-7009009"]}
    assert browser.get("/employers/").status_code == 302
    with inside("centre"):
        assert director.get(f"/admin/employers/{employer.pk}/").status_code == 200
