"""The log only grows, and its reading can be made anew from it."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from courses.fieldlog.models import FieldEvent
from courses.fieldlog.services.project import digest, rebuild
from courses.models import Attendance
from courses.services.attendance import MarkEntry, record_attendance, record_sessions
from lms.plugin.testing import inside
from tenants.append_only import FrozenRow
from tenants.staff.models import User
from tests.story import a_class

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), inside("north"):
        return a_class(people=3).sessions.first()


@pytest.fixture
def session(made, north):
    return deepcopy(made)


@pytest.fixture
def trainer(north):
    return User.objects.get(username="trainer")


def people(session):
    return [e.pk for e in session.training_class.enrolments.order_by("id")]


def read(session):
    return list(
        Attendance.objects.filter(session=session)
        .order_by("enrolment_id")
        .values_list("enrolment_id", "mark", "minutes", "basis")
    )


def test_the_same_event_sent_twice_is_one_event(session, trainer):
    entry = MarkEntry(people(session)[0], "present", 180)
    assert len(record_attendance(session, [entry], trainer)) == 1
    assert record_attendance(session, [entry], trainer) == []
    assert FieldEvent.objects.count() == 1


def test_a_changed_mark_under_a_resent_name_is_a_correction_and_never_lost(session, trainer):
    first = MarkEntry(people(session)[0], "present", 180)
    record_attendance(session, [first], trainer)
    changed = replace(first, mark="absent", minutes=0)
    with pytest.raises(ValidationError, match="reason"):
        record_attendance(session, [changed], trainer)
    record_attendance(session, [replace(changed, reason="记错")], trainer)
    assert FieldEvent.objects.count() == 2
    assert read(session)[0][1] == "absent"


def test_several_sessions_are_recorded_together_or_none_of_them(session, trainer):
    later = session.training_class.sessions.last()
    one, two, _ = people(session)
    right = [MarkEntry(one, "present", 180), MarkEntry(two, "late", 100)]
    wrong = [MarkEntry(one, "late", 180), MarkEntry(0, "present", 180)]
    with pytest.raises(ValidationError) as refused:
        record_sessions([(session, right), (later, wrong)], trainer)
    assert len(refused.value.messages) == 2
    assert FieldEvent.objects.count() == 0
    events = record_sessions([(later, right), (session, right)], trainer)
    assert len(events) == 4
    assert [row[:3] for row in read(session)] == [(one, "present", 180), (two, "late", 100)]
    assert [row[:3] for row in read(later)] == [row[:3] for row in read(session)]
    before = digest()
    assert rebuild() == before
    assert record_sessions([(session, right), (later, right)], trainer) == []


def test_a_session_that_is_still_to_come_has_nothing_to_record(session, trainer):
    type(session).objects.filter(pk=session.pk).update(held_on=timezone.localdate() + DAY)
    with pytest.raises(ValidationError, match="还没有上"):
        record_attendance(session, [MarkEntry(people(session)[0], "present", 180)], trainer)


def test_a_correction_is_a_new_event_beside_the_old_one_and_says_why(session, trainer):
    one = people(session)[0]
    record_attendance(session, [MarkEntry(one, "absent", 0)], trainer)
    with pytest.raises(ValidationError, match="reason"):
        record_attendance(session, [MarkEntry(one, "late", 100)], trainer)
    [second] = record_attendance(session, [MarkEntry(one, "late", 100, "记错")], trainer)
    assert '"reason":"记错"' in second.body
    assert read(session) == [(one, "late", 100, [bytes(second.hash).hex()])]


def test_the_reading_can_be_made_anew_from_the_events_alone(session, trainer):
    one, two, three = people(session)
    record_attendance(session, [MarkEntry(one, "absent", 0), MarkEntry(two, "late", 90)], trainer)
    record_attendance(session, [MarkEntry(one, "present", 180, "记错")], trainer)
    record_attendance(session, [MarkEntry(three, "excused", 0)], trainer)
    before = read(session)
    proof = digest()
    Attendance.objects.filter(session=session, mark="late").update(minutes=1)
    assert digest() != proof
    assert rebuild() == proof
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
    assert not FieldEvent.objects.exists()


def test_an_event_is_never_changed_or_deleted(session, trainer):
    [event] = record_attendance(session, [MarkEntry(people(session)[0], "absent", 0)], trainer)
    for change in (
        event.save,
        event.delete,
        FieldEvent.objects.all().delete,
        lambda: FieldEvent.objects.update(body=""),
    ):
        with pytest.raises(FrozenRow):
            change()


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET body = ''", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_itself_refuses_to_change_the_log(session, trainer, statement):
    record_attendance(session, [MarkEntry(people(session)[0], "absent", 0)], trainer)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for no pending check
        cursor.execute(statement.format(FieldEvent._meta.db_table))
    assert FieldEvent.objects.count() == 1
