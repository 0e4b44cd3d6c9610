"""What the desk prints for the field comes out of a real browser as A4 that a camera can read."""

import io

import pymupdf
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from PIL import Image

from courses.fieldlog.services import paper
from courses.fieldlog.services.pack import card_of
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.story import a_class

pytestmark = pytest.mark.browser
MM = 72 / 25.4


@pytest.fixture
def clerk(site, desktop):
    """Signed in by the cookie of a sign-in that was made beside the browser."""
    browser = Client(HTTP_HOST="north.localhost")
    with inside("north"):
        browser.force_login(User.objects.get(username="clerk"))
    value = browser.cookies["sessionid"].value
    desktop.context.add_cookies([{"name": "sessionid", "value": value, "url": site("north")}])
    return desktop


def printed(page, address):
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return pymupdf.open("pdf", io.BytesIO(page.pdf(prefer_css_page_size=True)))


def codes(sheet):
    pixels = sheet.get_pixmap(dpi=300)
    picture = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def test_a_sheet_of_thirty_is_a_page_or_two_of_a4_with_its_code_on_each(site, clerk):
    with inside("north"):
        session = a_class(people=30).sessions.first()
        sheet = paper.print_sheet(session, User.objects.get(username="clerk"))
        last = paper.lines(sheet)[-1].code
    pages = printed(clerk, site("north", f"/desk/paper/{sheet.code}/print/"))
    assert len(pages) == 2
    assert [round(side / MM) for side in pages[0].rect[2:]] == [210, 297]
    assert all(sheet.shown_code in page.get_text() for page in pages)
    assert last in "".join(page.get_text() for page in pages)
    assert {code.rpartition("/paper/")[2] for code in codes(pages[0])} == {f"{sheet.code}/"}


def test_cards_are_ten_a_page_in_the_size_of_a_bank_card_and_can_all_be_scanned(site, clerk):
    with inside("north"):
        found = a_class(people=12)
        wanted = [card_of(each.trainee) for each in found.enrolments.select_related("trainee")]
    pages = printed(clerk, site("north", f"/desk/classes/{found.code}/cards/"))
    assert [len(codes(page)) for page in pages] == [10, 2]
    assert set().union(*(codes(page) for page in pages)) == set(wanted)


def test_a_clerk_without_scripts_types_a_sheet_on_a_phone(site, phone):
    browser = Client(HTTP_HOST="north.localhost")
    with inside("north"):
        browser.force_login(User.objects.get(username="clerk"))
        session = a_class(people=3).sessions.first()
        sheet = paper.print_sheet(session, User.objects.get(username="clerk"))
    value = browser.cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": value, "url": site("north")}])
    phone.goto(site("north", f"/desk/paper/{sheet.code}/"))
    phone.click("main summary")
    phone.fill("#quick", "1 2/150 5")
    phone.click("[name=fill]")
    assert phone.locator("input[type=radio]:checked").count() == 3
    for time in ("first", "second"):
        for key, count in {"present": 1, "late": 1, "early_leave": 0, "excused": 0}.items():
            phone.fill(f"[name={time}-{key}]", str(count))
        phone.fill(f"[name={time}-absent]", "1")
        phone.fill(f"[name={time}-headcount]", "2")
    buffer = io.BytesIO()
    Image.new("RGB", (600, 400)).save(buffer, "PNG")
    file = {"name": "sheet.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    phone.set_input_files("#photo", file)
    phone.click("[name=enter]")
    assert "待复核" in phone.content()
    assert phone.url.endswith(reverse("paper_sheet", "lms.urls.base", [sheet.code]))
