"""Questions are raised from what arrived, in whatever order, and each side of a clash is asked."""

import random
import uuid
from copy import deepcopy
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from certificates.services.evidence import cases_of
from courses.directory.models import Doubt, Presence
from courses.fieldlog.models import FieldEvent, PackTaken, SessionLog, VillagePlace
from courses.fieldlog.rules.settle import capped
from courses.fieldlog.services import blobs, desk
from courses.fieldlog.services.project import digest, presence, read_pending, rebuild
from courses.fieldlog.services.review import accept_all, decide_mark, review_session
from courses.models import Attendance
from courses.services.attendance import MarkEntry, record_attendance
from lms.plugin.testing import inside
from tenants.models import OffSeason
from tenants.staff.models import User
from tests.courses.fieldlog.told import picture
from tests.story import a_class, ids, taught

HASH, OTHER = "a" * 64, "b" * 64


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), inside("north"):
        return list(a_class(people=3).sessions.order_by("number"))


@pytest.fixture
def here(made, line):
    return deepcopy(made)


@pytest.fixture
def people(here):
    with inside("north"):
        return list(here[0].training_class.enrolments.order_by("id").values_list("pk", flat=True))


def get(role):
    return User.objects.get(username=role)


def start_of(session):
    return timezone.make_aware(datetime.combine(session.held_on, session.starts_at))


def holds(phone, session, people, at=None, **opened):
    """The phone is there at the planned time, and all three are present."""
    phone.now = (at or start_of(session)) + timedelta(minutes=1)
    phone.opens(session.pk, **opened)
    for n, person in enumerate(people):
        phone.now += timedelta(seconds=3 + n)
        phone.mark(session.pk, person)
    phone.now += timedelta(minutes=178)
    phone.closes(session.pk, len(people))


def arrive(line, *phones):
    for phone in phones:
        line.send(phone)
    with inside("north"):
        read_pending()
        assert digest() == rebuild()


def log_of(session):
    with inside("north"):
        return SessionLog.objects.get(session=session)


def codes(session):
    return [code for code, _ in log_of(session).flags]


def detail(session, code):
    return dict(log_of(session).flags)[code]


def test_a_session_held_as_planned_asks_only_for_what_was_not_taken(line, phone, here, people):
    holds(phone, here[0], people)
    arrive(line, phone)
    assert codes(here[0]) == ["late_sync", "no_photo", "no_position"]
    assert detail(here[0], "late_sync") in ("19 d", "20 d")
    assert log_of(here[0]).grade == "B"
    assert log_of(here[0]).reasons == ["late_sync", "no_photo"]


def test_the_same_photo_in_two_sessions_is_asked_of_both(line, phone, here, people):
    holds(phone, here[0], people, photo=HASH)
    arrive(line, phone)
    assert "photo_repeated" not in codes(here[0])
    holds(phone, here[1], people, photo=HASH)
    arrive(line, phone)
    assert "photo_repeated" in codes(here[0]) and "photo_repeated" in codes(here[1])
    assert log_of(here[0]).grade == "D"


def test_the_same_photo_twice_in_one_session_counts_once(line, phone, here, people):
    holds(phone, here[0], people, photo=HASH)
    phone.say("photo", [HASH], session=here[0].pk, image=HASH, note="")
    arrive(line, phone)
    assert "photo_twice" in codes(here[0]) and "photo_repeated" not in codes(here[0])


def test_one_signature_for_two_people_is_asked_about(line, phone, here, people):
    holds(phone, here[0], people)
    for person in people[:2]:
        phone.say(
            "signature", [OTHER], session=here[0].pk, person={"enrolment": person}, image=OTHER
        )
    arrive(line, phone)
    assert detail(here[0], "signature_repeated") == "1"


def test_two_sessions_of_a_class_at_once_are_disputed_for_whoever_is_in_both(
    line, phone, here, people
):
    other = line.enrol()
    holds(phone, here[0], people)
    holds(other, here[1], people[:2], at=start_of(here[0]) + timedelta(minutes=60))
    arrive(line, phone, other)
    assert detail(here[0], "same_slot") == "T-01 #2"
    assert detail(here[1], "same_slot") == "T-01 #1"
    with inside("north"):
        whys = list(
            Attendance.objects.order_by("session", "enrolment").values_list("why", flat=True)
        )
    assert whys == [["two_places"], ["two_places"], [], ["two_places"], ["two_places"]]
    with inside("north"):
        for person in people[:2]:
            decide_mark(here[0], person, "present", 180, "照片为证", get("manager"))
    assert "impossible_presence" not in codes(here[0])


def test_a_trainer_with_phones_in_two_classes_at_once_is_asked_about(line, phone, here, people):
    with inside("north"):
        there = a_class(code="T-02", people=2, seed=5).sessions.first()
        others = list(there.training_class.enrolments.values_list("pk", flat=True))
    second = line.enrol()
    holds(phone, here[0], people)
    holds(second, there, others)
    arrive(line, phone, second)
    assert detail(here[0], "trainer_two_places") == "T-02 #1"
    assert detail(there, "trainer_two_places") == "T-01 #1"


def test_numbers_that_are_missing_inside_a_session_are_counted_until_they_come(
    line, phone, here, people
):
    holds(phone, here[0], people)
    phone.say("note", session=None, text="x")
    line.send(phone, [phone.events[0], *phone.events[3:]])
    with inside("north"):
        read_pending()
    assert detail(here[0], "numbers_missing") == "2"
    arrive(line, phone)
    assert "numbers_missing" not in codes(here[0])


def test_a_note_that_fills_a_gap_inside_a_session_settles_it_anew(line, phone, here, people):
    phone.opens(here[0].pk)
    phone.say("note", session=None, text="下雨")
    phone.mark(here[0].pk, people[0])
    line.send(phone, [phone.events[0], phone.events[2]])
    with inside("north"):
        read_pending()
    assert detail(here[0], "numbers_missing") == "1"
    arrive(line, phone)
    assert "numbers_missing" not in codes(here[0])


def test_a_fork_is_asked_about_in_its_session_and_in_all_later_ones(line, phone, here, people):
    phone.opens(here[0].pk)
    early = list(phone.events)
    phone.mark(here[0].pk, people[0])
    holds(phone, here[1], people)
    arrive(line, phone)
    assert "chain_forked" not in codes(here[1])
    copied, phone.events = phone.events, early
    phone.mark(here[0].pk, people[0], "absent", 0)
    arrive(line, phone)
    phone.events = copied
    assert "chain_forked" in codes(here[0]) and "chain_forked" in codes(here[1])
    assert log_of(here[1]).grade == "D"


def test_a_copy_of_another_sessions_roll_is_asked_of_both(line, here):
    with inside("north"):
        found = a_class(code="T-08", people=9, seed=8)
        sessions = list(found.sessions.order_by("number"))
        nine = list(found.enrolments.order_by("id").values_list("pk", flat=True))
    phone = line.enrol()
    for session in sessions:
        holds(phone, session, nine)
    arrive(line, phone)
    assert detail(sessions[0], "copied_pattern") == "#2"
    assert detail(sessions[1], "copied_pattern") == "#1"


def test_an_old_list_is_told_by_when_it_was_taken(line, phone, here, people):
    etag = line.ask("GET", "pack", token=phone.token)["ETag"].strip('"')
    with inside("north"):
        taken = PackTaken.objects.get()
        assert taken.etag == etag
        PackTaken.objects.filter(pk=taken.pk).update(at=start_of(here[0]) - timedelta(days=30))
    phone.now = start_of(here[0])
    phone.events.append(
        phone.signed(
            phone.body(
                {"kind": "session_opened", "session": here[0].pk, "place": "", "photo": None,
                 "position": None},
                pack=etag,
            )
        )
    )  # fmt: skip
    phone.mark(here[0].pk, people[0])
    arrive(line, phone)
    assert detail(here[0], "stale_pack") == "30 d"
    line.ask("GET", "pack", token=phone.token)
    arrive(line, phone)
    assert detail(here[0], "stale_pack") == "30 d", "a later look makes it no newer"


def test_a_list_that_a_fast_phone_takes_after_it_handed_in_is_no_newer(line, phone, here):
    """Its clock is three minutes ahead: by that, it takes the list before it writes what has arrived."""
    etag = line.ask("GET", "pack", token=phone.token)["ETag"].strip('"')
    with inside("north"):
        PackTaken.objects.update(at=timezone.now() - timedelta(days=30))
    phone.now = timezone.now() + timedelta(minutes=3)
    payload = {"kind": "session_opened", "session": here[0].pk, "place": "", "photo": None}
    payload |= {"position": None}
    phone.events.append(phone.signed(phone.body(payload, pack=etag)))
    line.send(phone)
    with inside("north"):
        read_pending()
    assert detail(here[0], "stale_pack") == "30 d"
    again = line.ask("GET", "pack", token=phone.token)["ETag"].strip('"')
    assert again == etag, "nothing has changed for the phone"
    with inside("north"):
        assert digest() == rebuild()
    assert detail(here[0], "stale_pack") == "30 d"


def test_far_from_the_village_is_measured_where_its_place_is_known(line, phone, here, people):
    far = {"lat": 43.5, "lon": 129.5, "accuracy": 50}
    holds(phone, here[0], people, position=far)
    arrive(line, phone)
    assert "far_from_village" not in codes(here[0])
    with inside("north"):
        village = here[0].training_class.village
        VillagePlace.objects.create(village=village, lat=42.9, lon=129.5, said_by="测试")
        rebuild()
    assert detail(here[0], "far_from_village") == "61 km"


def test_the_roll_call_contradicts_whoever_is_said_to_have_been_there_all_the_time(
    line, phone, here, people
):
    holds(phone, here[0], people)
    asked = [{"enrolment": person} for person in people]
    phone.say(
        "roll_call",
        session=here[0].pk,
        asked_at="2026-11-20T02:00:00Z",
        asked=asked,
        here=asked[:1],
    )
    arrive(line, phone)
    assert detail(here[0], "roll_call_missed") == "2"


def test_walk_ins_are_part_of_the_headcount(line, phone, here, people):
    phone.opens(here[0].pk)
    phone.mark(here[0].pk, people[0])
    [number] = ids(1, seed=77)
    phone.say(
        "walk_in", session=here[0].pk, walk_in=str(uuid.uuid4()), name="李临时", id_number=number,
        phone="", village="",
    )  # fmt: skip
    phone.closes(here[0].pk, 2)
    arrive(line, phone)
    assert "headcount_differs" not in codes(here[0])
    assert log_of(here[0]).walk_ins == 1


def test_days_outside_of_season_class_and_designation_are_asked_about(line, phone, here, people):
    with inside("north") as tenant:
        OffSeason.objects.create(tenant=tenant, name="春", starts="02-01", ends="02-02")
    holds(phone, here[0], people, at=timezone.now() - timedelta(hours=4))
    arrive(line, phone)
    found = codes(here[0])
    assert {"outside_season", "outside_class_dates", "not_as_planned"} <= set(found)
    assert "outside_designation" not in found


def test_a_trade_that_is_not_designated_is_asked_about(line, phone, here, people):
    with inside("north"):
        found = here[0].training_class
        type(found).objects.filter(pk=found.pk).update(project_key="welding/basic")
    holds(phone, here[0], people)
    arrive(line, phone)
    assert detail(here[0], "outside_designation") == "trade"


def test_in_whatever_order_it_arrives_flags_grade_and_digest_are_the_same(line, here, people):
    one, two = line.enrol(), line.enrol()
    holds(one, here[0], people, photo=HASH)
    holds(two, here[1], people[:2], at=start_of(here[0]) + timedelta(minutes=30), photo=HASH)
    one.mark(here[0].pk, people[2], "absent", 0, reason="走了")
    events = [*one.events, *two.events]
    draw = random.Random(4)
    draw.shuffle(events)
    for event in events:
        line.send(one, [event])
        if draw.random() < 0.5:
            with inside("north"):
                read_pending()
    with inside("north"):
        read_pending()
        found = digest()
        assert found == rebuild()
        logs = SessionLog.objects.order_by("session_id")
        # Arrivals are part of the log, but not their order.
        flags = [(log.flags, log.grade, bytes(log.digest)) for log in logs]
        SessionLog.objects.update(flags=[], grade="")
        assert rebuild() == found
        assert [(log.flags, log.grade, bytes(log.digest)) for log in logs.all()] == flags


def test_paper_is_grade_c_until_a_second_person_countersigns(line, here, people):
    with inside("north"):
        photo = blobs.keep(picture(5))
        sheet = {"sheet": "S-1", "photo": photo, "totals": {"present": 1}, "taught_by": ""}
        session = here[0].pk
        desk.append(
            {"kind": "paper_sheet", "session": session} | sheet, get("clerk"), "paper",
            blobs=(photo,),
        )  # fmt: skip
        record_attendance(
            here[0], [MarkEntry(people[0], "present", 180)], get("clerk"), source="paper"
        )
        assert SessionLog.objects.get().grade == "C"
        sign = {"kind": "countersign", "session": session, "sheet": "S-1"}
        desk.append(sign, get("clerk"), "paper")
        read_pending()
        assert SessionLog.objects.get().grade == "C", "not by whoever entered it"
        desk.append(sign, get("manager"), "paper")
        read_pending()
        log = SessionLog.objects.get()
        assert (log.grade, log.reasons) == ("B", ["countersigned"])


def test_a_correction_at_the_desk_of_one_mark_makes_the_whole_no_better_than_c(
    line, phone, here, people
):
    holds(phone, here[0], people[:2])
    arrive(line, phone)
    assert log_of(here[0]).grade == "B"
    with inside("north"):
        record_attendance(here[0], [MarkEntry(people[2], "present", 180)], get("trainer"))
    log = log_of(here[0])
    assert (log.grade, "source_desk" in log.reasons) == ("C", True)


def test_grade_d_is_accepted_only_with_a_reason_and_never_by_the_lot(line, phone, here, people):
    holds(phone, here[0], people, photo=HASH)
    holds(phone, here[1], people, photo=HASH)
    arrive(line, phone)
    with inside("north"):
        assert accept_all(here[0].training_class_id, get("manager")) == 0
        with pytest.raises(ValidationError, match="grade is D"):
            review_session(here[0], "accepted", get("manager"))
        log = review_session(here[0], "accepted", get("manager"), "教师误传照片，已补")
        assert log.review == "accepted"


def test_a_verdict_or_mark_that_does_not_exist_is_refused(line, phone, here, people):
    holds(phone, here[0], people)
    arrive(line, phone)
    with inside("north"):
        with pytest.raises(ValidationError, match="choose to accept"):
            review_session(here[0], "perhaps", get("manager"))
        with pytest.raises(ValidationError, match="choose a mark"):
            decide_mark(here[0], people[0], "asleep", 0, "x", get("manager"))
        assert not FieldEvent.objects.filter(source="desk").exists()


# Two bases


@pytest.fixture
def twice(db):
    """The same two people are on a list of each base, at the same time."""
    found = {}
    for slug in ("north", "south"):
        with inside(slug):
            found[slug] = a_class("T-07", people=2, seed=44)
    return found


def whys(slug):
    with inside(slug):
        read_pending()
        return {tuple(row.why) for row in Attendance.objects.all()}


def test_both_bases_are_asked_whoever_came_first_and_no_table_holds_a_name(twice):
    with inside("north"):
        taught(twice["north"], reviewed=False)
    assert whys("north") == {()}
    with inside("south"):
        taught(twice["south"], reviewed=False)
        assert {f.name for f in Presence._meta.fields} == {
            "id", "tenant", "session", "label", "person", "starts_at", "ends_at", "teaches"
        }  # fmt: skip
    assert whys("south") == {("elsewhere",)}
    assert whys("north") == {("elsewhere",)}
    whys("south")  # compares after its commit; a test has none
    with inside("north"):
        assert not Doubt.objects.exists()
        claims = [c for row in Attendance.objects.all() for c in row.claims if ":" in c]
        assert len(claims) == 4
        assert all(len(c) <= 64 and "south" not in c for c in claims)
        log = SessionLog.objects.first()
        assert ["present_elsewhere", "2"] in log.flags and log.grade == "D"
        assert digest() == rebuild()


def test_a_decision_settles_one_side_for_what_was_known(twice):
    for slug in ("north", "south"):
        with inside(slug):
            taught(twice[slug], reviewed=False)
    with inside("north"):
        read_pending()
        session = twice["north"].sessions.first()
        for row in Attendance.objects.filter(session=session):
            decide_mark(session, row.enrolment_id, "present", 180, "本人在场", get("manager"))
        assert {tuple(row.why) for row in Attendance.objects.filter(session=session)} == {()}
    assert whys("south") == {("elsewhere",)}, "the other base's question stays its own"


def test_a_mark_that_no_longer_counts_takes_its_presence_and_the_clash_away(twice):
    for slug in ("north", "south"):
        with inside(slug):
            taught(twice[slug], reviewed=False)
    assert whys("north") == {("elsewhere",)}
    with inside("south"):
        for session in twice["south"].sessions.all():
            entries = [
                MarkEntry(e.pk, "absent", 0, "记错") for e in twice["south"].enrolments.all()
            ]
            record_attendance(session, entries, get("trainer"))
        assert not Presence.objects.filter(tenant__slug="south").exists()
    assert whys("north") == {()}


def test_presences_are_made_anew_with_the_projection_and_from_marks_alone(twice):
    with inside("north") as tenant:
        taught(twice["north"], reviewed=False)
        mine = Presence.objects.filter(tenant=tenant)
        before = list(
            mine.values_list("session", "person", "starts_at").order_by("session", "person")
        )
        assert len(before) == 4
        for make in (rebuild, presence.renew):
            mine.delete()
            make()
            again = mine.values_list("session", "person", "starts_at").order_by("session", "person")
            assert [(a, bytes(b), c) for a, b, c in again] == [
                (a, bytes(b), c) for a, b, c in before
            ]


def test_bases_that_read_at_the_same_moment_find_the_clash_by_looking_once_more(twice):
    for slug in ("north", "south"):
        with inside(slug):
            taught(twice[slug], reviewed=False)
    with inside("north"):
        read_pending()
        sessions = set(twice["north"].sessions.values_list("pk", flat=True))
        assert presence.differing(sessions) == set()
        Attendance.objects.update(claims=[], why=[], state="clear")  # as if it had not seen them
        assert presence.differing(sessions) == sessions


# Hours


def test_minutes_are_capped_by_day_in_the_order_of_the_sessions():
    day = [("d1", "theory", 300), ("d1", "practice", 300), ("d2", "practice", 200)]
    assert capped(day, 480) == {"theory": 300, "practice": 180 + 200}
    assert capped([], 480) == {}
    assert capped([("d1", "theory", 500), ("d1", "theory", 10)], 480) == {"theory": 480}


def test_the_denominator_is_every_planned_session_taught_or_not(line, here, people):
    with inside("north"):
        record_attendance(here[0], [MarkEntry(people[0], "present", 180)], get("trainer"))
        accept_all(here[0].training_class_id, get("manager"))
        case = cases_of(here[0].training_class)[0]
        assert (case.attended.planned_theory, case.attended.planned_practice) == (180, 180)
        assert (case.attended.theory, case.attended.practice) == (180, 0)
        assert case.attended.sessions_without_mark == 1
        assert "attendance_complete" in [v.rule for v in case.refusals]


def test_no_day_counts_more_than_its_rule_set_allows(line, here, people):
    with inside("north"):
        found = here[0].training_class
        taught(found)
        rules = found.rule_set
        type(rules).objects.filter(pk=rules.pk).update(minutes_per_day=100)
        found.refresh_from_db()
        case = cases_of(type(found).objects.get(pk=found.pk))[0]
        assert (case.attended.theory, case.attended.practice) == (100, 100)
        assert case.attended.planned_theory == 180


def test_the_day_that_is_capped_is_the_one_on_which_it_was_held(line, phone, here, people):
    """Planned on two days and held on one, the second after the first."""
    holds(phone, here[0], people)
    holds(phone, here[1], people, at=start_of(here[0]) + timedelta(hours=4))
    arrive(line, phone)
    with inside("north"):
        for session in here:
            review_session(session, "accepted", get("manager"), "连着上的")
        found = here[0].training_class
        type(found.rule_set).objects.filter(pk=found.rule_set_id).update(minutes_per_day=300)
        case = cases_of(type(found).objects.get(pk=found.pk))[0]
        assert (case.attended.theory, case.attended.practice) == (180, 120)


def test_a_session_in_which_the_desk_says_that_nobody_came_rests_on_the_desk(here, people):
    with inside("north"):
        entries = [MarkEntry(person, "absent", 0) for person in people]
        record_attendance(here[0], entries, get("trainer"))
        assert SessionLog.objects.get().grade == "C"


def test_a_photo_of_another_class_by_another_phone_months_apart_is_asked_of_both(
    line, phone, here, people
):
    with inside("north"):
        there = a_class(code="T-09", people=2, seed=9, days_ago=80).sessions.first()
        others = list(there.training_class.enrolments.values_list("pk", flat=True))
    second = line.enrol(trainer="manager", all_classes=True)
    holds(phone, here[0], people, photo=HASH)
    arrive(line, phone)
    holds(second, there, others, photo=HASH)
    line.send(second)
    with inside("north"):
        read_pending()
    assert "photo_repeated" in codes(here[0]) and "photo_repeated" in codes(there)
