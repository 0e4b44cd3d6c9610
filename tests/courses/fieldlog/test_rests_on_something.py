"""A grade rests on what is here: photos that have arrived, words that somebody has said."""

import hashlib
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from courses.fieldlog.models import SessionLog, Unread
from courses.fieldlog.services.project import digest, read_pending, rebuild
from courses.fieldlog.services.review import decide_mark, review_session
from lms.plugin.testing import inside
from tenants.jobs.models import JobRun
from tenants.staff.models import User
from tests.courses.fieldlog.told import picture
from tests.story import a_class

VILLAGE = {"lat": 42.9, "lon": 129.5, "accuracy": 20.0}


@pytest.fixture
def session(line):
    """Begun four hours ago: nothing is late, nothing is stale."""
    with inside("north"):
        found = a_class(people=3)
        planned = timezone.localtime() - timedelta(hours=4)
        found.starts_on = planned.date() - timedelta(days=1)
        found.ends_on = planned.date() + timedelta(days=1)
        found.save(update_fields=["starts_on", "ends_on"])
        session = found.sessions.order_by("number").first()
        session.held_on, session.starts_at = planned.date(), planned.time()
        session.save(update_fields=["held_on", "starts_at"])
        return session


@pytest.fixture
def people(session):
    with inside("north"):
        return list(session.training_class.enrolments.order_by("id").values_list("pk", flat=True))


def holds(phone, session, people, mark="present", photo=None):
    planned = timezone.make_aware(datetime.combine(session.held_on, session.starts_at))
    phone.now = planned + timedelta(minutes=1)
    phone.opens(session.pk, photo=photo, position=VILLAGE)
    for n, person in enumerate(people):
        phone.now += timedelta(seconds=3 + n)
        phone.mark(session.pk, person, mark, 180 if mark == "present" else 0)
    phone.now += timedelta(minutes=178)
    phone.closes(session.pk, len(people) if mark == "present" else 0)


def arrive(line, phone):
    line.send(phone)
    with inside("north"):
        read_pending()
        assert digest() == rebuild()


def put(line, content):
    answer = line.ask("PUT", f"blobs/{hashlib.sha256(content).hexdigest()}", content)
    assert answer.status_code == 200, answer.content


def standing(session):
    with inside("north"):
        log = SessionLog.objects.get(session=session)
        return log.grade, sorted(code for code, _ in log.flags if code != "outside_designation")


def test_a_photo_counts_when_it_is_here_and_not_when_it_is_named(line, phone, session, people):
    content = picture(1)
    holds(phone, session, people, photo=hashlib.sha256(content).hexdigest())
    arrive(line, phone)
    _, asked = standing(session)
    assert "photo_missing" in asked and "no_photo" not in asked
    with inside("north"):
        before = SessionLog.objects.get().grade
        assert before != "A"
        JobRun.objects.update(state=JobRun.State.DONE)
    put(line, content)
    with inside("north"):
        assert JobRun.objects.filter(state=JobRun.State.WAITING).exists()
        assert read_pending() == 0, "no event is new"
        assert not Unread.objects.exists()
    assert standing(session) == ("A", [])
    put(line, content)
    with inside("north"):
        assert not Unread.objects.exists(), "the same file again changes nothing"
        assert digest() == rebuild()


def test_a_file_that_is_no_picture_is_none(line, phone, session, people):
    content = b"this is a text and no photo"
    holds(phone, session, people, photo=hashlib.sha256(content).hexdigest())
    arrive(line, phone)
    put(line, content)
    with inside("north"):
        read_pending()
    assert standing(session) == ("C", ["no_picture"])


def test_a_photo_that_comes_before_its_event_is_read_counts_at_once(line, phone, session, people):
    content = picture(2)
    holds(phone, session, people, photo=hashlib.sha256(content).hexdigest())
    line.send(phone)
    put(line, content)
    with inside("north"):
        assert read_pending() == len(phone.events)
    assert standing(session) == ("A", [])


def test_marks_that_a_supervisor_decided_rest_on_the_desk(line, phone, session, people):
    content = picture(3)
    holds(phone, session, people, "absent", hashlib.sha256(content).hexdigest())
    arrive(line, phone)
    put(line, content)
    with inside("north"):
        manager = User.objects.get(username="manager")
        for person in people:
            decide_mark(session, person, "present", 180, "照片中有此人", manager)
        log = SessionLog.objects.get()
        assert log.grade == "C" and "source_desk" in log.reasons
        assert digest() == rebuild()


@pytest.mark.parametrize("kind", ["photo", "note", "roll_call", "signature"])
def test_what_a_supervisor_has_not_seen_asks_for_a_new_look(line, phone, session, people, kind):
    name = hashlib.sha256(picture(4)).hexdigest()
    members, blobs = {
        "photo": ({"image": name, "note": ""}, [name]),
        "note": ({"text": "其实是另一天上的"}, []),
        "roll_call": (
            {"asked_at": "2026-11-25T01:02:03Z", "asked": [{"enrolment": people[0]}], "here": []}, []
        ),
        "signature": ({"person": {"enrolment": people[0]}, "image": name}, [name]),
    }[kind]  # fmt: skip
    holds(phone, session, people)
    arrive(line, phone)
    with inside("north"):
        review_session(session, "accepted", User.objects.get(username="manager"), "看过")
        assert SessionLog.objects.get().review == "accepted"
    phone.say(kind, blobs, session=session.pk, **members)
    arrive(line, phone)
    with inside("north"):
        assert SessionLog.objects.get().review == "changed"
