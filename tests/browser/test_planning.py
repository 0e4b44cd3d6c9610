"""Between a base and its centre in real browsers, and a session that is dragged, or moved by keys."""

import os
from datetime import time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_tenants.utils import tenant_context

from courses.models import TrainingClass, VillageSession
from tests.browser.test_main_job import fits, sign_in
from tests.cast import base
from tests.courses.planning.scene import demanded, facts, opened, sent, villages
from tests.story import ids, workbook

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser
SLOW = 120_000  # milliseconds: a busy machine is no fault of a page


@pytest.fixture
def person(chromium, site):
    """`person("north", "clerk")` is a signed-in page of a browser of their own."""
    contexts = []

    def signed_in(slug, role, **more):
        context = chromium.new_context(
            locale="zh-CN", **{"viewport": {"width": 1280, "height": 900}} | more
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SLOW)
        sign_in(page, site, role, slug, after="/account/sessions/")
        return page

    yield signed_in
    for context in contexts:
        context.close()


def test_a_class_is_asked_for_approved_and_opened_without_scripts(committed, site, person):
    with tenant_context(base("north")):
        demanded()
        said, village = facts(), villages()[0]
    old_phone = {"viewport": {"width": 390, "height": 800}, "java_script_enabled": False}
    clerk = person("north", "clerk", **old_phone)
    clerk.goto(site("north", "/desk/requests/"))
    assert fits(clerk)
    clerk.get_by_role("link", name="填写开班申请").click()
    clerk.select_option("[name=project]", label="缝纫裁剪初级班")
    clerk.select_option("[name=trainer]", index=1)
    for name, text in (
        ("code", "N-01"), ("starts_on", str(said.starts_on)), ("ends_on", str(said.ends_on)),
        ("village", village.code), ("place", "村部"), ("resources", "缝纫机 10 台"),
        ("assessment", "最后一天，王考评"),
    ):  # fmt: skip
        clerk.fill(f"[name={name}]", text)
    clerk.get_by_role("button", name="按项目课时自动排课").click()
    assert fits(clerk)
    roster = workbook([(f"学员{n}", number) for n, number in enumerate(ids(5), 1)])
    clerk.set_input_files(
        "[name=roster]", {"name": "r.xlsx", "mimeType": "application/zip", "buffer": roster}
    )
    clerk.get_by_role("button", name="保存").click()
    assert "5 人合格" in clerk.inner_text("main")
    clerk.get_by_role("button", name="交管理员送审").click()
    page = clerk.url

    manager = person("north", "manager")
    manager.goto(page)
    manager.get_by_role("button", name="送服务中心").click()
    assert "待审批" in manager.inner_text("h1")

    officer = person("centre", "officer")
    officer.goto(site("centre", "/desk/requests/"))
    officer.get_by_role("link", name="K20").click()
    officer.get_by_role("button", name="退回修改").click()
    assert "写明理由" in officer.inner_text("main")
    officer.fill("[name=document]", "批〔2026〕1号")
    officer.get_by_role("button", name="批准", exact=True).click()
    assert "已批准" in officer.inner_text("h1")

    clerk.goto(page)
    assert fits(clerk)
    clerk.get_by_role("button", name="按批准的申请开班").click()
    assert "/desk/classes/N-01/" in clerk.url
    with tenant_context(base("north")):
        assert TrainingClass.objects.get().approval.document == "批〔2026〕1号"


def held(number):
    with tenant_context(base("north")):
        found = VillageSession.objects.get(training_class__code="N-01", number=number)
        return found.held_on, found.starts_at


def test_a_session_is_dragged_to_another_day_and_moved_by_keys(committed, site, person):
    with tenant_context(base("north")):
        opened()
        said = facts()
    target = said.starts_on + timedelta(days=2)
    clerk = person("north", "clerk")
    calendar = site("north", f"/desk/calendar/?month={said.starts_on:%Y-%m}")
    clerk.goto(calendar)
    if target.month == said.starts_on.month:
        entry = clerk.locator(f"td[data-day='{said.starts_on}'] .entry").first
        entry.drag_to(clerk.locator(f"td[data-day='{target}']"))
        clerk.wait_for_selector("text=课次已调整")
        assert held(1) == (target, time(8, 30))
    day = held(2)[0]
    clerk.goto(site("north", f"/desk/calendar/?month={day:%Y-%m}"))
    link = clerk.locator(f"td[data-day='{day}'] a.move").first
    link.focus()
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/desk/calendar/sessions/**")
    clerk.fill("[name=at]", "14:00")
    clerk.locator("[name=at]").press("Enter")
    clerk.wait_for_selector("text=课次已调整")
    assert held(2) == (day, time(14))


def test_every_page_of_requests_and_of_the_calendar_passes_axe_and_fits_a_phone(
    committed, site, person
):
    with tenant_context(base("north")):
        demanded()
        opened()
        _found, request = sent(code="N-02")
        month = f"{facts().starts_on:%Y-%m}"
        session = VillageSession.objects.first().pk
    narrow = {"viewport": {"width": 390, "height": 800}}
    faults = []
    for slug, role, paths in (
        ("north", "manager", (
            "requests/", "requests/new/", "requests/1/", "requests/2/", "classes/N-01/change/",
            f"calendar/?month={month}", f"calendar/?month={month}&view=list", "calendar/links/",
            f"calendar/print/?month={month}", f"calendar/sessions/{session}/",
        )),
        ("centre", "officer", (
            "requests/?state=all", f"requests/{request.number}/", f"calendar/?month={month}",
            "holidays/2026/",
        )),
    ):  # fmt: skip
        page = person(slug, role, **narrow)
        for path in paths:
            page.goto(site(slug, f"/desk/{path}"))
            found = Axe().run(page).response["violations"]
            faults += [(path, v["id"], v["nodes"][0]["html"]) for v in found]
            if page.evaluate("document.documentElement.scrollWidth") > 390:
                faults.append((path, "wider than a phone", ""))
    assert faults == []
