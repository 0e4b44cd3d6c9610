"""An app that was not renewed for years hands in as ever: what was added since is not asked of it."""

import json

import pytest

from courses.fieldlog.models import FieldEvent, Reading, SessionLog
from courses.fieldlog.services.project import digest, read_pending, rebuild
from courses.models import Attendance
from lms.plugin.testing import inside
from tests.story import a_class, ids

#: Three releases back: what the envelope and the payloads of its time did not have.
OLD_APP = "0.7.0"
ENVELOPE = ("mono", "boot", "contact", "pack", "blobs")
HASH = "ab" * 32


@pytest.fixture
def session(line):
    with inside("north"):
        return a_class(people=3).sessions.first()


@pytest.fixture
def people(session):
    with inside("north"):
        return list(session.training_class.enrolments.order_by("id").values_list("pk", flat=True))


def says(phone, without=(), **payload):
    """An event as the old app writes it: of version 1, and with less in it."""
    named = [payload["image"]] if "image" in payload and "blobs" not in without else []
    body = json.loads(phone.body(payload, named, app=OLD_APP))
    phone.events.append(
        phone.signed(json.dumps({k: v for k, v in body.items() if k not in without}))
    )


def a_day(phone, session, people, without=()):
    def say(kind, **members):
        says(phone, without, kind=kind, session=session.pk, **members)

    say("session_opened", place="村部")
    for person in people[:2]:
        say("mark", person={"enrolment": person}, mark="present", minutes=180)
    say("mark", person={"enrolment": people[2]}, mark="late", minutes=90)
    stranger = "00000000-0000-4000-8000-000000000001"
    say("walk_in", walk_in=stranger, name="路过的人", id_number=ids(9)[8])
    say("mark", person={"walk_in": stranger}, mark="present", minutes=180)
    say("photo", image=HASH)
    say("session_closed", headcount=4, minutes=180, head=phone.head)
    says(phone, without, kind="note", text="回程")
    says(phone, without, kind="loss", device=str(phone.uuid), **{"from": 90, "to": 91})


@pytest.mark.parametrize("without", [(), *[(name,) for name in ENVELOPE], ENVELOPE])
def test_events_of_an_app_three_releases_back_are_stored_and_read(
    line, phone, session, people, without
):
    a_day(phone, session, people, without)
    sent = {"device": str(phone.uuid), "events": phone.events}  # it told no head yet
    answer = line.ask("POST", "batches", sent, phone.token)
    assert answer.status_code == 200
    assert {each["result"] for each in answer.json()["results"]} == {"stored"}
    receipt = phone.believes(answer.json()["receipt"])
    assert (receipt["contiguous"], receipt["gaps"]) == (10, [])
    with inside("north"):
        read_pending()
        assert digest() == rebuild()
        assert FieldEvent.objects.filter(body__contains=f'"app": "{OLD_APP}"').count() == 10
        assert set(Reading.objects.values_list("fault", flat=True)) == {""}
        rows = Attendance.objects.filter(session=session).order_by("enrolment_id")
        assert [(row.mark, row.minutes, row.why) for row in rows] == [
            ("present", 180, []), ("present", 180, []), ("late", 90, []),
        ]  # fmt: skip
        log = SessionLog.objects.get(session=session)
        assert (log.place, log.headcount, log.walk_ins, log.grade != "") == ("村部", 4, 1, True)
    assert ("ab" * 32 in receipt["missing_blobs"]) is ("blobs" not in without)


def test_an_old_apps_receipt_has_all_that_it_looks_for(line, phone):
    says(phone, kind="note", text="一")
    receipt = phone.believes(line.send(phone)["receipt"])
    old = {"v", "device", "at", "contiguous", "chain_head", "highest", "head", "gaps", "forks"}
    assert old | {"missing_blobs", "unreadable"} <= receipt.keys()
