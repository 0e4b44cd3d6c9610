"""What arrives for one session may be a question about another: the other learns of it at once."""

from datetime import timedelta

import pytest

from courses.fieldlog.models import FieldEvent, SessionLog
from courses.fieldlog.services.desk import append
from courses.fieldlog.services.project import digest, read_pending, rebuild
from courses.fieldlog.services.project.claims import planned_span
from courses.models import VillageSession
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.story import a_class

PHOTO = "ab" * 32


@pytest.fixture
def sessions(line):
    """The first session of each of two classes, on the same morning."""
    with inside("north"):
        return [a_class(code, people=2).sessions.first() for code in ("T-01", "T-02")]


def asked(session):
    with inside("north"):
        return {code for code, _ in SessionLog.objects.get(session=session).flags}


def arrive(line, phone):
    line.send(phone)
    with inside("north"):
        read_pending()
        assert digest() == rebuild()


def person(session):
    with inside("north"):
        return session.training_class.enrolments.order_by("pk").first().pk


def test_a_mark_that_says_nothing_puts_no_trainer_anywhere(line, phone, sessions):
    one, other = sessions
    phone.mark(one.pk, person(one))
    arrive(line, phone)
    phone.mark(other.pk, person(other), minutes=1)  # of a present person: no such mark
    arrive(line, phone)
    assert "trainer_two_places" not in asked(one)


def test_a_trainer_in_two_classes_is_asked_about_in_both_whichever_arrives_first(
    line, phone, sessions
):
    one, other = sessions
    second = line.enrol()
    phone.mark(one.pk, person(one))
    arrive(line, phone)
    second.mark(other.pk, person(other))
    arrive(line, second)
    assert "trainer_two_places" in asked(one) & asked(other)


def test_a_session_held_on_another_day_than_planned_meets_those_of_that_day(line, phone, sessions):
    one, other = sessions
    with inside("north"):
        planned = VillageSession.objects.filter(pk=other.pk)
        planned.update(held_on=other.held_on + timedelta(days=5))
        start = planned_span(one)[0]
    phone.mark(one.pk, person(one))  # neither opened nor closed: it is where it was planned
    arrive(line, phone)
    second = line.enrol()
    second.now = start
    second.opens(other.pk)
    second.mark(other.pk, person(other))
    second.now = start + timedelta(hours=3)
    second.closes(other.pk, 1)
    arrive(line, second)
    assert "trainer_two_places" in asked(one) & asked(other)


def test_a_file_that_only_the_text_names_and_never_comes_is_no_photo(line, phone, sessions):
    one, other = sessions
    phone.opens(one.pk, photo=PHOTO)
    arrive(line, phone)
    phone.say("photo", [], session=other.pk, image=PHOTO, note="")
    arrive(line, phone)
    assert "photo_repeated" not in asked(one) | asked(other)
    assert "no_photo" in asked(other)


def test_a_photo_on_paper_is_asked_about_where_a_phone_had_it_before(line, phone, sessions):
    one, other = sessions
    phone.opens(one.pk, photo=PHOTO)
    arrive(line, phone)
    with inside("north"):
        payload = {"kind": "paper_sheet", "session": other.pk, "sheet": "S1", "photo": PHOTO}
        payload |= {"totals": {}, "taught_by": ""}
        clerk = User.objects.get(username="clerk")
        append(payload, clerk, FieldEvent.Source.PAPER, blobs=(PHOTO,))
        read_pending()
        assert digest() == rebuild()
    assert "photo_repeated" in asked(one) & asked(other)
