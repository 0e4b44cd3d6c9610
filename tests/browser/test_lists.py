"""A list by keyboard alone, without scripts, on a phone and on a desk."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_tenants.utils import tenant_context

from tenants.lists.models import SavedView
from tests.browser.test_main_job import fits, sign_in
from tests.cast import base
from tests.courses.applying_story import an_open_class

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser
SLOW = 120_000  # milliseconds: a busy machine is no fault of a page
LIST = "/desk/classes/"


@pytest.fixture
def three(committed):
    with tenant_context(base("north")):
        return [an_open_class(f"K-0{n}", days=40 - 5 * n) for n in (1, 2, 3)]


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_keys_walk_through_a_list_and_are_never_taken_from_a_field(three, site, desktop):
    page = desktop
    page.set_default_timeout(SLOW)
    sign_in(page, site, "clerk")
    page.goto(site("north", LIST))
    for key, there in (("j", "K-01"), ("j", "K-02"), ("j", "K-03"), ("j", "K-03"), ("k", "K-02")):
        page.keyboard.press(key)
        assert focused(page) == there
    page.keyboard.press("x")
    assert page.inner_text("[data-count]") == "1"
    assert page.locator("input[name=one]:checked").count() == 1
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("jkxoe?/K-03")
    assert page.input_value("#q") == "jkxoe?/K-03"
    assert page.url.endswith(LIST)
    page.fill("#q", "K-03")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=K-03**")
    with page.expect_download() as got:
        page.keyboard.press("e")
    assert got.value.suggested_filename.startswith("classes-")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/K-03/")
    page.go_back()
    page.keyboard.press("?")
    page.uncheck("[data-keys-on]")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    assert focused(page) != "K-03"
    page.reload()
    page.keyboard.press("j")
    assert focused(page) != "K-03", "switched off stays switched off"


def test_an_old_phone_filters_keeps_a_view_and_acts_on_many(three, site, phone):
    page = phone
    page.set_default_timeout(SLOW)
    sign_in(page, site, "clerk")
    page.goto(site("north", f"{LIST}?q=K-0"))
    assert fits(page)
    page.get_by_text("视图", exact=True).click()
    page.fill("#new-view", "三个班")
    page.get_by_role("button", name="保存视图").click()
    assert "已保存" in page.inner_text("main") and fits(page)
    with tenant_context(base("north")):
        assert SavedView.objects.get().query == "q=K-0"
    page.get_by_text("选择列", exact=True).click()
    page.uncheck("input[name=column][value=trainer]")
    page.get_by_role("button", name="显示这些列").click()
    assert "columns=" in page.url
    for box in page.locator("input[name=one]").all()[:2]:
        box.check()
    page.get_by_role("button", name="打印花名册").click()
    assert page.locator("section.sheet").count() == 2


def test_lists_pass_axe_and_fit_a_phone_and_a_desk(three, site, chromium):
    faults = []
    for width in (390, 1280):
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(SLOW)
        sign_in(page, site, "examiner" if width == 390 else "trainer")
        for path in (LIST, f"{LIST}?state=open&sort=-starts&q=K", f"{LIST}?format=print"):
            page.goto(site("north", path))
            for summary in page.locator("details > summary").all():
                summary.click()
            found = Axe().run(page).response["violations"]
            faults += [(width, path, v["id"], v["nodes"][0]["html"]) for v in found]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append((width, path, "wider than the screen", ""))
        context.close()
    assert faults == []
