import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_tenants.utils import tenant_context

from certificates.models import Certificate
from certificates.services.issue import issue_class
from tests.cast import PASSWORD, base, code_now
from tests.story import a_class, finished

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser


def sign_in(page, site, role, slug="north", after="/desk/"):
    page.goto(site(slug, f"/login/?next={after}"))
    page.fill("#id_username", role)
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/login/" not in url)
    if "/second-factor/" in page.url:
        page.fill("#id_code", code_now())
        page.click("main button")
        page.wait_for_url(lambda url: "/second-factor/" not in url)


def fits(page):
    """Nothing of the page lies beside a phone's screen."""
    return page.locator("main").bounding_box()["width"] <= 390


def test_a_trainer_marks_a_session_on_a_phone_without_scripts(committed, site, phone):
    with tenant_context(base("north")):
        training_class = a_class(people=5)
        session = training_class.sessions.first()
    sign_in(phone, site, "trainer")
    phone.goto(site("north", f"/desk/sessions/{session.pk}/"))
    assert fits(phone)
    phone.get_by_label("缺勤").nth(1).check()
    phone.get_by_role("button", name="其余全部到课并保存").click()
    assert "已保存 5 条考勤" in phone.content()
    assert (
        phone.locator("legend .badge").all_inner_texts()
        == ["到课 180", "缺勤 0"] + ["到课 180"] * 3
    )


def test_a_clerk_issues_a_class_and_an_employer_scans_it(committed, site, desktop, phone):
    with tenant_context(base("north")):
        finished(people=3)
    sign_in(desktop, site, "clerk")
    desktop.goto(site("north", "/desk/classes/T-01/certificates/"))
    desktop.get_by_role("button", name="向 3 人签发证书").click()
    desktop.wait_for_selector("text=已完成", timeout=60_000)
    with tenant_context(base("north")):
        certificate = Certificate.objects.order_by("serial").first()
    phone.goto(site("centre", f"/c/{certificate.code}#{certificate.token}"))
    page = phone.inner_text("main")
    assert "有效" in page
    assert "Valid" in page
    for claim in certificate.claims.values():
        assert claim in page
    assert fits(phone)


@pytest.fixture
def pages(committed, site):
    with tenant_context(base("north")):
        training_class = finished(people=3, scores={2: ("1", "1")})
        issue_class(training_class, None)
        certificate = Certificate.objects.first()
        session = training_class.sessions.first()
    public = [
        site("centre"),
        site("centre", "/courses/"),
        site("centre", "/bases/"),
        site("centre", "/check/"),
        site("centre", "/apply/"),
        site("centre", f"/c/{certificate.code}"),
        site("centre", "/c/NOSUCHCODE"),
        site("centre", f"/check/?q={certificate.number}"),
        site("north"),
        site("north", "/sewing/"),
        site("north", "/login/"),
    ]
    own = ["/staff/", "/staff/invite/", "/account/second-factor/", "/account/sessions/"]
    desk = ["", "classes/", "classes/open/", "classes/T-01/", "classes/T-01/roster/"]
    desk += ["classes/T-01/scores/", "classes/T-01/certificates/", f"sessions/{session.pk}/"]
    desk += [f"certificates/{certificate.number}/", "funnel/certified/"]
    return public, [site("north", f"/desk/{path}") for path in desk] + [
        site("north", path) for path in own
    ]


def test_every_page_passes_axe_in_both_languages_and_fits_a_phone(site, pages, chromium):
    public, desk = pages
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, site, "manager")
    faults = []
    for address in [*public, *desk]:
        page.goto(address)
        found = Axe().run(page)
        faults += [(address, v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            faults.append((address, "wider than a phone", ""))
    assert faults == []


def test_an_english_page_has_english_words(site, pages, desktop):
    sign_in(desktop, site, "manager")
    desktop.get_by_role("button", name="English").click()
    desktop.wait_for_selector("text=Sign out")
    for address in pages[1]:
        desktop.goto(address)
        assert desktop.get_attribute("html", "lang") == "en"
        assert "Desk" in desktop.inner_text("nav")
