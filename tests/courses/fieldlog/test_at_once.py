"""Many at once: phones that hand in, readings, and people at the desk. Nothing doubled, nobody stuck."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from courses.fieldlog.models import Device, FieldEvent, Quarantined, Reading, Unread
from courses.fieldlog.services.enrol import revoke
from courses.fieldlog.services.ingest import take_in
from courses.fieldlog.services.project import digest, read_pending, rebuild
from courses.fieldlog.services.review import decide_mark, review_session
from courses.models import Attendance, VillageSession
from courses.services.attendance import MarkEntry, record_attendance
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.story import a_class


def together(*works):
    """Run them at the same moment, each with a connection of its own; what they gave back."""
    gate = threading.Barrier(len(works))

    def run(work):
        try:
            with inside("north"):
                gate.wait(20)
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(run, work) for work in works]]


def a_taught_class(lasting, phones=1, people=6):
    """(sessions, enrolments, phones) of which each has marked everybody in both sessions."""
    with inside("north"):
        found = a_class(people=people)
        sessions = list(found.sessions.order_by("number"))
        enrolments = list(found.enrolments.order_by("pk").values_list("pk", flat=True))
    taught = [lasting.enrol() for _ in range(phones)]
    for phone in taught:
        for session in sessions:
            phone.opens(session.pk)
            for person in enrolments:
                phone.mark(session.pk, person)
            phone.closes(session.pk, people)
    return sessions, enrolments, taught


def is_whole(events):
    """Every event stored once, read once, and the projection what the log alone gives."""
    with inside("north"):
        read_pending()
        stored = FieldEvent.objects.filter(device__isnull=False)
        assert stored.count() == events
        assert Reading.objects.filter(event__device__isnull=False).count() == events
        assert not Unread.objects.exists()
        assert digest() == rebuild()


def test_the_same_batch_eight_times_at_once_is_stored_once(lasting):
    _, _, [phone] = a_taught_class(lasting)
    bad = [{"body": f"junk {n}", "sig": ""} for n in range(10)]

    def send(seed):
        items = [*phone.events, *bad]
        random.Random(seed).shuffle(items)
        return lambda: take_in(items)

    answers = together(*(send(n) for n in range(8)))
    results = Counter(
        (each.seq, each.result) for said in answers for each in said if each.seq is not None
    )
    for seq in range(1, len(phone.events) + 1):
        assert (results[seq, "stored"], results[seq, "duplicate"]) == (1, 7)
    with inside("north"):
        assert Quarantined.objects.count() == len(bad)
    is_whole(len(phone.events))


def test_several_read_at_once_while_batches_arrive(lasting):
    _, _, phones = a_taught_class(lasting, phones=3)

    def hand_in(phone):
        for start in range(0, len(phone.events), 3):
            take_in(phone.events[start : start + 5])

    def read():
        for _ in range(6):
            read_pending()
            time.sleep(0.01)

    together(*(lambda phone=phone: hand_in(phone) for phone in phones), read, read, read)
    is_whole(sum(len(phone.events) for phone in phones))


def test_a_phone_that_is_revoked_while_it_hands_in_is_read_alike_by_everybody(lasting):
    sessions, _, phones = a_taught_class(lasting, phones=2)
    lost = phones[0]
    with inside("north"):
        device = Device.objects.get(uuid=lost.uuid)
        clerk = User.objects.get(username="clerk")
        moment = device.enrolled_at

    def hand_in(phone):
        for event in phone.events:
            take_in([event])

    def read():
        for _ in range(10):
            read_pending()

    together(
        *(lambda phone=phone: hand_in(phone) for phone in phones),
        read,
        read,
        lambda: revoke(device, clerk, "手机丢失", moment),
    )
    is_whole(sum(len(phone.events) for phone in phones))
    with inside("north"):
        readings = Reading.objects.filter(event__device=device, at__gt=moment)
        assert readings.exists() and not readings.filter(after_revocation=False).exists()
        rows = Attendance.objects.filter(session__in=sessions)
        assert {tuple(row.why) for row in rows} >= {("device_revoked",)}


def test_desk_review_phones_and_readings_do_not_wait_for_each_other_for_ever(lasting):
    sessions, enrolments, phones = a_taught_class(lasting, phones=2)
    ends = time.monotonic() + 4

    def until(work, seed):
        def loop():
            draw, done = random.Random(seed), 0
            while time.monotonic() < ends:
                work(draw)
                done += 1
            return done

        return loop

    def user(name):
        return User.objects.get(username=name)

    def hand_in(draw):
        phone = draw.choice(phones)
        take_in(draw.sample(phone.events, 4))

    def at_the_desk(draw):
        session = VillageSession.objects.get(pk=draw.choice(sessions).pk)
        chosen = draw.sample(enrolments, 2)
        entries = [MarkEntry(each, "late", draw.randrange(100, 170), "核对过") for each in chosen]
        record_attendance(session, entries, user("trainer"))

    def decide(draw):
        row = Attendance.objects.order_by("?").first()
        if row:
            session = row.session
            decide_mark(session, row.enrolment_id, "late", 120, "看过", user("manager"))

    def review(draw):
        session = draw.choice(sessions)
        if Attendance.objects.filter(session=session).exists():
            review_session(session, "disputed", user("manager"), "再看")

    works = (hand_in, hand_in, at_the_desk, at_the_desk, decide, review, lambda _: read_pending())
    done = together(*(until(work, n) for n, work in enumerate(works)))
    assert all(done), done
    with inside("north"):
        for phone in phones:
            take_in(phone.events)
    is_whole(sum(len(phone.events) for phone in phones))
