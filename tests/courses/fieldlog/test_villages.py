"""Where a village lies is said at the desk, and its sessions are compared with it at once."""

import io
import re

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from courses.fieldlog.models import SessionLog, VillagePlace
from courses.fieldlog.rules.places import Spot, read_place
from courses.fieldlog.services.project import digest, read_pending, rebuild
from lms.plugin.testing import inside
from tests.story import a_class

PAGE = "/desk/villages/"


@pytest.mark.parametrize(
    "text",
    [
        "42.9012, 129.5034",
        "129.5034,42.9012",
        " 42.9012，129.5034 ",
        "42.9012°, 129.5034°",
        "129.5034 42.9012",
        "42.9012、129.5034",
    ],
)
def test_two_degrees_are_understood_in_either_order(text):
    assert read_place(text) == Spot(42.9012, 129.5034)


@pytest.mark.parametrize(
    "text",
    ["", "42.9", "42.9, 43.1", "129.5, 130.1", "0, 0", "-42.9, 129.5", "42.9, 229.5", "1,2,3", "村部"]
    + ["nan, inf", "4" * 90 + ", 129.5", "42.9N 129.5E", "42°54′ 129°30′"],
)  # fmt: skip
def test_what_is_no_place_in_china_is_none(text):
    assert read_place(text) is None


@pytest.fixture
def session(line):
    with inside("north"):
        return a_class(people=2).sessions.first()


@pytest.fixture
def code(session):
    with inside("north"):
        return session.training_class.village.code


def says(browser, code, text):
    return browser.post(f"{PAGE}{code}/", {"place": text}, follow=True).content.decode()


def flags_of(session):
    with inside("north"):
        read_pending()
        return [flag for flag, _ in SessionLog.objects.get(session=session).flags]


def test_a_village_that_is_far_from_the_phone_is_asked_about_as_soon_as_its_place_is_said(
    visit, line, phone, session, code
):
    phone.opens(session.pk, position={"lat": 42.9, "lon": 129.5, "accuracy": 40})
    line.send(phone)
    manager, clerk = visit("north", "manager"), visit("north", "clerk")
    assert "far_from_village" not in flags_of(session)
    page = manager.get(f"/desk/sessions/{session.pk}/review/").content.decode()
    assert f'href="{PAGE}#v{code}"' in page, "the map says what is missing, and where to mend it"
    assert "没有登记" in clerk.get(PAGE).content.decode()
    assert "已登记" in says(clerk, code, "129.5, 43.4")
    assert "far_from_village" in flags_of(session)
    page = manager.get(f"/desk/sessions/{session.pk}/review/").content.decode()
    assert "距村" in page and f"{PAGE}#v{code}" not in page
    with inside("north"):
        before = digest()
        assert rebuild() == before, "as a rebuild would have it"
    says(clerk, code, "42.90001, 129.50002")
    assert "far_from_village" not in flags_of(session)


def test_the_form_offers_the_most_accurate_position_of_a_phone(visit, line, phone, session, code):
    phone.opens(session.pk, position={"lat": 42.9, "lon": 129.5, "accuracy": 900})
    phone.say(
        "position", session=session.pk, position={"lat": 42.91, "lon": 129.51, "accuracy": 30}
    )
    line.send(phone)
    clerk = visit("north", "clerk")
    flags_of(session)
    page = clerk.get(PAGE).content.decode()
    [offered] = re.findall(r'name="place"[^>]* value="([^"]*)"', page)
    assert offered == "42.91000, 129.51000"
    assert "没有登记</td>" not in says(clerk, code, offered)
    with inside("north"):
        place = VillagePlace.objects.get()
        assert (place.lat, place.lon) == (42.91, 129.51)
        assert place.said_by.endswith(f" {timezone.localdate()}")
    book = load_workbook(io.BytesIO(clerk.get(f"{PAGE}?format=xlsx").content))
    assert [cell.value for cell in book.active[2]][4] == "42.91000, 129.51000"


def test_what_is_no_place_comes_back_with_what_to_do_and_changes_nothing(visit, session, code):
    clerk = visit("north", "clerk")
    page = says(clerk, code, "村部旁边<b>")
    assert "经纬度，如 42.9012" in page and "村部旁边&lt;b&gt;" in page
    with inside("north"):
        assert not VillagePlace.objects.exists()
    clerk.post("/i18n/setlang/", {"language": "en"})
    assert "within China" in says(clerk, code, "x")


def test_a_village_without_a_class_of_this_base_is_none_of_its_business(visit, session, code):
    other = visit("south", "clerk")
    assert "本基地没有在这个村的班" in says(other, code, "42.9, 129.5")
    assert code not in other.get(PAGE).content.decode()
    with inside("south"):
        assert not VillagePlace.objects.exists()
    assert visit("north", "clerk").post(f"{PAGE}999/", {"place": "42.9, 129.5"}).status_code == 404


def test_a_base_does_not_see_what_another_says_of_the_same_village(visit, session, code):
    with inside("south"):
        a_class(people=1)
    says(visit("north", "clerk"), code, "42.9, 129.5")
    assert "42.90000" not in visit("south", "clerk").get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("clerk", 200), ("manager", 200), ("trainer", 403), ("examiner", 403)]
)
def test_whoever_manages_phones_says_where_villages_lie(visit, session, code, role, status):
    browser = visit("north", role)
    assert browser.get(PAGE).status_code == status
    expected = 302 if status == 200 else 403
    assert browser.post(f"{PAGE}{code}/", {"place": "42.9, 129.5"}).status_code == expected


def test_the_desk_leads_to_the_places_of_villages(visit, session, code):
    assert f'{PAGE}"' in visit("north", "clerk").get("/desk/").content.decode()
