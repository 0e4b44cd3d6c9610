"""Cards for the roll-call: each holds what the pack says of its trainee, and only the desk prints them."""

import io
import re

import pymupdf
import pytest
import zxingcpp
from PIL import Image

from courses.fieldlog.services.pack import card_of
from courses.services.photos import set_photo
from lms.plugin.testing import inside
from tests.story import a_class


@pytest.fixture
def cards(visit):
    with inside("north"):
        found = a_class(people=12)
        people = list(found.enrolments.select_related("trainee").order_by("pk"))
        buffer = io.BytesIO()
        Image.new("RGB", (400, 560), "blue").save(buffer, "JPEG")
        set_photo(people[0], buffer.getvalue())
    return found, people


def read(svg):
    with pymupdf.open("svg", svg.encode()) as drawing:
        pixels = drawing[0].get_pixmap(dpi=300)
    picture = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
    return zxingcpp.read_barcode(picture).text


def test_ten_cards_a_page_each_with_the_code_that_the_phone_knows(visit, cards):
    found, people = cards
    page = visit("north", "clerk").get(f"/desk/classes/{found.code}/cards/").content.decode()
    sheets = page.split('<ul class="id-cards">')[1:]
    assert [sheet.count('<li class="id-card') for sheet in sheets] == [10, 2]
    codes = [read(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)[:2]]
    assert codes == [card_of(each.trainee) for each in people[:2]]
    assert page.count("<img") == 1


def test_a_lost_card_is_printed_by_itself(visit, cards):
    found, people = cards
    address = f"/desk/classes/{found.code}/cards/?enrolment={people[3].pk}"
    page = visit("north", "clerk").get(address).content.decode()
    assert page.count('<li class="id-card') == 1
    assert people[3].trainee.name in page


@pytest.mark.parametrize(
    ("role", "status"), [("clerk", 200), ("manager", 200), ("trainer", 403), ("examiner", 403)]
)
def test_a_trainer_does_not_print_cards(visit, cards, role, status):
    found, _people = cards
    assert visit("north", role).get(f"/desk/classes/{found.code}/cards/").status_code == status


def test_the_cards_of_another_base_are_not_found(visit, cards):
    found, _people = cards
    assert visit("south", "clerk").get(f"/desk/classes/{found.code}/cards/").status_code == 404
