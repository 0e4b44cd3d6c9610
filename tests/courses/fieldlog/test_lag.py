"""What has not come yet is a risk, and is named: by phone, by village, by base."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from courses.directory.models import FieldLag
from courses.fieldlog.jobs import count_lag
from courses.fieldlog.models import Device
from courses.fieldlog.rules.lag import LEVELS, SORTS, Lag, ordered, overdue, within, without
from courses.fieldlog.services.enrol import revoke
from courses.fieldlog.services.lag import behind, publish
from courses.fieldlog.services.project import read_pending
from courses.models import VillageSession
from courses.services.attendance import MarkEntry, record_attendance
from lms.plugin.testing import inside
from tenants.jobs.schedule import enqueue_regular
from tenants.models import Due, Tenant
from tenants.staff.models import User
from tests.story import a_class

TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)
GOOD = Lag("device", "甲", silent=0)


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({}, "ok"),
        ({"oldest": TODAY}, "ok"),
        ({"oldest": TODAY - DAY}, "warn"),
        ({"oldest": TODAY - 3 * DAY}, "bad"),
        ({"silent": 2}, "ok"),
        ({"silent": 3}, "warn"),
        ({"silent": 7}, "bad"),
        ({"silent": 70, "waits": False}, "ok"),
        ({"silent": None}, "ok"),
        ({"numbers": 1}, "warn"),
        ({"numbers": 1, "silent": 3}, "bad"),
        ({"blobs": 1}, "warn"),
        ({"blobs": 1, "silent": 4}, "bad"),
        ({"unread": 1}, "warn"),
        ({"lost": 1}, "warn"),
        ({"lost": 1, "silent": 9, "waits": False}, "warn"),
    ],
)
def test_a_lag_is_a_reminder_first_and_then_a_risk(change, level):
    assert replace(GOOD, **change).level(TODAY) == level


LAGS = st.builds(
    Lag,
    st.just("device"),
    st.text(max_size=3),
    sessions=st.integers(0, 3),
    oldest=st.none() | st.dates(TODAY - 9 * DAY, TODAY),
    silent=st.none() | st.integers(0, 9),
    numbers=st.integers(0, 3),
    lost=st.integers(0, 3),
    blobs=st.integers(0, 3),
    unread=st.integers(0, 3),
)


@given(st.lists(LAGS), st.sampled_from(SORTS))
def test_every_column_can_be_sorted_by_and_loses_no_row(rows, by):
    found = ordered(rows, by, TODAY)
    assert sorted(found, key=repr) == sorted(rows, key=repr)
    if by == "level":
        levels = [LEVELS.index(row.level(TODAY)) for row in found]
        assert levels == sorted(levels, reverse=True)


@given(st.lists(st.dates(TODAY - 9 * DAY, TODAY + 9 * DAY)))
def test_more_days_are_overdue_tomorrow_never_fewer(days):
    assert set(overdue(days, TODAY)) <= set(overdue(days, TODAY + DAY))
    assert all(day < TODAY for day in overdue(days, TODAY))


def test_a_past_session_without_a_mark_is_behind_and_one_with_a_mark_or_to_come_is_not(north):
    first, second = a_class(days_ago=5).sessions.order_by("number")
    VillageSession.objects.filter(pk=second.pk).update(held_on=timezone.localdate() + DAY)
    found = behind()
    assert [each.pk for each in found.sessions] == [first.pk]
    assert (found.base.sessions, found.base.oldest) == (1, first.held_on)
    assert [row.sessions for row in found.villages] == [1]
    mark_one(first)
    assert behind().sessions == []


def mark_one(session):
    person = session.training_class.enrolments.earliest("pk").pk
    record_attendance(
        session, [MarkEntry(person, "absent", 0)], User.objects.get(username="trainer")
    )


def test_what_a_phone_has_not_sent_counts_for_it_and_for_the_village(line, phone):
    with inside("north"):
        session = a_class(people=1).sessions.first()
    photo = "ab" * 32
    phone.opens(session.pk, photo=photo)
    phone.say("note", session=None, text="一")
    phone.say("dance", session=session.pk)
    phone.say("note", session=None, text="二")
    line.send(phone, [phone.events[0], phone.events[2]])
    with inside("north"):
        read_pending()
        Device.objects.update(last_contact_at=timezone.now() - 4 * DAY)
        found = behind()
        [row] = found.devices
        assert (row.numbers, row.blobs, row.unread, row.silent) == (2, 1, 1, 4)
        assert [village.blobs for village in found.villages] == [1]
        assert found.base.level(timezone.localdate()) == "bad"


RUNS = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9)).map(lambda r: (r[0], sum(r))))


@given(RUNS, st.tuples(st.integers(1, 40), st.integers(1, 40)))
def test_runs_are_cut_to_the_number(runs, other):
    def numbers(found):
        return {n for first, last in found for n in range(first, last + 1)}

    inside_it, beside_it = within(runs, other), without(runs, other)
    cut = set(range(other[0], other[1] + 1))
    assert numbers(inside_it) == numbers(runs) & cut
    if cut:
        assert numbers(beside_it) == numbers(runs) - cut


def test_what_a_phone_declares_lost_is_named_with_its_reason_and_no_longer_waited_for(
    visit, line, phone
):
    for n in range(6):
        phone.say("note", session=None, text=str(n))
    line.send(phone, [phone.events[n] for n in (0, 3)])  # 2, 3, 5 and 6 have not come
    heir = line.enrol()
    said = {"device": str(phone.uuid), "from": 3, "to": 9, "reason": "浏览器清了存储"}
    heir.say("loss", **said)
    heir.say("loss", device=str(phone.uuid), **{"from": 3, "to": 2, "reason": "没有的事"})
    line.send(heir)
    with inside("north"):
        read_pending()
        device = Device.objects.get(uuid=phone.uuid)
        row = next(each for each in behind().devices if each.pk == device.pk)
    assert (row.numbers, row.lost) == (1, 6)  # 2; and 3 with 5 to 9, for 4 has arrived
    receipt = phone.believes(line.send(phone, [])["receipt"])
    assert receipt["gaps"] == [[2, 3], [5, 6]]  # lost is not arrived
    reason = said["reason"]
    assert receipt["lost"] == [
        {"from": 3, "to": 3, "reason": reason},
        {"from": 5, "to": 9, "reason": reason},
    ]
    clerk = visit("north", "clerk")
    for path in (f"/desk/devices/{device.pk}/", "/desk/lag/"):
        page = clerk.get(path).content.decode()
        assert "第 3 号" in page and "第 5–9 号" in page and reason in page
        assert "没有的事" not in page
    assert "<dd>2</dd>" in clerk.get(f"/desk/devices/{device.pk}/").content.decode()
    assert "有记录丢失" in clerk.get("/desk/devices/").content.decode()
    book = load_workbook(io.BytesIO(clerk.get("/desk/lag/?format=xlsx").content))
    assert any(reason in str(line[1]) for line in book.active.values)
    line.send(phone)  # the old storage was found after all
    assert phone.believes(line.send(phone, [])["receipt"])["lost"] == [
        {"from": 7, "to": 9, "reason": reason}
    ]


def test_a_phone_that_was_kept_out_declares_nothing_lost(line, phone):
    phone.say("note", session=None, text="一")
    phone.say("note", session=None, text="二")
    line.send(phone, phone.events[:1])
    thief = line.enrol()
    thief.say("loss", device=str(phone.uuid), **{"from": 2, "to": 2, "reason": "没了"})
    with inside("north"):
        found = Device.objects.get(uuid=thief.uuid)
        by = User.objects.get(username="clerk")
        revoke(found, by, "被偷", thief.now - DAY)
    line.send(thief)
    with inside("north"):
        read_pending()
    receipt = phone.believes(line.send(phone, [])["receipt"])
    assert (receipt["gaps"], receipt["lost"]) == ([[2, 2]], [])


def test_a_phone_is_behind_with_its_trainers_sessions_and_a_village_with_its_phones_contact(
    visit, line, phone
):
    with inside("north"):
        session = a_class(days_ago=5).sessions.earliest("number")
        Device.objects.update(last_contact_at=timezone.now() - 4 * DAY)
        found = behind()
        [row], [village] = found.devices, found.villages
        assert (row.sessions, row.oldest) == (2, session.held_on)
        assert village.silent == 4
        other = line.enrol()
        Device.objects.filter(uuid=other.uuid).update(last_contact_at=timezone.now() - DAY)
        found = behind()
        assert [each.sessions for each in found.devices] == [2, 2]
        assert found.base.sessions == 2  # one session is late once
        assert [each.silent for each in found.villages] == [1]
        by = User.objects.get(username="clerk")
        for device in Device.objects.all():
            revoke(device, by, "停用", None)
        found = behind()
        assert [each.sessions for each in found.devices] == [0, 0]
        assert [each.silent for each in found.villages] == [None]


@pytest.mark.parametrize(
    ("role", "status"), [("clerk", 200), ("manager", 200), ("trainer", 403), ("examiner", 403)]
)
def test_who_sees_the_lag_of_a_base(visit, role, status):
    for sort in ("", *SORTS, "nonsense"):
        assert visit("north", role).get("/desk/lag/", {"sort": sort}).status_code == status


def test_the_page_names_each_session_and_the_workbook_says_the_same(visit):
    with inside("north"):
        a_class(code="LAG-1")
    page = visit("north", "clerk").get("/desk/lag/").content.decode()
    assert page.count("LAG-1") >= 2
    answer = visit("north", "clerk").get("/desk/lag/?format=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[1][3] == 2
    assert sum("LAG-1" in str(row[1]) for row in rows) == 2
    assert "LAG-1" not in visit("south", "clerk").get("/desk/lag/").content.decode()


def test_the_centre_sees_counts_of_each_base_and_no_name(visit):
    with inside("north"):
        a_class(code="LAG-1")
        publish()
    page = visit("centre", "director").get("/desk/lag/").content.decode()
    assert "测试基地north" in page
    assert "风险" in page
    assert "LAG-1" not in page
    assert "还没有报过数" in page  # of south
    assert visit("centre", "officer").get("/desk/lag/?format=xlsx").status_code == 200


def test_an_officer_of_a_township_sees_the_bases_in_charge_only(visit):
    for slug in ("north", "south"):
        with inside(slug):
            publish()
    page = visit("centre", "township_officer").get("/desk/lag/").content.decode()
    assert "测试基地north" in page
    assert "测试基地south" not in page


def test_a_base_that_nobody_counts_anew_becomes_later_every_day(visit):
    with inside("north"):
        a_class(code="LAG-1", days_ago=-1)  # to come
        publish()
    assert "风险" not in visit("centre", "director").get("/desk/lag/").content.decode()
    FieldLag.objects.update(without_log=[timezone.localdate() - 5 * DAY])
    assert "风险" in visit("centre", "director").get("/desk/lag/").content.decode()


def test_the_workers_clock_has_every_base_counted_once_an_hour(db):
    bases = Tenant.objects.filter(type="base", closed_on__isnull=True).count()
    assert enqueue_regular() >= bases  # other work by the clock is due as well
    assert Due.objects.filter(name="field_lag").count() == bases
    assert enqueue_regular() == 0
    Due.objects.filter(name="field_lag").update(at=timezone.now())
    assert enqueue_regular() == bases
    with inside("south"):
        count_lag()
    assert FieldLag.objects.get().tenant.slug == "south"
