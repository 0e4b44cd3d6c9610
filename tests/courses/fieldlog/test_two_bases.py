"""Two bases that read at the same moment: neither sees the other's rows, and both are asked all the same."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from courses.directory.models import Doubt, Presence
from courses.fieldlog.models import FieldEvent
from courses.fieldlog.services.desk import append
from courses.fieldlog.services.project import digest, read_pending, rebuild
from courses.models import Attendance
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.story import a_class

BASES = ("north", "south")


@pytest.fixture
def classes(committed):
    """The same three people are on a list of each base, at the same time."""
    found = {}
    for slug in BASES:
        with inside(slug):
            found[slug] = a_class(people=3, seed=44)
    return found


def say(found, people, mark="present", minutes=180):
    """The desk of the base says it of these people, in the first session; it is not read yet."""
    clerk = User.objects.get(username="clerk")
    enrolments = list(found.enrolments.order_by("pk").values_list("pk", flat=True))
    for which in people:
        payload = {"kind": "mark", "session": found.sessions.first().pk, "mark": mark}
        payload |= {"person": {"enrolment": enrolments[which]}, "minutes": minutes, "how": "desk"}
        append(payload, clerk, FieldEvent.Source.DESK)


def at_once(*works):
    """Each in its base with a connection and a transaction of its own: all of them write before any
    of them commits.
    """
    gate = threading.Barrier(len(works))

    def run(slug, work):
        try:
            with inside(slug):
                with transaction.atomic():
                    work()
                    gate.wait(30)
                gate.wait(30)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for each in [pool.submit(run, *work) for work in works]:
            each.result()


def whys(slug, read=True):
    with inside(slug):
        if read:
            read_pending()
        rows = Attendance.objects.order_by("session", "enrolment")
        return [tuple(row.why) for row in rows]


ELSEWHERE = ("elsewhere",)


def test_both_are_disputed_whichever_commits_last(classes):
    for slug in BASES:
        with inside(slug):
            say(classes[slug], [0, 1, 2])
    at_once(("north", read_pending), ("south", read_pending))
    assert {slug: whys(slug) for slug in BASES} == dict.fromkeys(BASES, [ELSEWHERE] * 3)
    for slug in BASES:
        whys(slug)  # what the other has just asked in return
    assert not Doubt.objects.exists(), "they do not go on asking each other"
    for slug in BASES:
        with inside(slug):
            assert digest() == rebuild()


def test_a_second_person_counts_where_the_session_has_another_clash_already(classes):
    for slug in BASES:
        with inside(slug):
            say(classes[slug], [0])
            read_pending()
    assert whys("north") == whys("south") == [ELSEWHERE]
    for slug in BASES:
        with inside(slug):
            say(classes[slug], [1])
    at_once(("north", read_pending), ("south", read_pending))
    assert {slug: whys(slug) for slug in BASES} == dict.fromkeys(BASES, [ELSEWHERE] * 2)


def test_a_base_that_dies_after_its_commit_looks_when_it_reads_next(classes):
    for slug in BASES:
        with inside(slug):
            say(classes[slug], [0])
    with inside("north"):
        try:
            with transaction.atomic():
                read_pending()
                mine = Doubt.objects.filter(tenant__slug="north")
                assert mine.exists(), "the look is noted with the rows that ask for it"
                transaction.on_commit(lambda: 1 / 0)  # and what would follow is never reached
                connection.run_on_commit.reverse()
        except ZeroDivisionError:
            pass
        assert Presence.objects.filter(tenant__slug="north").exists()
        assert mine.exists()
        read_pending()
        assert not mine.exists()


def test_what_takes_a_clash_away_takes_it_from_the_other_base_too(classes):
    for slug in BASES:
        with inside(slug):
            say(classes[slug], [0, 1])
            read_pending()
    assert whys("north") == whys("south") == [ELSEWHERE] * 2
    with inside("north"):
        say(classes["north"], [0], "absent", 0)
    at_once(("north", read_pending), ("south", read_pending))
    assert whys("north") == [(), ELSEWHERE]
    assert whys("south") == [(), ELSEWHERE]
