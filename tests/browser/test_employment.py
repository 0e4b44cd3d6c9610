"""From a scan to a decided objection, on a phone of 390 pixels without scripts."""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from certificates.models import Objection
from certificates.services.outcomes import history_of
from lms.plugin.testing import inside
from tests.browser.test_main_job import fits, sign_in
from tests.certificates.working import certified, link_in, sent

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser


def known(certificate):
    with inside("north"):
        return history_of(certificate).known


def test_scan_claim_call_link_confirm_object_decide(committed, site, phone):
    phone.set_default_timeout(120_000)  # the first page of a cold server
    (certificate,) = certified()
    with inside("north"):
        last4 = certificate.trainee.id_last4

    phone.goto(site("centre", f"/c/{certificate.code}"))
    phone.get_by_role("link", name="这个人在本单位就业").click()
    assert fits(phone)
    phone.get_by_label("单位名称").fill("延边小饭馆")
    phone.get_by_label("您的姓名").fill("金老板")
    phone.get_by_label("电话").fill("13900000001")
    phone.get_by_role("button", name="提交申报").click()
    assert "申报已收到" in phone.inner_text("main")
    assert known(certificate).value == "unknown"

    sign_in(phone, site, "clerk")
    phone.goto(site("north", "/desk/"))
    phone.get_by_role("link", name="1 就业申报待打电话核实").click()
    phone.get_by_role("link", name="延边小饭馆").click()
    assert fits(phone)
    phone.get_by_label("手机号或邮箱").fill("0433-2345678")
    phone.get_by_label("号码从何而来").select_option("public")
    phone.get_by_role("button", name="发出链接").click()
    assert "链接已写入消息" in phone.inner_text("main")

    desk = phone.context.cookies()
    phone.context.clear_cookies()
    link = link_in(sent("north", "就业核实").text)
    phone.goto(site("north", link))
    assert fits(phone)
    phone.get_by_label("确认在职").check()
    phone.get_by_label("岗位").fill("帮厨")
    phone.get_by_label("起始日期").fill("2026-01-05")
    phone.get_by_role("button", name="提交回答").click()
    assert "已收到，谢谢" in phone.inner_text("main")
    assert (known(certificate).value, known(certificate).evidence) == (
        *("employed", "employer_confirmed"),
    )
    phone.goto(site("north", link))
    assert "已经用过了" in phone.inner_text("main")

    phone.goto(site("north", link_in(sent("north", "就业登记").text)))
    phone.get_by_label("身份证号后四位").fill(last4)
    phone.get_by_role("button", name="打开").click()
    assert "延边小饭馆" in phone.inner_text("main")
    assert fits(phone)
    phone.get_by_text("这一条不对").click()
    phone.get_by_label("哪里不对？").fill("我没在那里干过")
    phone.get_by_role("button", name="提出异议").click()
    assert "已收到您的异议" in phone.inner_text("main")
    assert known(certificate).objected

    phone.context.add_cookies(desk)  # the clerk, who never left her desk
    phone.goto(site("north", f"/desk/certificates/{certificate.number}/"))
    assert "本人有异议，办结之前按未知统计" in phone.inner_text("main")
    phone.get_by_role("link", name="核实并办结").click()
    phone.get_by_label("核实的情况").fill("单位承认写错人")
    phone.get_by_role("button", name="异议成立").click()
    assert "异议已办结" in phone.inner_text("main")
    assert known(certificate).value == "unknown"
    with inside("north"):
        assert Objection.objects.get().state == "upheld"
    assert fits(phone)


def test_the_pages_pass_axe_and_fit_a_phone(committed, site, chromium):
    """Those that a stranger, an employer and a clerk meet on the way."""
    (certificate,) = certified()
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(120_000)
    faults = []

    def look(address):
        page.goto(address)
        found = Axe().run(page).response["violations"]
        faults.extend((address, v["id"], v["nodes"][0]["html"]) for v in found)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            faults.append((address, "wider than a phone", ""))

    for path in (f"/c/{certificate.code}", f"/c/{certificate.code}/work/", "/employers/apply/"):
        look(site("centre", path))
    look(site("centre", "/employers/sign-in/"))
    page.goto(site("centre", f"/c/{certificate.code}/work/"))
    page.get_by_label("单位名称").fill("延边小饭馆")
    page.get_by_label("您的姓名").fill("金老板")
    page.get_by_label("电话").fill("13900000001")
    page.get_by_label("就业地").fill("和平")
    page.get_by_role("button", name="提交申报").click()
    assert re.search("210102 辽宁省沈阳市和平区", page.inner_text("main"))
    page.get_by_label("就业地").fill("辽宁 沈阳 和平")
    page.get_by_role("button", name="提交申报").click()
    assert "申报已收到" in page.inner_text("main")
    sign_in(page, site, "clerk")
    for path in ("", "claims/", "claims/1/", f"certificates/{certificate.number}/"):
        look(site("north", f"/desk/{path}"))
    context.close()
    assert faults == []
