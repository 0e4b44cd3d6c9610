"""A phone is let in once, by a ticket that a clerk shows, and can be kept out."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.fieldlog.models import Device, FieldEvent, Ticket
from courses.fieldlog.services.enrol import new_ticket, revoke
from courses.fieldlog.services.project import digest, read_pending, rebuild
from courses.models import Attendance
from lms.plugin.testing import inside
from tenants.staff.models import User
from tenants.staff.services import set_active, set_roles
from tests.phone import Phone
from tests.story import a_class


def ticket(by="clerk", trainer="trainer"):
    with inside("north"):
        get = User.objects.get
        return new_ticket(get(username=trainer), get(username=by))


def enrol(line, secret, phone):
    return line.ask("POST", "enrol", {"ticket": secret, "public_key": phone.public_key})


def test_a_ticket_lets_one_phone_in_and_a_lost_answer_can_be_asked_again(line):
    secret, phone = ticket(), Phone()
    first = enrol(line, secret, phone).json()
    second = enrol(line, secret, phone).json()
    assert first["device"] == second["device"]
    assert line.ask("GET", "pack", token=first["token"]).status_code == 401
    assert line.ask("GET", "pack", token=second["token"]).status_code == 200
    assert enrol(line, secret, Phone()).status_code == 410


def test_a_ticket_is_over_after_its_time_and_never_was_at_another_base(line):
    secret = ticket()
    assert enrol(type(line)("south"), secret, Phone()).status_code == 410
    with inside("north"):
        Ticket.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = enrol(line, secret, Phone())
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "ticket_over")


@pytest.mark.parametrize("key", ["", "AAAA", "ÿ", "A" * 87])
def test_a_key_that_is_none_is_refused(line, key):
    answer = line.ask("POST", "enrol", {"ticket": ticket(), "public_key": key})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_key")


def test_only_somebody_who_may_take_attendance_gets_a_phone(line):
    with pytest.raises(ValidationError, match="trainer's role"):
        ticket(trainer="examiner")


def test_neither_ticket_nor_token_stands_in_the_database(line):
    secret = ticket()
    phone = Phone().enrolled(enrol(line, secret, Phone()).json())
    with inside("north"):
        kept = str(list(Ticket.objects.values())) + str(list(Device.objects.values()))
    assert secret not in kept and phone.token not in kept


def test_a_revoked_phone_gets_no_pack_but_what_it_wrote_before_still_arrives_and_counts(
    line, phone
):
    with inside("north"):
        session = a_class(people=2).sessions.first()
        one, two = session.training_class.enrolments.order_by("id").values_list("pk", flat=True)
    phone.now = timezone.now() - timedelta(hours=2)
    phone.mark(session.pk, one)
    with inside("north"):
        revoke(Device.objects.get(), User.objects.get(username="clerk"), "手机丢失")
    phone.now = timezone.now() + timedelta(seconds=10)
    phone.mark(session.pk, two)
    assert line.ask("GET", "pack", token=phone.token).status_code == 403
    said = line.send(phone)
    assert [each["result"] for each in said["results"]] == ["stored", "stored"]
    with inside("north"):
        read_pending()
        rows = Attendance.objects.order_by("enrolment_id")
        assert [(row.minutes, row.why) for row in rows] == [(180, []), (0, ["device_revoked"])]
        assert FieldEvent.objects.filter(device__isnull=False).count() == 2


def test_revoking_later_disputes_what_was_read_before(line, phone):
    with inside("north"):
        session = a_class(people=1).sessions.first()
        [one] = session.training_class.enrolments.values_list("pk", flat=True)
    phone.mark(session.pk, one)
    line.send(phone)
    with inside("north"):
        read_pending()
        assert Attendance.objects.get().minutes == 180
        device = Device.objects.get()
        Device.objects.update(revoked_at=None)
        revoke(
            device, User.objects.get(username="clerk"), "手机丢失", timezone.now() - timedelta(1)
        )
        assert Attendance.objects.get().why == ["device_revoked"]


def close(trainer, manager):
    set_active(trainer, False, manager)


def take_the_role(trainer, manager):
    set_roles(trainer, ["examiner"], manager)


@pytest.mark.parametrize("leave", [close, take_the_role])
def test_whoever_loses_account_or_role_marks_no_longer_and_gets_no_list(line, phone, leave):
    with inside("north"):
        session = a_class(people=2).sessions.first()
        one, two = session.training_class.enrolments.order_by("id").values_list("pk", flat=True)
        waiting = new_ticket(
            User.objects.get(username="trainer"), User.objects.get(username="clerk")
        )
    phone.now = timezone.now() - timedelta(hours=2)
    phone.mark(session.pk, one)
    with inside("north"):
        leave(User.objects.get(username="trainer"), User.objects.get(username="manager"))
        device = Device.objects.get()
        assert (device.revoked_by.username, bool(device.revoke_reason)) == ("manager", True)
    phone.now = timezone.now() + timedelta(seconds=10)
    phone.mark(session.pk, two)
    assert line.ask("GET", "pack", token=phone.token).status_code == 403
    assert line.ask("GET", "status", token=phone.token).json()["device"] == "revoked"
    assert enrol(line, waiting, Phone()).status_code == 410
    line.send(phone)
    with inside("north"):
        read_pending()
        rows = Attendance.objects.order_by("enrolment_id")
        assert [(row.minutes, row.why) for row in rows] == [(180, []), (0, ["device_revoked"])]
        assert digest() == rebuild()
        # Back again: the phone has to be enrolled again.
        set_active(User.objects.get(username="trainer"), True, User.objects.get(username="manager"))
    assert line.ask("GET", "pack", token=phone.token).status_code == 403


def test_a_change_of_roles_that_keeps_attendance_keeps_the_phone(line, phone):
    with inside("north"):
        trainer = User.objects.get(username="trainer")
        set_roles(trainer, ["trainer", "examiner"], User.objects.get(username="manager"))
        assert Device.objects.get().revoked_at is None
    assert line.ask("GET", "pack", token=phone.token).status_code == 200


def test_a_right_that_was_taken_in_any_other_way_takes_the_list_too(line, phone):
    with inside("north"):
        User.objects.get(username="trainer").groups.clear()
    assert line.ask("GET", "pack", token=phone.token).status_code == 403
