"""The log only grows, and its reading can be made anew from it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.models import Attendance, AttendanceEvent
from courses.services.attendance import MarkEntry, record_attendance, replay
from tenants.append_only import FrozenRow
from tenants.staff.models import User
from tests.story import a_class

DAY = timedelta(days=1)


@pytest.fixture
def session(north):
    return a_class(people=3).sessions.first()


@pytest.fixture
def trainer(north):
    return User.objects.get(username="trainer")


def people(session):
    return [e.pk for e in session.training_class.enrolments.order_by("id")]


def read(session):
    return list(
        Attendance.objects.filter(session=session)
        .order_by("enrolment_id")
        .values_list("enrolment_id", "mark", "minutes", "event_id")
    )


def test_the_same_event_sent_twice_is_one_event(session, trainer):
    entry = MarkEntry(people(session)[0], "present", 180)
    assert len(record_attendance(session, [entry], trainer)) == 1
    assert record_attendance(session, [entry], trainer) == []
    assert AttendanceEvent.objects.count() == 1


def test_a_changed_mark_under_a_resent_name_is_a_correction_and_never_lost(session, trainer):
    first = MarkEntry(people(session)[0], "present", 180)
    record_attendance(session, [first], trainer)
    changed = replace(first, mark="absent", minutes=0)
    with pytest.raises(ValidationError, match="reason"):
        record_attendance(session, [changed], trainer)
    [event] = record_attendance(session, [replace(changed, reason="记错")], trainer)
    assert event.uuid != first.uuid
    assert read(session)[0][1] == "absent"


def test_one_name_on_two_people_is_two_events(session, trainer):
    one, two, _ = people(session)
    same = MarkEntry(one, "present", 180)
    events = record_attendance(session, [same, replace(same, enrolment_id=two)], trainer)
    assert len({event.uuid for event in events}) == 2


def test_a_session_that_is_still_to_come_has_nothing_to_record(session, trainer):
    type(session).objects.filter(pk=session.pk).update(held_on=timezone.localdate() + DAY)
    with pytest.raises(ValidationError, match="还没有上"):
        record_attendance(session, [MarkEntry(people(session)[0], "present", 180)], trainer)


def test_a_correction_is_a_new_event_that_names_the_old_one_and_why(session, trainer):
    one = people(session)[0]
    [first] = record_attendance(session, [MarkEntry(one, "absent", 0)], trainer)
    with pytest.raises(ValidationError, match="reason"):
        record_attendance(session, [MarkEntry(one, "late", 100)], trainer)
    [second] = record_attendance(session, [MarkEntry(one, "late", 100, "记错")], trainer)
    assert (second.corrects, second.reason) == (first, "记错")
    assert read(session) == [(one, "late", 100, second.pk)]


def test_the_reading_can_be_made_anew_from_the_events_alone(session, trainer):
    one, two, three = people(session)
    record_attendance(session, [MarkEntry(one, "absent", 0), MarkEntry(two, "late", 90)], trainer)
    record_attendance(session, [MarkEntry(one, "present", 180, "记错")], trainer)
    record_attendance(session, [MarkEntry(three, "excused", 0)], trainer)
    before = read(session)
    Attendance.objects.filter(session=session).update(minutes=1)
    assert replay(session) == 3
    assert read(session) == before


@pytest.mark.parametrize(
    ("mark", "minutes"),
    [
        ("present", 179),
        ("absent", 1),
        ("excused", 180),
        ("late", 0),
        ("late", 180),
        ("asleep", 0),
    ],
)
def test_impossible_minutes_are_refused_and_nothing_of_the_batch_is_written(
    session, trainer, mark, minutes
):
    good, bad = people(session)[:2]
    with pytest.raises(ValidationError):
        record_attendance(
            session, [MarkEntry(good, "present", 180), MarkEntry(bad, mark, minutes)], trainer
        )
    assert not AttendanceEvent.objects.exists()


def test_an_event_is_never_changed_or_deleted(session, trainer):
    [event] = record_attendance(session, [MarkEntry(people(session)[0], "absent", 0)], trainer)
    event.mark = "present"
    for change in (
        event.save,
        event.delete,
        AttendanceEvent.objects.all().delete,
        lambda: AttendanceEvent.objects.update(minutes=1),
    ):
        with pytest.raises(FrozenRow):
            change()


def test_the_database_itself_refuses_a_second_first_mark(session, trainer):
    one = people(session)[0]
    record_attendance(session, [MarkEntry(one, "absent", 0)], trainer)
    event = AttendanceEvent.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceEvent.objects.create(
            session=session,
            enrolment_id=one,
            mark="present",
            minutes=180,
            recorded_by=trainer,
            recorded_at=event.recorded_at,
        )
