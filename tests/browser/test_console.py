"""The centre's console and the second factor, in a real browser on a phone."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_tenants.utils import tenant_context

from tenants.designations.models import TrainingBase
from tenants.staff.services import invite
from tests.browser.test_main_job import sign_in
from tests.cast import base

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser


def test_a_director_signs_in_with_a_second_factor_and_warns_a_base_on_a_phone(
    committed, site, chromium
):
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, site, "director", slug="centre", after="/admin/bases/")
    page.get_by_role("link", name="测试基地north").click()
    page.get_by_role("link", name="黄牌警告").click()
    page.fill("[name=document]", "测警〔2026〕5号")
    page.fill("[name=reason]", "抽查时教师不在岗")
    page.get_by_role("button", name="记入").click()
    page.wait_for_selector("text=抽查时教师不在岗")
    record = TrainingBase.objects.get(tenant=base("north"))
    assert record.state == "warned"
    home = page.url
    faults = []
    for path in ("", "notice/4/", "step/suspend/", "step/designate/", "site/renamed/"):
        page.goto(home.rstrip("/") + "/" + path)
        found = Axe().run(page).response["violations"]
        faults += [(path, v["id"], v["nodes"][0]["html"]) for v in found]
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            faults.append((path, "wider than a phone", ""))
    assert faults == []
    context.close()


def test_an_invited_person_comes_in_by_the_link_in_a_real_browser(committed, site, chromium):
    with tenant_context(base("north")):
        token = invite("xin", "新教务", ["trainer"], "主任")
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.goto(site("north", f"/invitation/{token}/"))
    page.fill("[name=password1]", "a-password-of-my-own")
    page.fill("[name=password2]", "a-password-of-my-own")
    page.get_by_role("button", name="设定密码").click()
    page.wait_for_url("**/login/")
    page.fill("#id_username", "xin")
    page.fill("#id_password", "a-password-of-my-own")
    page.click("main button")
    page.wait_for_url("**/desk/")
    assert "新教务" in page.inner_text("nav")
