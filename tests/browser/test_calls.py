"""A liaison calls on a phone of 390 pixels, without scripts: three taps a person."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_tenants.utils import tenant_context

from certificates.models import FollowUp, Outcome
from tests.browser.test_main_job import fits, sign_in
from tests.cast import base
from tests.certificates.duties.scene import certified, due

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser
SLOW = 120_000  # milliseconds: a busy machine is no fault of a page


def narrow(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_liaison_writes_down_an_outcome_in_three_taps_on_a_phone(committed, site, phone):
    with tenant_context(base("north")):
        one, two = certified(people=2)
        due(one), due(two)
        number = one.trainee.phone
    phone.set_default_timeout(SLOW)
    sign_in(phone, site, "liaison")
    phone.get_by_role("link", name="回访", exact=True).click()
    assert fits(phone)
    dial = phone.get_by_role("link", name=f"打电话给 {one.holder_name}")
    assert dial.get_attribute("href") == f"tel:{number}"
    phone.get_by_role("link", name=one.holder_name, exact=True).click()
    assert fits(phone)
    phone.get_by_role("link", name="本人").click()  # 1
    phone.get_by_role("link", name="暂无就业意愿").click()  # 2
    phone.get_by_role("button", name="确认并登记").click()  # 3
    assert f"已登记：{one.holder_name}" in phone.inner_text("main")
    with tenant_context(base("north")):
        outcome = Outcome.objects.get()
        assert (outcome.certificate_id, outcome.kind) == (one.pk, "not_seeking")
        assert FollowUp.objects.get(done_on__isnull=False).certificate_id == one.pk
    phone.get_by_role("link", name=two.holder_name, exact=True).click()
    phone.get_by_role("link", name="没人接").click()
    phone.get_by_role("button", name="确认并登记").click()
    with tenant_context(base("north")):
        assert Outcome.objects.count() == 1
        assert FollowUp.objects.filter(next_call_on__isnull=False).count() == 1


def test_every_page_of_calls_passes_axe_and_fits_a_phone(committed, site, chromium):
    with tenant_context(base("north")):
        one = certified(people=3, days_ago=100)[0]
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(SLOW)
    sign_in(page, site, "clerk")
    person = f"calls/{one.trainee_id}/"
    faults = []
    for path in (
        *("", "calls/", "calls/print/", "calls/script/", person, f"{person}?answer=self"),
        *(f"{person}?answer=self&kind=outward", f"{person}?answer=no_answer"),
        *("gate/", "gate/sewing/", "discrepancies/", "classes/open/"),
    ):
        page.goto(site("north", f"/desk/{path}"))
        found = Axe().run(page).response["violations"]
        faults += [(path, v["id"], v["nodes"][0]["html"]) for v in found]
        if not narrow(page):
            faults.append((path, "wider than a phone", ""))
    assert faults == []
