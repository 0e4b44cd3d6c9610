"""The front page says what of the field log waits for whoever looks."""

import pytest
from django.utils import timezone

from courses.fieldlog import due
from courses.fieldlog.services import paper
from lms.plugin.testing import inside
from tenants.due import lines
from tenants.staff.models import User
from tests.courses.fieldlog.test_paper import Desk
from tests.story import a_class

PAGES = ("/desk/paper/", "/desk/lag/", "/desk/witness/", "/desk/devices/", "/desk/villages/")


def waits(role):
    with inside("north"):
        user = User.objects.get(username=role)
        return {each.key: each.count for each in lines(due.AT_BASE, user, timezone.localdate())}


def test_an_entered_sheet_waits_for_whoever_may_compare_it_and_for_nobody_else(db, visit):
    desk = Desk(visit)
    assert waits("manager") == {"sessions": 2}
    assert waits("trainer") == {"own_sessions": 2}
    desk.enters()
    assert waits("manager") == {"sessions": 1, "paper_comparing": 1, "reviews": 1}
    assert "paper_comparing" not in waits("clerk"), "who has typed it"
    assert waits("trainer") == {"own_sessions": 1}
    desk.vouches()
    assert "paper_comparing" not in waits("manager")


def test_a_trainer_is_led_to_the_first_session_and_another_class_is_not_theirs(visit, north):
    session = a_class().sessions.first()
    [line] = visit("north", "trainer").get("/desk/").context["due"]
    assert line.address == f"/desk/sessions/{session.pk}/"
    session.training_class.trainer = User.objects.get(username="manager")
    session.training_class.save()
    assert waits("trainer") == {}
    assert waits("manager") == {"own_sessions": 2, "sessions": 2}


def test_a_session_of_today_waits_for_its_trainer_and_is_not_late_yet(north):
    a_class(days_ago=0)
    assert waits("trainer") == {"own_sessions": 1}
    assert waits("manager") == {}


def test_a_half_typed_sheet_waits_for_everybody_who_may_type(north):
    session = a_class().sessions.first()
    clerk = User.objects.get(username="clerk")
    paper.keep_draft(paper.print_sheet(session, clerk), {"mark-1": "present"}, clerk)
    for role in ("clerk", "manager", "trainer"):
        assert waits(role)["paper_typing"] == 1


def test_what_nobody_can_read_is_news_for_two_weeks(visit, line, phone, monkeypatch):
    with inside("north"):
        session = a_class().sessions.first()
    phone.say("dance", session=session.pk)
    line.send(phone, phone.events)
    visit("north", "clerk").get("/desk/unreadable/")
    assert waits("clerk")["unreadable"] == 1
    monkeypatch.setattr(due, "NEWS", -1)  # as if it had come before
    assert "unreadable" not in waits("clerk")


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
