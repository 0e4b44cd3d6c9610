"""A villager finds the nearest class on an old phone, applies, and reads the decision; a cadre proposes one."""

import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from django_tenants.utils import tenant_context
from playwright.sync_api import expect

from courses.applying.models import ClassProposal, CourseApplication
from courses.applying.services import decide
from courses.applying.services.terms import set_terms
from tenants.staff.models import User
from tests.browser.test_main_job import fits
from tests.cast import base
from tests.courses.applying_story import an_open_class, village
from tests.story import ids

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser
TERMS = {"lodging": "free", "meals": "free", "bring": "身份证", "cost": "培训免费"}


@pytest.fixture
def one(committed):
    with tenant_context(base("north")):
        found = an_open_class()
        set_terms(found, TERMS, User.objects.get(username="clerk"))
    return found


def tap_village(page, there):
    county, township = there.parent.parent, there.parent
    for place in (county, township, there):
        page.get_by_role("button", name=place.name, exact=True).first.click()


def fill(page, number):
    page.get_by_label("姓名").fill("金秀兰")
    page.get_by_label("身份证号").fill(number)
    page.get_by_label("联系电话").fill("138 0000 0001")


def test_an_applicant_with_an_old_phone(site, phone, one):
    there, number = village(5), ids(1)[0]
    phone.goto(site("centre", "/"))
    phone.get_by_role("link", name="近期开班").click()
    phone.get_by_role("link", name="点选我的村").click()
    for place in (there.parent.parent, there.parent, there):
        phone.get_by_role("link", name=place.name, exact=True).first.click()
    assert "近的排在前面" in phone.inner_text("main") and fits(phone)
    link = phone.get_by_role("link", name="我要报名 缝纫裁剪初级班").get_attribute("href")
    assert link.endswith("/join/class/O-01/")
    phone.goto(site("north", "/join/class/O-01/"))
    assert fits(phone)
    fill(phone, number[:17] + ("0" if number[17] != "0" else "1"))
    tap_village(phone, there)
    assert phone.get_by_label("姓名").input_value() == "金秀兰", "a tap loses nothing"
    assert there.name in phone.get_by_label("您住在哪个村").input_value()
    phone.get_by_label("我看过了").check()
    phone.get_by_role("button", name="提交报名").last.click()
    assert "校验码" in phone.inner_text("main") and fits(phone)
    phone.get_by_label("身份证号").fill(number)
    phone.get_by_label("姓名").press("Enter")  # a key sends the form, not a place
    assert phone.url.endswith("/join/mine/") and fits(phone)
    assert number not in phone.content() and number not in phone.url

    with tenant_context(base("north")):
        made = CourseApplication.objects.get()
        assert made.village == there
        decide.accept([made.pk], one, User.objects.get(username="clerk"))
    phone.context.clear_cookies()
    phone.goto(site("north", "/join/status/"))
    phone.get_by_label("受理号").fill(made.number.lower())
    phone.get_by_label("证件号码后四位").fill(number[-4:])
    phone.get_by_role("button", name="查看").click()
    text = phone.inner_text("main")
    assert "已录取" in text and "身份证" in text and fits(phone)


def test_the_id_is_checked_while_it_is_typed_and_places_come_without_a_page(site, desktop, one):
    there, number = village(5), ids(1)[0]
    desktop.goto(site("north", "/join/class/O-01/"))
    field, said = desktop.get_by_label("身份证号"), desktop.locator("#id-said")
    field.press_sequentially(number[:17])
    assert said.inner_text() == ""
    field.press_sequentially("0" if number[17] != "0" else "1")
    assert "末位对不上" in said.inner_text()
    field.fill(number)
    assert "号码正确" in said.inner_text()
    field.fill(number[:10])
    desktop.get_by_label("姓名").focus()
    assert "还差 8 位" in said.inner_text()
    fill(desktop, number)
    address = desktop.url
    tap_village(desktop, there)
    expect(desktop.locator("#village-code")).to_have_value(there.code)
    assert desktop.url == address
    desktop.get_by_label("我看过了").check()
    assert Axe().run(desktop).response["violations"] == []
    desktop.get_by_role("button", name="提交报名").last.click()
    desktop.wait_for_url("**/join/mine/")
    assert Axe().run(desktop).response["violations"] == []
    desktop.goto(site("centre", f"/classes/village/{there.code}/"))
    assert "缝纫裁剪初级班" in desktop.get_by_label("村广播稿").input_value()
    assert Axe().run(desktop).response["violations"] == []


def test_a_cadre_proposes_a_class_without_an_account(site, phone, one):
    there = village(7)
    phone.goto(site("north", "/propose/"))
    tap_village(phone, there)
    phone.get_by_label("想学什么").select_option(label="缝纫裁剪")
    phone.get_by_label("希望哪天开班").fill(str(timezone.localdate() + timedelta(days=40)))
    phone.get_by_label("上课地点").fill("村部活动室")
    phone.get_by_label("大约多少人想学").fill("18")
    phone.get_by_label("联系人").fill("朴村长")
    phone.get_by_label("联系电话").fill("13700000001")
    phone.get_by_label("我看过了").check()
    phone.get_by_role("button", name="提交申请").last.click()
    assert phone.url.endswith("/propose/mine/") and fits(phone)
    with tenant_context(base("north")):
        made = ClassProposal.objects.get()
    assert made.number in phone.inner_text("main") and made.village == there
