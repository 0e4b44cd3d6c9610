"""From a call at the base to the centre's number, its names, its Excel, and a signed month, on a phone."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook

from certificates.models import Certificate
from certificates.services.outcomes import Facts, record_outcome
from lms.plugin.testing import inside
from tests.browser.test_main_job import sign_in
from tests.cast import two
from tests.certificates.standing.test_names import something_of_everything

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser


def _faults(page):
    found = [v["id"] for v in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth") > 390
    return found + (["wider than a phone"] if wide else [])


def test_a_number_moves_opens_its_names_and_is_frozen(committed, site, chromium):
    with inside("north"):
        something_of_everything()
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, site, "director", slug="centre", after="/admin/bases/")
    page.goto(site("centre", "/desk/figures/"))
    assert page.get_by_label("已就业 2", exact=True).inner_text() == "2"
    assert _faults(page) == []
    with inside("north"):
        last = Certificate.objects.order_by("pk").first()
        told = Facts("unemployed", "document", reason="核实", replaces=last.outcomes.first())
        record_outcome(last, told, by=two()[0])
        month = last.issued_on
    page.reload()
    page.get_by_label("已就业 1", exact=True).click()
    page.get_by_label("测试基地north 1").click()
    assert page.locator("tbody tr").count() == 1
    assert _faults(page) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="导出 Excel").click()
    with open(saved.value.path(), "rb") as file:
        rows = list(load_workbook(file).active.iter_rows(values_only=True))
    assert rows[1][0] in page.inner_text("tbody")
    page.goto(site("centre", "/desk/figures/reports/"))
    page.fill("[name=month]", f"{month:%Y-%m}")
    page.get_by_role("button", name="编制草稿").click()
    page.get_by_role("button", name="签发").click()
    page.wait_for_selector("text=已签发。")
    assert _faults(page) == []
    page.get_by_role("link", name="PDF").click()
    page.wait_for_selector("text=下载", timeout=120_000)
    with page.expect_download() as paper:
        page.get_by_role("link", name="下载").click()
    with open(paper.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
    context.close()
