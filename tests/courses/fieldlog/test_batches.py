"""What arrives is kept, once, whoever brings it and in whatever order."""

import json

import pytest

from courses.fieldlog.models import FieldEvent, Quarantined
from courses.fieldlog.rules.envelope import hash_of
from courses.fieldlog.services import receipts
from courses.fieldlog.services.project import read_pending
from courses.models import Attendance
from lms.plugin.testing import inside
from tests.phone import Phone
from tests.story import a_class

MARKS = ("present", "present", "absent")
DEEP = b"[" * 60_000 + b"]" * 60_000


@pytest.fixture
def session(line):
    with inside("north"):
        return a_class(people=3).sessions.first()


def people(session):
    with inside("north"):
        return list(session.training_class.enrolments.order_by("id").values_list("pk", flat=True))


def teaches(phone, session):
    phone.opens(session.pk)
    for person, mark in zip(people(session), MARKS, strict=True):
        phone.mark(session.pk, person, mark, 180 if mark == "present" else 0)
    phone.closes(session.pk, 2)


def read(session):
    with inside("north"):
        read_pending()
        rows = Attendance.objects.filter(session=session).order_by("enrolment_id")
        return [(row.mark, row.minutes, row.why) for row in rows]


def test_a_session_taught_offline_arrives_and_is_read(line, phone, session):
    teaches(phone, session)
    said = line.send(phone)
    assert [each["result"] for each in said["results"]] == ["stored"] * 5
    receipt = phone.believes(said["receipt"])
    assert (receipt["contiguous"], receipt["head"], receipt["gaps"]) == (5, 5, [])
    assert receipt["chain_head"] == phone.head["hash"]
    assert read(session) == [("present", 180, []), ("present", 180, []), ("absent", 0, [])]


def test_a_batch_that_comes_twice_is_stored_once(line, phone, session):
    teaches(phone, session)
    line.send(phone)
    again = line.send(phone, [*phone.events, phone.events[0]])
    assert {each["result"] for each in again["results"]} == {"duplicate"}
    with inside("north"):
        assert FieldEvent.objects.filter(device__isnull=False).count() == 5


def test_the_receipt_names_what_has_not_come(line, phone, session):
    teaches(phone, session)
    said = line.send(phone, [phone.events[0], phone.events[3]])
    receipt = phone.believes(said["receipt"])
    assert (receipt["contiguous"], receipt["highest"]) == (1, 4)
    assert receipt["gaps"] == [[2, 3], [5, 5]]
    said = line.send(phone, phone.events[1:3])
    assert phone.believes(said["receipt"])["gaps"] == [[5, 5]]


def test_anybody_may_hand_in_what_a_device_has_signed(line, phone, session):
    teaches(phone, session)
    said = line.send(phone, token=False)
    assert phone.believes(said["receipt"])["contiguous"] == 5
    assert read(session)[0] == ("present", 180, [])


def test_one_bad_item_does_not_hold_up_the_others(line, phone, session):
    teaches(phone, session)
    first, second, third, *rest = phone.events
    forged = Phone()
    forged.uuid, forged.kid, forged.sealing = phone.uuid, phone.kid, phone.sealing
    bad = [
        None,
        7,
        {},
        {"body": first["body"]},
        {"body": first["body"][:-5], "sig": first["sig"]},
        {"body": "{}", "sig": first["sig"]},
        {"body": "[" * 20000, "sig": ""},
        {"body": first["body"], "sig": second["sig"]},
        {"body": first["body"].replace('"v":1', '"v":1,"x":"\\u0000"'), "sig": first["sig"]},
        {"body": first["body"].replace('"seq":1', '"seq":true'), "sig": first["sig"]},
        {"body": "x" * 40_000, "sig": first["sig"]},
        forged.say("note", session=None, text="不是我"),
        Phone.signed(forged, second["body"]),
    ]
    said = line.send(phone, [first, *bad, second, third, *rest])
    results = [each["result"] for each in said["results"]]
    assert results == ["stored", *["quarantined"] * len(bad), *["stored"] * 4]
    reasons = {each["reason"] for each in said["results"]} - {""}
    assert reasons == {"not_an_event", "too_large", "bad_signature"}
    with inside("north"):
        assert Quarantined.objects.count() == len(bad)
    assert phone.believes(said["receipt"])["contiguous"] == 5


@pytest.mark.parametrize(
    "bad",
    [
        DEEP,
        b'{"body": ' + DEEP + b', "sig": ""}',
        b'{"a": [' * 9000 + b"1" + b"]}" * 9000,
        b"9" * 5000,
        b'{"body": "x", "sig": ' + b"9" * 5000 + b"}",
        b'{"body": "\xff\xfe", "sig": ""}',
        b'{"body": "\xed\xa0\x80 [[[", "sig": "\\ud800"}',
        b'{"body": "{\\"seq\\": ' + b"9" * 5000 + b'}", "sig": ""}',
    ],
    ids=["deep", "deep body", "deep both", "digits", "sig of digits", "bytes", "surrogate", "seq"],
)
def test_an_item_that_json_itself_stumbles_over_spoils_no_other(line, phone, session, bad):
    teaches(phone, session)
    good = [json.dumps(each).encode() for each in phone.events]
    content = b'{"device": "%s", "events": [%s]}' % (
        phone.uuid.encode(), b",".join([good[0], bad, *good[1:]])
    )  # fmt: skip
    answer = line.ask("POST", "batches", content, phone.token)
    assert answer.status_code == 200, answer.content
    results = [each["result"] for each in answer.json()["results"]]
    assert results == ["stored", "quarantined", *["stored"] * 4]
    with inside("north"):
        assert Quarantined.objects.get().reason == "not_an_event"


def test_what_stands_deep_beside_an_event_does_not_touch_it(line, phone, session):
    event = phone.say("note", session=session.pk, text="天气冷")
    item = json.dumps(event).encode()[:-1] + b', "more": ' + DEEP + b"}"
    answer = line.ask("POST", "batches", b'{"events": [%s]}' % item, phone.token)
    assert [each["result"] for each in answer.json()["results"]] == ["stored"]


def test_another_bases_phone_is_unknown_here_and_nothing_of_it_is_read(line, session):
    stranger = type(line)("south").enrol()
    stranger.say("note", session=None, text="走错了")
    said = line.send(stranger)
    assert said["results"][0]["reason"] == "unknown_device"
    assert said["receipt"] is None
    with inside("north"):
        assert not FieldEvent.objects.filter(device__isnull=False).exists()
        assert Quarantined.objects.get().reason == "unknown_device"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<html>", 400, "not_json"),
        (b"[]", 400, "not_json"),
        (b'{"events": 1}', 400, "not_json"),
        (b'{"events": [', 400, "not_json"),
        (b'{"events": [' + b"[" * 60_000, 400, "not_json"),
        (b'{"events": ["' + DEEP, 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        (b'{"events": [' + b"1," * 100 + b"1]}", 413, "batch_too_large"),
        (b" " * (256 * 1024 + 1), 413, "batch_too_large"),
    ],
)
def test_a_request_in_which_nothing_can_be_told_apart_is_refused_with_what_to_do(
    line, phone, content, status, code
):
    answer = line.ask("POST", "batches", content, phone.token)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["zh"] and answer.json()["error"]["en"]
    assert answer["X-Trainbase"] == "field/1"


@pytest.mark.parametrize("path", ["batches", "enrol"])
def test_a_form_is_no_json_and_fifty_megabytes_are_not_read(line, path):
    answer = line.client.post(f"/api/field/v1/{path}", {"events": "1"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_json")
    answer = line.ask("POST", path, b" " * 50_000_000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "batch_too_large")
    assert line.ask("PUT", f"blobs/{'a' * 64}", b" " * 50_000_000).status_code == 413


def test_two_histories_under_one_number_are_both_kept_and_named(line, phone, session):
    one, *_ = people(session)
    phone.opens(session.pk)
    before = list(phone.events)
    phone.mark(session.pk, one)
    first = list(phone.events)
    phone.events = before
    phone.mark(session.pk, one, "absent", 0)
    line.send(phone, first)
    receipt = phone.believes(line.send(phone)["receipt"])
    assert receipt["forks"] == [2]
    assert read(session) == [("absent", 0, ["devices_disagree"])] or read(session) == [
        ("present", 0, ["devices_disagree"])
    ]


def test_an_event_of_a_later_version_is_kept_and_said_to_be_unreadable(line, phone, session):
    phone.events.append(phone.signed(phone.body({"kind": "mark"}, v=2, more=[1])))
    phone.say("dance", session=session.pk)
    phone.say("mark", session=session.pk, person={"enrolment": 1}, mark="present")
    phone.mark(session.pk, 10**9)
    phone.mark(10**9, people(session)[0])
    phone.mark(session.pk, people(session)[0], "present", 1)
    body = phone.body({"kind": "note", "session": None, "text": "x"})
    broken = json.loads(body)
    broken["sealed"] = broken["sealed"][:-4] + "AAAA"
    phone.events.append(phone.signed(json.dumps(broken)))
    said = line.send(phone)
    assert {each["result"] for each in said["results"]} == {"stored"}
    read(session)
    unreadable = phone.believes(line.send(phone, [])["receipt"])["unreadable"]
    assert [each["reason"] for each in unreadable] == [
        "version_unknown",
        "kind_unknown",
        "payload_malformed",
        "not_on_list",
        "session_unknown",
        "minutes_impossible",
        "seal_broken",
    ]
    assert phone.believes(line.send(phone, [])["receipt"])["contiguous"] == 7


def test_the_hash_of_a_result_is_that_of_the_body(line, phone):
    event = phone.say("note", session=None, text="天气冷")
    assert line.send(phone)["results"][0]["hash"] == hash_of(event["body"]).hex()


def test_beyond_what_a_receipt_can_name_it_vouches_for_nothing(line, phone, monkeypatch):
    monkeypatch.setattr(receipts, "MOST_LISTED", 2)
    for _ in range(10):
        phone.say("note", session=None, text="记")
    said = line.send(phone, phone.events[::2])  # 1, 3, 5, 7, 9: four gaps and the last
    receipt = phone.believes(said["receipt"])
    assert receipt["gaps"] == [[2, 2], [4, 4]]
    assert receipt["highest"] == 5  # the sixth is missing, and not named
    assert receipt["contiguous"] == 1
    receipt = phone.believes(line.send(phone, phone.events[1:8])["receipt"])
    assert (receipt["contiguous"], receipt["highest"], receipt["gaps"]) == (9, 9, [[10, 10]])


def test_a_photo_that_a_receipt_cannot_name_keeps_its_event_from_being_covered(
    line, phone, monkeypatch
):
    monkeypatch.setattr(receipts, "MOST_LISTED", 2)
    names = [f"{n:064x}" for n in (9, 8, 7)]
    for name in names:
        phone.say("photo", [name], session=1, image=name, note="")
    receipt = phone.believes(line.send(phone)["receipt"])
    assert receipt["missing_blobs"] == sorted(names[:2])
    assert (receipt["contiguous"], receipt["highest"]) == (2, 2)
    assert receipt["chain_head"] == hash_of(phone.events[1]["body"]).hex()
    assert receipt["head"] == 3
