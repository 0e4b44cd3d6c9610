"""The calendar at a base, at the centre, on paper, in Excel and in other people's programs."""

import io
import re
from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from icalendar import Calendar
from openpyxl import load_workbook

from courses.fieldlog.models import VillagePlace
from courses.fieldlog.services.trainers import forget_who, say_who
from courses.planning.models import CalendarLink
from courses.planning.services.calendar import conflicts_at_base, entries_of_base, ways_of
from courses.planning.services.links import make_link, revoke_link
from courses.requests.models import Holiday, PlannedSession, SeasonWindow
from courses.requests.services.holidays import add_day, known_days, load_year
from lms.plugin.testing import tenant_of
from tenants.models import Tenant
from tenants.staff.models import User
from tests.cast import base
from tests.courses.planning.scene import TODAY, facts, opened, proposal, villages
from tests.story import ids

pytestmark = pytest.mark.usefixtures("north")
FIRST, LAST = TODAY, TODAY + timedelta(days=60)


def kinds(entries=None):
    found = conflicts_at_base(entries or entries_of_base(FIRST, LAST))
    return {each.kind for each in found}


def body(answer):
    return answer.content.decode()


def month(days=30):
    return f"{TODAY + timedelta(days=days):%Y-%m}"


def test_sessions_and_requests_that_are_on_their_way_are_on_it():
    opened()
    found = proposal(code="N-02", days=40)
    assert [e.slot.class_code for e in entries_of_base(FIRST, LAST)] == ["N-01", "N-01"]
    from courses.planning.services.proposals import ask

    ask(found)
    shown = entries_of_base(FIRST, LAST)
    assert [(e.slot.class_code, bool(e.pending)) for e in shown][-1] == ("N-02", True)


def test_a_trainer_a_hall_and_a_village_that_are_asked_twice_are_found():
    opened()
    assert kinds() == set()
    opened(code="N-02")
    assert kinds() == {"trainer_twice", "hall_twice", "village_twice"}


def test_a_holiday_of_the_centre_is_found_and_a_working_saturday_is_not():
    made = opened()
    day = made.sessions.get(number=1).held_on
    add_day(tenant_of("centre"), day, "校庆", "work")
    assert kinds() == set()
    add_day(tenant_of("centre"), day, "校庆", "rest")
    assert kinds() == {"holiday"}


def test_the_way_between_two_villages_of_a_day_is_told():
    opened()
    opened(code="N-02", village=1, sessions=tuple(
        planned.__class__(planned.held_on, time(12), planned.kind, planned.minutes)
        for planned in facts().sessions
    ))  # fmt: skip
    for number, lat in enumerate((42.9, 43.3)):
        VillagePlace.objects.create(village=villages()[number], lat=lat, lon=129.5, said_by="x")
    (way, _second) = ways_of(entries_of_base(FIRST, LAST))
    assert round(way.km) == 44 and way.minutes == 30
    assert kinds() == {"too_far"}


def test_a_trainer_at_two_bases_is_known_by_the_digest_and_not_by_whom():
    number = ids(1, seed=77)[0]
    for slug in ("north", "south"):
        with tenant_context(base(slug)):
            trainer = User.objects.get(username="trainer")
            say_who(trainer, number, User.objects.get(username="manager"))
            opened(code=f"{slug}-1")
    found = conflicts_at_base(entries_of_base(FIRST, LAST))
    assert {each.kind for each in found} == {"trainer_elsewhere"}
    assert "测试基地south" not in str(found)
    with tenant_context(base("south")):
        forget_who(User.objects.get(username="trainer"))
    assert kinds() == set(), "and is not any more, once one base has forgotten who it is"


def test_month_list_paper_and_excel_show_the_same(visit):
    opened()
    opened(code="N-02")
    clerk = visit("north", "clerk")
    drawn = body(clerk.get(f"/desk/calendar/?month={month()}"))
    listed = body(clerk.get(f"/desk/calendar/?month={month()}&view=list&by=trainer"))
    for page in (drawn, listed):
        assert "N-01" in page and "N-02" in page and "教师同时两处" in page
    assert "data-move" in drawn
    for by in ("trainer", "village"):
        paper = body(clerk.get(f"/desk/calendar/print/?by={by}&month={month()}"))
        assert "N-01" in paper and "课表" in paper
    answer = clerk.get(f"/desk/calendar/?month={month()}&format=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert {row[3] for row in rows[1:]} == {"N-01", "N-02"}
    filtered = body(clerk.get(f"/desk/calendar/?month={month()}&class=N-01"))
    assert "N-01</a>" in filtered and "N-02</a>" not in filtered


def test_terms_seasons_and_holidays_are_drawn(visit):
    centre = tenant_of("centre")
    SeasonWindow.objects.create(centre=centre, name="冬闲", starts=20, ends=4)
    assert load_year(centre, 2026) == len(known_days(2026)) > 30
    page = body(visit("north", "trainer").get("/desk/calendar/?month=2026-02"))
    for said in ("立春", "雨水", "冬闲 2025-11-07 – 2026-03-04", "春节"):
        assert said in page, said
    assert "data-move" not in page, "a trainer looks on"


@pytest.mark.parametrize("query", ["?month=x", "?month=1900-01", "?month=2026-13", "?by=x&view=x"])
def test_an_address_that_makes_no_sense_shows_this_month(visit, query):
    answer = visit("north", "clerk").get(f"/desk/calendar/{query}")
    assert answer.status_code == 200 and f"{TODAY:%Y-%m}" in body(answer)


def test_a_clerk_moves_a_session_by_the_form_and_a_trainer_may_not(visit):
    session = opened().sessions.get(number=1)
    day = session.held_on + timedelta(days=2)
    address = f"/desk/calendar/sessions/{session.pk}/"
    said = {"day": str(day), "at": "14:00"}
    assert visit("north", "trainer").post(address, said).status_code == 403
    clerk = visit("north", "clerk")
    assert 'name="day"' in body(clerk.get(address))
    assert clerk.post(address, said).status_code == 302
    session.refresh_from_db()
    assert (session.held_on, session.starts_at) == (day, time(14))
    bad = clerk.post(address, {"day": "2020-01-01", "at": "14:00"})
    assert "不在班次日期之内" in body(bad)


def test_a_feed_is_read_by_its_secret_alone_until_it_is_revoked(visit):
    opened()
    manager, trainer = (User.objects.get(username=name) for name in ("manager", "trainer"))
    other = User.objects.create_user("zheng2", display_name="郑二")
    whole, secret = make_link(None, manager)
    _mine, of_trainer = make_link(trainer, manager)
    _others, of_other = make_link(other, manager)
    stranger = visit("north")
    answer = stranger.get(f"/calendar/{secret}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(events) == 2
    start = timezone.localtime(events[0]["DTSTART"].dt)
    assert (start.date(), start.time()) == (facts().sessions[0].held_on, time(8, 30))
    assert "学员" not in body(answer)
    assert stranger.get(f"/calendar/{of_trainer}.ics").content.count(b"BEGIN:VEVENT") == 2
    assert stranger.get(f"/calendar/{of_other}.ics").content.count(b"BEGIN:VEVENT") == 0
    assert visit("south").get(f"/calendar/{secret}.ics").status_code == 404
    with tenant_context(base("north")):
        whole.refresh_from_db()
        assert whole.used_on == timezone.localdate()
        revoke_link(whole, manager)
    assert stranger.get(f"/calendar/{secret}.ics").status_code == 404
    with tenant_context(base("north")):
        User.objects.filter(pk=trainer.pk).update(is_active=False)
    assert stranger.get(f"/calendar/{of_trainer}.ics").status_code == 404
    assert stranger.get("/calendar/guess.ics").status_code == 404


def test_the_secret_is_shown_once_and_kept_as_a_digest(visit):
    clerk = visit("north", "clerk")
    page = body(clerk.post("/desk/calendar/links/", {"trainer": ""}))
    secret = re.search(r"/calendar/([\w-]+)\.ics", page)[1]
    assert secret not in body(clerk.get("/desk/calendar/links/"))
    link = CalendarLink.objects.get()
    assert secret.encode() not in bytes(link.digest)
    clerk.post(f"/desk/calendar/links/{link.pk}/revoke/")
    assert visit("north").get(f"/calendar/{secret}.ics").status_code == 404


def test_the_centre_sees_all_bases_from_the_shared_rows_alone(visit, django_assert_max_num_queries):
    opened()
    with tenant_context(base("south")):
        opened(code="S-01")
    director = visit("centre", "director")
    page = body(director.get(f"/desk/calendar/?month={month()}&view=list"))
    assert "N-01" in page and "S-01" in page and "场地冲突" in page
    only = body(director.get(f"/desk/calendar/?month={month()}&view=list&base=south"))
    assert "S-01" in only and "N-01" not in only
    township = body(visit("centre", "township_officer").get(f"/desk/calendar/?month={month()}"))
    assert "N-01" in township and "S-01" not in township
    with tenant_context(base("north")):
        PlannedSession.objects.filter(planned__tenant=base("north")).delete()
    assert "N-01" not in body(director.get(f"/desk/calendar/?month={month()}&view=list"))


def test_the_centre_keeps_the_holidays_of_a_year(visit):
    officer = visit("centre", "officer")
    assert officer.post("/desk/holidays/2026/", {"act": "load"}).status_code == 302
    centre = Tenant.objects.get(slug="centre")
    days = Holiday.objects.filter(centre=centre)
    assert days.get(day=date(2026, 10, 1)).name == "国庆节"
    assert days.get(day=date(2026, 2, 14)).kind == "work"
    count = days.count()
    officer.post("/desk/holidays/2026/", {"act": "load"})
    assert days.count() == count, "loading again adds nothing"
    added = {"act": "add", "day": "2026-09-03", "name": "州庆", "kind": "rest"}
    officer.post("/desk/holidays/2026/", added)
    assert days.get(day=date(2026, 9, 3)).name == "州庆"
    officer.post("/desk/holidays/2026/", {"drop": "2026-09-03"})
    assert days.count() == count
    unknown = officer.post("/desk/holidays/2039/", {"act": "load"})
    assert "自行填写" in body(unknown)
    assert visit("centre", "township_officer").get("/desk/holidays/2026/").status_code == 403
    assert visit("north", "manager").get("/desk/holidays/2026/").status_code == 404
