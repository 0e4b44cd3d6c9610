"""The portal's list of open classes, a village's page, its notice and its text, from shared tables alone."""

import io
from datetime import timedelta

import pymupdf
import pytest
import zxingcpp
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import load_workbook
from PIL import Image

from courses.applying.services.terms import set_terms
from courses.fieldlog.models import VillagePlace
from courses.roster.places import plain_village
from lms.portal import notice
from lms.portal.openings import _of_village, months, takes_people
from tenants.designations.models import TrainingBase
from tenants.jobs.models import JobRun
from tenants.jobs.services import perform
from tenants.models import OffSeason, Tenant
from tenants.staff.models import User
from tests.cast import base
from tests.courses.applying_story import an_open_class, village

TERMS = {"lodging": "free", "meals": "free", "bring": "身份证", "cost": "培训免费"}


@pytest.fixture
def classes(db):
    """Two at north, the second with lodging and in the off-season, one at south."""
    cache.clear()
    with tenant_context(base("north")):
        an_open_class("N-01", days=10)
        other = an_open_class("N-02", days=60, where=village(40), long=6)
        set_terms(other, TERMS, User.objects.get(username="clerk"))
        day = other.starts_on
        OffSeason.objects.create(
            tenant=base("north"), name="冬闲", starts=f"{day:%m-%d}", ends=f"{day:%m-%d}"
        )
    with tenant_context(base("south")):
        an_open_class("S-01", days=5, where=village(0, "222406"))
    return other


def shown(browser, **asked):
    page = browser.get("/classes/", asked).content.decode()
    return [code for code in ("S-01", "N-01", "N-02") if f"/join/class/{code}/" in page]


def order(browser, **asked):
    page = browser.get("/classes/", asked).content.decode()
    return sorted(("S-01", "N-01", "N-02"), key=lambda code: page.index(f"/join/class/{code}/"))


def test_classes_of_all_bases_are_listed_and_filtered(visit, classes):
    browser = visit("centre")
    assert order(browser) == ["S-01", "N-01", "N-02"], "those that begin first"
    assert shown(browser, lodging="yes") == ["N-02"]
    assert shown(browser, lodging="no") == ["S-01", "N-01"]
    assert shown(browser, township=village(0, "222406").parent.code) == ["S-01"]
    assert shown(browser, month="off") == ["N-02"]
    assert shown(browser, month=f"{classes.ends_on:%Y-%m}", lodging="yes") == ["N-02"]
    assert shown(browser, trade="no-such") == []
    book = load_workbook(io.BytesIO(browser.get("/classes/?format=xlsx").content))
    assert book.active.max_row == 4


def test_the_nearest_come_first_by_name_code_and_taps(visit, classes):
    browser, there = visit("centre"), village(40)
    assert order(browser, near=there.code)[0] == "N-02"
    assert order(browser, near=f"{there.parent.name} {there.name}")[0] == "N-02"
    assert order(browser, near=village(0, "222406").code) == ["S-01", "N-01", "N-02"]
    page = browser.get("/classes/?at=0").content.decode()
    assert "at=222403" in page
    page = browser.get(f"/classes/?at={there.code[:9]}").content.decode()
    assert f"near={there.code}" in page
    assert "没有找到这个村" in browser.get("/classes/?near=没有的村").content.decode()
    with tenant_context(base("north")):
        for place, lat in ((village(), 43.0), (there, 43.5)):
            VillagePlace.objects.create(village=place, lat=lat, lon=128.0, said_by="x")
    page = browser.get("/classes/", {"near": village().code}).content.decode()
    assert "约 56 公里" in page and "本村" in page


def test_a_base_that_may_not_teach_and_a_class_that_has_begun_are_not_shown(visit, classes):
    browser = visit("centre")
    TrainingBase.objects.filter(tenant=base("south")).update(state="suspended")
    assert shown(browser) == ["N-01", "N-02"]
    Tenant.objects.filter(slug="north").update(closed_on=timezone.localdate())
    assert shown(browser) == []
    later = timezone.localdate() + timedelta(days=30)
    assert not takes_people(base("centre"), later + timedelta(days=90)).exists()


def test_months_say_which_lie_in_the_off_season(classes):
    found = months(
        takes_people(base("centre"), timezone.localdate()), timezone.localdate(), base("centre")
    )
    assert [m.off for m in found if m.key == f"{classes.starts_on:%Y-%m}"] == [True]
    assert not all(m.off for m in found)


def test_no_schema_of_a_base_is_read_and_the_number_of_statements_stays(visit, classes):
    browser = visit("centre")
    browser.get("/classes/")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"/classes/?near={village().code}")
    with tenant_context(base("north")):
        for number in range(8):
            an_open_class(f"M-{number}", days=12 + number, where=village(number))
    with CaptureQueriesContext(connection) as more:
        browser.get(f"/classes/?near={village().code}")
    assert len(more) <= len(few) + 1
    said = " ".join(query["sql"] for query in more)
    assert "north" not in said and "trainingclass" not in said


def test_a_village_has_a_page_with_a_text_to_read_aloud(visit, classes):
    there = village(40)
    page = visit("centre").get(f"/classes/village/{there.code}/").content.decode()
    text = page[page.index("<textarea") : page.index("</textarea>")]
    assert plain_village(there.name) in text and "吃住都不要钱" in text and "再说一遍" in text
    assert visit("centre").get("/classes/village/222403/").status_code == 404
    assert visit("north").get(f"/classes/village/{there.code}/").status_code == 404


def test_a_notice_is_drawn_once_by_the_worker_and_says_what_the_portal_says(visit, classes):
    browser, address = visit("centre"), f"/classes/village/{village(40).code}/notice.pdf"
    for _ in range(2):
        answer = browser.get(address)
        assert answer.status_code == 202 and answer["Refresh"] == "3"
    with tenant_context(base("centre")):
        run = JobRun.objects.get(kind=notice.NOTICE)
        perform(run)
        content = notice.content_of(*_of_village(village(40).code), timezone.localdate())
    answer = browser.get(address)
    paper = b"".join(answer.streaming_content)
    assert paper.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    assert content["classes"][0]["join"].endswith("/join/class/N-02/")
    assert len(content["classes"]) == 3

    png = pymupdf.open(stream=paper)[0].get_pixmap(dpi=150).tobytes("png")
    found = {code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))}
    assert found == {one["join"] for one in content["classes"]}, "the codes lead to the forms"


def test_notices_are_not_drawn_without_end(visit, classes):
    browser = visit("centre")
    codes = [village(n).code for n in range(21)]
    answers = [browser.get(f"/classes/village/{code}/notice.pdf").status_code for code in codes]
    assert answers == [202] * 20 + [429]


@pytest.mark.parametrize(
    "text", ["😀", "\u202e", "' OR 1=1 --", "<script>", "x" * 10_000, "²", "99999999999999999999"]
)
@pytest.mark.parametrize("field", ["near", "at", "trade", "township", "month", "lodging", "page"])
def test_an_odd_question_is_answered(visit, field, text):
    answer = visit("centre").get("/classes/", {field: text})
    assert answer.status_code == 200 and b"<script>" not in answer.content
