"""A clerk explains a sheet of a township in a real browser, and is not asked again."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_tenants.utils import tenant_context

from courses.intake.models import RememberedColumns
from courses.models import Enrolment
from tests.browser.test_main_job import sign_in
from tests.cast import base
from tests.courses.intake.people import a_new_class
from tests.courses.intake.test_columns import odd

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1280])
def test_a_clerk_says_what_the_columns_are_without_scripts(committed, site, chromium, width):
    with tenant_context(base("north")):
        a_new_class()
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, locale="zh-CN", java_script_enabled=width > 390
    )
    page = context.new_page()
    sign_in(page, site, "clerk")

    def upload(name, content):
        page.goto(site("north", "/desk/classes/N-01/roster/"))
        page.set_input_files("#id_file", {"name": name, "mimeType": "", "buffer": content})
        page.fill("#id_sender", "官地镇")
        page.get_by_role("button", name="上传并核对").click()

    upload("名单.xlsx", odd())
    assert "请指明各列" in page.content()
    if width > 390:
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert page.get_by_label("第 1 行是表头").is_checked()
    assert page.get_by_label("C 列是").input_value() == "resident_id", "known by its look"
    page.get_by_label("C 列是").select_option("")
    page.get_by_label("B 列是").select_option("name")
    page.get_by_role("button", name="按此读取").click()
    assert "哪一列是身份证号码" in page.content()
    assert page.get_by_label("B 列是").input_value() == "name", "what was said stays"
    page.get_by_label("C 列是").select_option("resident_id")
    page.get_by_label("D 列是").select_option("phone")
    page.get_by_role("button", name="按此读取").click()
    page.get_by_role("button", name="确认导入 2 人").click()
    assert "已导入 2 人" in page.content()
    upload("下月.xlsx", odd(3, seed=8))
    assert "按上次的指定" in page.content()
    page.get_by_role("button", name="确认导入 3 人").click()
    with tenant_context(base("north")):
        assert Enrolment.objects.count() == 5
        assert set(Enrolment.objects.values_list("trainee__phone", flat=True)) == {"13800000000"}
        assert RememberedColumns.objects.get().used == 1
    page.goto(site("north", "/desk/imports/columns/"))
    page.get_by_role("button", name="忘记").click()
    upload("再来.xlsx", odd(1, seed=9))
    assert "请指明各列" in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= width if width > 390 else True
    context.close()
