"""A holder on a phone without scripts: in by code and last four, paper, link, and the link's end."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_tenants.utils import tenant_context

from certificates.services.issue import issue_class
from certificates.services.papers import paper
from tests.browser.test_main_job import fits
from tests.cast import base
from tests.story import finished

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser


@pytest.fixture
def certificate(committed):
    with tenant_context(base("north")):
        found = issue_class(finished(people=2), None).certificates[0]
        found.last4 = found.trainee.id_last4
        found.pdf = paper(found)
    return found


def come_in(page, site, certificate, last4=""):
    page.goto(site("centre", "/my/"))
    page.get_by_label("核验码").fill(f"{certificate.code.lower()} ")
    page.get_by_label("证件号码后四位").fill(last4 or certificate.last4)
    page.get_by_role("button", name="打开").click()


def test_a_holder_comes_in_downloads_shares_and_takes_back(site, phone, desktop, certificate):
    come_in(phone, site, certificate, "0000" if certificate.last4 != "0000" else "1111")
    assert "没有打开" in phone.inner_text("main") and fits(phone)
    assert certificate.last4 not in phone.url and certificate.code not in phone.url

    come_in(phone, site, certificate)
    assert phone.url.endswith("/my/certificates/") and fits(phone)
    assert certificate.number in phone.inner_text("main")
    with phone.expect_download() as got:
        phone.get_by_role("link", name="下载证书").click()
    assert got.value.path().read_bytes() == certificate.pdf

    phone.get_by_label("给谁").fill("延边示范电子厂")
    phone.get_by_label("允许对方下载").check()
    phone.get_by_role("button", name="生成链接").click()
    link = phone.locator("#share a.address").inner_text()
    assert fits(phone)

    desktop.goto(link)
    assert "有效" in desktop.inner_text("main") and "延边示范电子厂" not in desktop.content()
    with desktop.expect_download() as got:
        desktop.get_by_role("link", name="下载证书").click()
    assert got.value.path().read_bytes() == certificate.pdf
    assert desktop.goto(site("centre", "/my/certificates/")).url.endswith("/my/"), "no holder"

    phone.reload()
    assert "打开过 1 次" in phone.inner_text("#share")
    phone.get_by_role("link", name="谁核验过").first.click()
    assert "延边示范电子厂" in phone.inner_text("main") and fits(phone)
    phone.go_back()
    phone.get_by_role("button", name="收回").click()
    assert desktop.goto(link).status == 404

    phone.get_by_role("button", name="退出").click()
    phone.goto(site("centre", "/my/certificates/"))
    assert phone.url.endswith("/my/")


def test_the_holders_pages_are_for_everybody(site, desktop, certificate):
    desktop.goto(site("centre", "/my/"))
    violations = Axe().run(desktop).response["violations"]
    come_in(desktop, site, certificate)
    violations += Axe().run(desktop).response["violations"]
    assert violations == []
