"""A trainer who teaches at two bases at once is asked about at both, and neither learns of the other."""

import io

import pytest
from django.db import connection
from openpyxl import load_workbook

from courses.directory.models import Presence
from courses.fieldlog.models import SessionLog, TrainerIdentity
from courses.fieldlog.services.project import digest, presence, read_pending, rebuild
from courses.fieldlog.services.trainers import say_who
from courses.models import Attendance
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.courses.fieldlog.conftest import Line
from tests.story import a_class, ids

[NUMBER] = ids(1, seed=808)
PAGE = "/desk/trainers/"
BASES = ("north", "south")


@pytest.fixture
def sessions(line):
    """One at each base, at the same time, with people of its own."""
    found = {}
    for seed, slug in enumerate(BASES, 70):
        with inside(slug):
            found[slug] = a_class(people=2, seed=seed).sessions.first()
    return found


def teaches(slug, session, people=()):
    """The base's trainer opens the session with a phone and marks these."""
    way = Line(slug)
    phone = way.enrol()
    phone.opens(session.pk)
    for person in people:
        phone.mark(session.pk, person, "present", 180)
    way.send(phone)


def tell(slug, number=NUMBER):
    with inside(slug):
        find = User.objects.get
        say_who(find(username="trainer"), number, find(username="clerk"))


def look(slug):
    """Flags of the base's only log, after its reading has compared what there is."""
    with inside(slug):
        read_pending()
        return dict(SessionLog.objects.get().flags)


@pytest.mark.parametrize("first", BASES)
def test_both_sessions_are_asked_about_whoever_came_first(visit, sessions, first):
    order = [first, *(each for each in BASES if each != first)]
    for slug in order:
        tell(slug)
        teaches(slug, sessions[slug])
        look(slug)
    for slug in BASES:
        assert look(slug)["trainer_elsewhere"] == "1"
        with inside(slug) as tenant:
            other = "south" if slug == "north" else "north"
            log = SessionLog.objects.get()
            assert log.grade == "D" and "trainer_elsewhere" in log.reasons
            assert digest() == rebuild()
            read_pending()
            assert tenant.slug == slug
        page = visit(slug, "manager").get(f"/desk/sessions/{sessions[slug].pk}/review/")
        assert "教师同时在其他基地" in page.content.decode() and other not in page.content.decode()
    director = visit("centre", "director")
    book = load_workbook(io.BytesIO(director.get("/desk/clashes/?format=xlsx").content))
    [_header, line] = book.active.values
    assert line[6:] == (1, 1), "one person, who taught"
    assert "教师" in director.get("/desk/clashes/").content.decode()


def test_without_a_number_nobody_is_compared_and_with_it_at_once(sessions):
    for slug in BASES:
        teaches(slug, sessions[slug])
        assert "trainer_elsewhere" not in look(slug)
    assert not Presence.objects.exists()
    for slug in BASES:
        tell(slug)
    for slug in BASES:
        assert look(slug)["trainer_elsewhere"] == "1"


def test_two_trainers_are_two_people(sessions):
    for slug, number in zip(BASES, ids(2, seed=809), strict=True):
        tell(slug, number)
        teaches(slug, sessions[slug])
    for slug in BASES:
        assert "trainer_elsewhere" not in look(slug)


def test_whoever_teaches_here_is_no_trainee_there_at_the_same_time(sessions):
    with inside("south"):
        enrolled = sessions["south"].training_class.enrolments.order_by("pk").first()
        person = enrolled.pk
    tell("north", ids(2, seed=71)[0])  # the first of the south's people
    teaches("north", sessions["north"])
    look("north")
    teaches("south", sessions["south"], [person])
    assert look("south")["present_elsewhere"] == "1"
    with inside("south"):
        assert Attendance.objects.get(enrolment=person).why == ["elsewhere"]
    assert look("north")["trainer_elsewhere"] == "1"


def test_a_number_that_is_forgotten_takes_the_question_away_at_both(visit, sessions):
    for slug in BASES:
        tell(slug)
        teaches(slug, sessions[slug])
        look(slug)
    clerk = visit("south", "clerk")
    with inside("south"):
        pk = User.objects.get(username="trainer").pk
    assert "已删除" in clerk.post(f"{PAGE}{pk}/", {"forget": "1"}, follow=True).content.decode()
    with inside("south"):
        assert not TrainerIdentity.objects.exists()
    for slug in BASES:
        assert "trainer_elsewhere" not in look(slug)


def test_a_base_that_was_put_back_writes_who_taught_as_before(sessions):
    tell("north")
    with inside("north"):
        people = list(sessions["north"].training_class.enrolments.values_list("pk", flat=True))
    teaches("north", sessions["north"], people)
    look("north")

    def rows():
        return sorted((bytes(row.person), row.teaches) for row in Presence.objects.all())

    before = rows()
    assert [teaching for _, teaching in before].count(True) == 1 and len(before) == 3
    Presence.objects.all().delete()
    with inside("north"):
        presence.renew()
    assert rows() == before


def test_a_wrong_number_is_refused_and_none_is_ever_shown(visit, sessions):
    clerk = visit("north", "clerk")
    with inside("north"):
        pk = User.objects.get(username="trainer").pk
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    for text in (wrong, "", "110105491231002", "<b>x"):
        page = clerk.post(f"{PAGE}{pk}/", {"resident_id": text}, follow=True).content.decode()
        assert 'class="bad"' in page or "bad" in page
        assert not text or text not in page
    with inside("north"):
        assert not TrainerIdentity.objects.exists()
    typed = f" {NUMBER[:6]} {NUMBER[6:]} "
    page = clerk.post(f"{PAGE}{pk}/", {"resident_id": typed}, follow=True).content.decode()
    assert "已登记" in page and f"****{NUMBER[-4:]}" in page and NUMBER not in page
    book = load_workbook(io.BytesIO(clerk.get(f"{PAGE}?format=xlsx").content))
    assert NUMBER not in str(list(book.active.values)) and NUMBER[-4:] in str(
        list(book.active.values)
    )
    with inside("north"), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM fieldlog_traineridentity t")
        [(stored,)] = cursor.fetchall()
        assert NUMBER not in stored and NUMBER.encode().hex() not in stored


@pytest.mark.parametrize(
    ("role", "status"), [("clerk", 200), ("manager", 200), ("trainer", 403), ("examiner", 403)]
)
def test_whoever_manages_phones_says_who_trainers_are(visit, sessions, role, status):
    browser = visit("north", role)
    with inside("north"):
        find = User.objects.get
        trainer, clerk = find(username="trainer").pk, find(username="examiner").pk
    assert browser.get(PAGE).status_code == status
    sent = {"resident_id": NUMBER}
    assert browser.post(f"{PAGE}{trainer}/", sent).status_code == (302 if status == 200 else 403)
    if status == 200:
        assert browser.post(f"{PAGE}{clerk}/", sent).status_code == 404, "who does not teach"
        assert browser.get(f"{PAGE}{trainer}/").status_code == 405
