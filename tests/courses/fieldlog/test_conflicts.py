"""When words differ nobody loses his: the hours wait until a supervisor has decided."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.fieldlog.models import FieldEvent, Reading, SessionLog
from courses.fieldlog.services.project import digest, read_pending, rebuild
from courses.fieldlog.services.review import decide_mark, review_session
from courses.models import Attendance, Trainee
from courses.services.attendance import MarkEntry, record_attendance
from courses.services.roster import confirm_import, upload_roster
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.story import a_class, ids, workbook


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), inside("north"):
        return a_class(people=2).sessions.first()


@pytest.fixture
def session(made, line):
    return deepcopy(made)


@pytest.fixture
def people(session):
    with inside("north"):
        return list(session.training_class.enrolments.order_by("id").values_list("pk", flat=True))


def arrive(line, *phones):
    for phone in phones:
        line.send(phone)
    with inside("north"):
        read_pending()
        assert digest() == rebuild()


def standing(session, person):
    row = Attendance.objects.get(session=session, enrolment=person)
    return row.mark, row.minutes, row.why


def get(role):
    return User.objects.get(username=role)


def test_two_phones_that_agree_are_one_mark_with_the_stronger_evidence(
    line, phone, session, people
):
    other = line.enrol()
    phone.mark(session.pk, people[0])
    other.mark(session.pk, people[0], how="card")
    arrive(line, phone, other)
    with inside("north"):
        assert standing(session, people[0]) == ("present", 180, [])
        row = Attendance.objects.get()
        assert len(row.basis) == len(row.claims) == 2


def test_late_by_about_the_same_time_is_agreement_and_the_fewer_minutes_count(
    line, phone, session, people
):
    other = line.enrol()
    phone.mark(session.pk, people[0], "late", 150)
    other.mark(session.pk, people[0], "late", 145)
    phone.mark(session.pk, people[1], "late", 150)
    other.mark(session.pk, people[1], "late", 120)
    arrive(line, phone, other)
    with inside("north"):
        assert standing(session, people[0]) == ("late", 145, [])
        assert standing(session, people[1])[1:] == (0, ["devices_disagree"])


def test_two_phones_that_disagree_give_no_hours_until_it_is_decided(line, phone, session, people):
    other = line.enrol()
    phone.mark(session.pk, people[0])
    other.mark(session.pk, people[0], "absent", 0)
    arrive(line, phone, other)
    with inside("north"):
        assert standing(session, people[0])[1:] == (0, ["devices_disagree"])
        with pytest.raises(ValidationError, match="disputed"):
            review_session(session, "accepted", get("manager"))
        decide_mark(session, people[0], "present", 180, "照片中有此人", get("manager"))
        assert standing(session, people[0]) == ("present", 180, [])
        assert FieldEvent.objects.filter(source="phone").count() == 2
    third = line.enrol()
    third.mark(session.pk, people[0], "absent", 0)
    arrive(line, third)
    with inside("north"):
        assert standing(session, people[0])[1:] == (0, ["said_after_decision"])


def test_the_newest_word_of_one_phone_is_its_word(line, phone, session, people):
    phone.mark(session.pk, people[0], "absent", 0)
    phone.mark(session.pk, people[0], "late", 100, reason="后来到了")
    line.send(phone, phone.events[1:])
    arrive(line, phone)
    with inside("north"):
        assert standing(session, people[0]) == ("late", 100, [])


def test_the_desk_cannot_overrule_a_phone_by_itself(line, phone, session, people):
    phone.mark(session.pk, people[0], "absent", 0)
    arrive(line, phone)
    with inside("north"):
        record_attendance(session, [MarkEntry(people[0], "present", 180)], get("trainer"))
        assert standing(session, people[0])[1:] == (0, ["devices_disagree"])


def test_nobody_is_credited_with_more_than_was_held(line, phone, session, people):
    phone.opens(session.pk)
    phone.mark(session.pk, people[0])
    phone.closes(session.pk, 1, minutes=90)
    arrive(line, phone)
    with inside("north"):
        assert standing(session, people[0]) == ("present", 90, [])


def test_a_trainee_in_two_places_at_once_is_in_neither(line, phone, session, people):
    with inside("north"):
        other = a_class(code="T-02", people=2).sessions.first()
        twice = other.training_class.enrolments.order_by("id").first().pk
    phone.mark(session.pk, people[0])
    arrive(line, phone)
    phone.mark(other.pk, twice)
    arrive(line, phone)
    with inside("north"):
        assert standing(session, people[0])[1:] == (0, ["two_places"])
        assert standing(other, twice)[1:] == (0, ["two_places"])
        decide_mark(other, twice, "absent", 0, "当天在另一班", get("manager"))
        assert standing(session, people[0]) == ("present", 180, [])


@pytest.mark.parametrize("away", ["absent", "excused"])
def test_somebody_who_was_absent_here_may_have_been_there(line, phone, session, people, away):
    with inside("north"):
        other = a_class(code="T-02", people=2).sessions.first()
        same = other.training_class.enrolments.order_by("id").first().pk
    phone.mark(session.pk, people[0], away, 0)
    phone.mark(other.pk, same)
    arrive(line, phone)
    with inside("north"):
        assert standing(session, people[0]) == (away, 0, [])
        assert standing(other, same) == ("present", 180, [])
        flags = SessionLog.objects.values_list("flags", flat=True)
        assert "impossible_presence" not in {code for found in flags for code, _ in found}
        # Whoever decides that they were here has not been shown the clash: it is asked about then.
        decide_mark(session, people[0], "present", 180, "照片中有此人", get("manager"))
        assert standing(session, people[0])[1:] == (0, ["two_places"])
        assert standing(other, same)[1:] == (0, ["two_places"])
        assert digest() == rebuild()


def walks_in(phone, session, number, name="新来的"):
    from uuid import uuid4

    who = str(uuid4())
    phone.say("walk_in", session=session.pk, walk_in=who, name=name, id_number=number)
    phone.say(
        "mark", session=session.pk, person={"walk_in": who}, mark="present", minutes=180, how="tap"
    )
    return who


def test_a_walk_in_counts_once_they_are_on_the_list_and_twice_is_one_person(
    line, phone, session, people
):
    [number] = ids(1, seed=77)
    other = line.enrol()
    walks_in(phone, session, number)
    walks_in(other, session, number.lower(), "新 来 的")
    arrive(line, phone, other)
    with inside("north"):
        assert not Attendance.objects.exists()
        confirm_import(
            upload_roster(session.training_class, "r.xlsx", workbook([("新来的", number)]), None)
        )
        row = Attendance.objects.get()
        assert (row.enrolment.trainee.name, row.minutes) == ("新来的", 180)
        assert len(row.claims) == 2
        assert digest() == rebuild()


def test_a_walk_in_who_was_on_the_list_all_along_is_that_person(line, phone, session, people):
    [number] = ids(1, seed=1)
    walks_in(phone, session, number)
    arrive(line, phone)
    with inside("north"):
        assert standing(session, people[0]) == ("present", 180, [])


def test_no_id_number_of_a_walk_in_stands_in_the_database(line, phone, session):
    [number] = ids(1, seed=77)
    walks_in(phone, session, number)
    arrive(line, phone)
    with inside("north"):
        kept = str(list(FieldEvent.objects.values())) + str(list(Reading.objects.values()))
        assert number not in kept and number[6:14] not in kept
        assert number[-4:] == Reading.objects.get(kind="walk_in").id_last4


def test_a_clock_that_is_wrong_is_flagged_and_bounded_and_nothing_is_refused(
    line, phone, session, people
):
    phone.contact = timezone.now() - timedelta(hours=3)
    phone.mark(session.pk, people[0], wall=timezone.now() + timedelta(days=400))
    phone.mark(session.pk, people[1], wall=timezone.now() - timedelta(days=400))
    arrive(line, phone)
    with inside("north"):
        first, second = Reading.objects.filter(kind="mark").order_by("event__seq")
        assert first.clock_wrong and first.at == first.not_after
        assert second.clock_wrong and second.at == second.not_before
        assert standing(session, people[0]) == ("present", 180, [])
        assert SessionLog.objects.get().grade == "D"


def test_an_event_that_does_not_follow_from_the_one_before_is_flagged_whenever_that_comes(
    line, phone, session, people
):
    phone.opens(session.pk)
    phone.events.append(
        phone.signed(
            phone.body(
                {
                    "kind": "mark", "session": session.pk, "person": {"enrolment": people[0]},
                    "mark": "present", "minutes": 180,
                },
                prev="a" * 64,
            )
        )
    )  # fmt: skip
    line.send(phone, phone.events[1:])
    with inside("north"):
        read_pending()
        assert not Reading.objects.get().chain_wrong
    arrive(line, phone)
    with inside("north"):
        assert Reading.objects.get(kind="mark").chain_wrong
        assert standing(session, people[0])[1] == 180


def test_a_review_holds_for_what_was_seen_and_no_longer(line, phone, session, people):
    phone.opens(session.pk)
    phone.mark(session.pk, people[0])
    phone.closes(session.pk, 1)
    arrive(line, phone)
    with inside("north"):
        seen = bytes(SessionLog.objects.get().digest).hex()
        with pytest.raises(ValidationError, match="somebody else"):
            review_session(session, "accepted", get("trainer"))
        assert review_session(session, "accepted", get("manager"), digest=seen).review == "accepted"
    phone.mark(session.pk, people[1], "late", 60)
    arrive(line, phone)
    with inside("north"):
        assert SessionLog.objects.get().review == "changed"
        with pytest.raises(ValidationError, match="just changed"):
            review_session(session, "accepted", get("manager"), digest=seen)
        review_session(session, "accepted", get("manager"))
        assert digest() == rebuild()
        assert SessionLog.objects.get().review == "accepted"


def test_a_session_without_a_log_cannot_be_reviewed(session):
    with inside("north"), pytest.raises(ValidationError, match="nothing to review"):
        review_session(session, "accepted", get("manager"))


def test_trainees_are_those_of_the_roster_only(line, phone, session):
    with inside("north"):
        before = Trainee.objects.count()
    walks_in(phone, session, ids(1, seed=78)[0])
    arrive(line, phone)
    with inside("north"):
        assert Trainee.objects.count() == before
