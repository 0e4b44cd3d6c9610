"""The desk's front page says what of the field log waits for whoever looks."""

import pytest

from courses.fieldlog.services import paper
from courses.fieldlog.services.due import tiles
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.courses.fieldlog.test_paper import Desk
from tests.story import a_class

PAGES = ("/desk/paper/", "/desk/lag/", "/desk/witness/", "/desk/devices/", "/desk/villages/")


def waits(role):
    with inside("north"):
        return {
            title: count for _url, title, count in tiles(User.objects.get(username=role)) if count
        }


def test_an_entered_sheet_waits_for_whoever_may_compare_it_and_for_nobody_else(db, visit):
    desk = Desk(visit)
    place = {"村的位置：没有登记": 1}
    assert waits("manager") == {"滞后：没有记录的课次": 2} | place
    desk.enters()
    assert waits("manager") == {"滞后：没有记录的课次": 1, "纸质名单：等您复核": 1} | place
    assert "纸质名单：等您复核" not in waits("clerk")  # who has typed it
    assert waits("trainer") == {}
    desk.vouches()
    assert "纸质名单：等您复核" not in waits("manager")


def test_a_half_typed_sheet_waits_for_everybody_who_may_type(north):
    session = a_class().sessions.first()
    clerk = User.objects.get(username="clerk")
    paper.keep_draft(paper.print_sheet(session, clerk), {"mark-1": "present"}, clerk)
    for role in ("clerk", "manager", "trainer"):
        assert waits(role)["纸质名单：录了一半"] == 1


@pytest.mark.parametrize(
    ("role", "links"),
    [
        ("clerk", set(PAGES)),
        ("manager", set(PAGES)),
        ("trainer", {"/desk/paper/"}),
        ("examiner", set()),
    ],
)
def test_the_desk_leads_each_role_to_its_own_pages(visit, role, links):
    page = visit("north", role).get("/desk/").content.decode()
    assert {link for link in PAGES if f'href="{link}"' in page} == links
    for link in links:
        assert visit("north", role).get(link).status_code == 200
