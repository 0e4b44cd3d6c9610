"""Phones at the desk: shown with what has come of them, let in by a code that is shown once, kept out."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.fieldlog.models import Device, Ticket
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.phone import Phone

PAGES = ("/desk/devices/", "/desk/devices/enrol/", "/desk/witness/")


def user(name):
    with inside("north"):
        return User.objects.get(username=name)


def only_device():
    with inside("north"):
        return Device.objects.get()


@pytest.mark.parametrize(
    ("role", "devices", "check"),
    [("clerk", 200, 200), ("manager", 200, 200), ("trainer", 403, 403), ("examiner", 403, 403)],
)
def test_the_desk_sees_phones_and_others_do_not(visit, role, devices, check):
    browser = visit("north", role)
    assert [browser.get(path).status_code for path in PAGES] == [devices, devices, check]
    assert visit("north").get("/desk/devices/").status_code == 302


def test_a_clerk_enrols_a_phone_with_the_code_on_the_page(visit, line):
    clerk = visit("north", "clerk")
    sent = {"trainer": user("trainer").pk, "scope": "own"}
    answer = clerk.post("/desk/devices/enrol/", sent)
    page = answer.content.decode()
    [ticket] = set(re.findall(r"/field/#enrol=([\w-]+)<", page))
    assert "<svg" in page
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"  # with less, a browser's forms are refused
    phone = Phone()
    given = line.ask("POST", "enrol", {"ticket": ticket, "public_key": phone.public_key})
    assert given.status_code == 200
    assert not only_device().all_classes
    with inside("north"):
        kept = str(dict(clerk.session)) + str(list(Ticket.objects.values()))
    assert ticket not in kept
    assert ticket not in str(answer.headers)
    assert ticket not in clerk.get("/desk/devices/enrol/").content.decode()


def test_a_phone_of_the_whole_base_takes_all_classes(visit, line):
    clerk = visit("north", "clerk")
    sent = {"trainer": user("trainer").pk, "scope": "all"}
    page = clerk.post("/desk/devices/enrol/", sent).content.decode()
    ticket = re.search(r"#enrol=([\w-]+)<", page)[1]
    line.ask("POST", "enrol", {"ticket": ticket, "public_key": Phone().public_key})
    assert only_device().all_classes


@pytest.mark.parametrize(
    "sent", [{}, {"trainer": "x", "scope": "own"}, {"trainer": "1", "scope": "none"}]
)
def test_an_enrolment_without_a_trainer_makes_no_ticket(visit, sent):
    answer = visit("north", "clerk").post("/desk/devices/enrol/", sent)
    assert "#enrol=" not in answer.content.decode()
    with inside("north"):
        assert not Ticket.objects.exists()


def test_the_list_says_what_has_come_and_what_is_missing(visit, line, phone):
    for _ in range(5):
        phone.say("note", session=None, text="记")
    line.send(phone, [phone.events[0], phone.events[3]])
    page = visit("north", "clerk").get("/desk/devices/").content.decode()
    assert re.search(r'data-label="已送达" class="num">1</td>', page)
    assert "记录 3 条" in page
    page = visit("north", "clerk").get(f"/desk/devices/{only_device().pk}/").content.decode()
    assert "2–3、5" in page
    line.send(phone)
    assert "不缺" in visit("north", "clerk").get("/desk/devices/").content.decode()


def test_a_phone_of_another_base_is_not_found(visit, phone):
    pk = only_device().pk
    manager = visit("south", "manager")
    assert manager.get(f"/desk/devices/{pk}/").status_code == 404
    sent = {"reason": "丢失"}
    assert manager.post(f"/desk/devices/{pk}/revoke/", sent).status_code == 404
    assert only_device().revoked_at is None


def test_a_lost_phone_is_kept_out_from_the_time_at_which_it_was_lost(visit, phone, line):
    clerk = visit("north", "clerk")
    lost = timezone.localtime() - timedelta(hours=30)
    sent = {"reason": "手机丢失", "lost_on": f"{lost:%Y-%m-%d}", "lost_at": f"{lost:%H:%M}"}
    pk = only_device().pk
    assert clerk.post(f"/desk/devices/{pk}/revoke/", sent).status_code == 302
    assert only_device().revoked_at == lost.replace(second=0, microsecond=0)
    assert line.ask("GET", "pack", token=phone.token).status_code == 403
    assert "手机丢失" in clerk.get(f"/desk/devices/{pk}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "必需"),
        ({"reason": "丢", "lost_on": "2099-01-01"}, "不能晚于现在"),
        ({"reason": "丢", "lost_at": "10:00"}, "也填日期"),
        ({"reason": "丢", "lost_on": "昨天"}, "有效"),
    ],
)
def test_a_revocation_that_says_too_little_is_refused_and_keeps_what_was_typed(
    visit, phone, sent, said
):
    answer = visit("north", "clerk").post(f"/desk/devices/{only_device().pk}/revoke/", sent)
    page = answer.content.decode()
    assert said in page
    assert sent.get("reason", "停用") in page
    assert only_device().revoked_at is None
