"""Anybody may hand in, so anybody may try to fill, to guess and to ask about others."""

import json
import re

import pytest

from courses.fieldlog.api import callers
from courses.fieldlog.models import FieldEvent, Quarantined
from courses.fieldlog.services import quarantine
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.phone import Phone
from tests.story import a_class


def junk(count, size, start=0):
    return [{"body": f"{n:06}" + "x" * size, "sig": ""} for n in range(start, start + count)]


def kept():
    with inside("north"):
        return Quarantined.objects.count()


def reasons(said):
    return [each["reason"] for each in said["results"]]


def test_strangers_fill_their_share_of_an_hour_and_nothing_more(line, phone, monkeypatch):
    monkeypatch.setattr(quarantine, "HOURLY", 10_000)
    said = line.send(phone, junk(20, 1000), token=False)
    assert {each["result"] for each in said["results"]} == {"quarantined"}
    assert reasons(said) == ["not_an_event"] * 7 + ["quarantine_full"] * 13
    assert reasons(line.send(phone, junk(1, 1000, 50), token=False)) == ["quarantine_full"]
    assert kept() == 7


def test_what_a_known_phone_has_signed_or_brings_is_kept_however_full_it_is(
    line, phone, monkeypatch
):
    monkeypatch.setattr(quarantine, "HOURLY", 0)
    monkeypatch.setattr(quarantine, "MOST", 0)
    phone.say("note", session=None, text="我在")
    said = line.send(phone, [*junk(1, 10), *phone.events], token=False)
    assert [each["result"] for each in said["results"]] == ["quarantined", "stored"]
    assert reasons(line.send(phone, junk(1, 10))) == ["not_an_event"]
    with inside("north"):
        assert FieldEvent.objects.filter(device__isnull=False).count() == kept() == 1


def test_small_items_count_by_the_room_that_a_row_takes(line, phone, monkeypatch):
    monkeypatch.setattr(quarantine, "HOURLY", 10 * (quarantine.ROW + 2))
    line.send(phone, list(range(10, 99)), token=False)
    assert kept() == 10


def test_the_same_junk_again_takes_no_more_room(line, phone):
    for _ in range(3):
        line.send(phone, junk(2, 100) * 2, token=False)
    assert kept() == 2


def test_a_full_quarantine_takes_nothing_more_from_strangers(line, phone, monkeypatch):
    monkeypatch.setattr(quarantine, "MOST", 1)
    assert reasons(line.send(phone, junk(1, 10), token=False)) == ["quarantine_full"]


def test_a_flood_without_a_token_is_held_back_and_a_known_phone_is_not(line, phone, monkeypatch):
    monkeypatch.setattr(callers, "ANONYMOUS_AN_HOUR", 3)
    phone.say("note", session=None, text="我在")
    for path in ("batches", f"receipt?device={phone.uuid}", "blobs/" + "0" * 64):
        method = {"batches": "POST"}.get(path, "GET" if "?" in path else "HEAD")
        assert line.ask(method, path, {"events": []}).status_code in (200, 404)
    for method, path in (
        ("POST", "batches"),
        ("GET", f"receipt?device={phone.uuid}"),
        ("PUT", "blobs/" + "0" * 64),
    ):
        answer = line.ask(method, path, {"events": []})
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_often")
        assert answer["X-Trainbase"] == "field/1"
    assert [each["result"] for each in line.send(phone)["results"]] == ["stored"]


def test_guessing_tokens_is_held_back(line, monkeypatch):
    monkeypatch.setattr(callers, "ANONYMOUS_AN_HOUR", 3)
    codes = [line.ask("GET", "pack", token=f"guess{n}").status_code for n in range(5)]
    assert codes == [401, 401, 401, 429, 429]


def test_a_receipt_names_nobody(line, phone):
    with inside("north"):
        session = a_class(people=2).sessions.first()
        people = list(session.training_class.enrolments.select_related("trainee"))
        trainer = User.objects.get(username="trainer")
        secrets = [each.trainee.name for each in people] + [str(trainer), phone.token]
        phone.mark(session.pk, people[0].pk)
    line.send(phone)
    answer = line.ask("GET", f"receipt?device={phone.uuid}")
    text = answer.content.decode()
    assert not [each for each in secrets if each in text]
    body = json.loads(answer.json()["receipt"]["body"])
    assert set(body) == {
        "v", "device", "at", "contiguous", "chain_head", "highest", "head", "gaps", "forks",
        "missing_blobs", "unreadable", "lost",
    }  # fmt: skip
    assert not re.search(r"\d{17}[\dX]", text)


@pytest.mark.parametrize("uuid", ["", "x", "0" * 32, "' OR 1=1 --"])
def test_a_receipt_of_nobody_says_only_that(line, uuid):
    answer = line.ask("GET", f"receipt?device={uuid}")
    assert answer.status_code in (404, 400)
    assert answer.json()["error"]["zh"]


def test_nesting_as_deep_as_can_be_read_is_one_bad_item(line, phone):
    phone.say("note", session=None, text="我在")
    for depth in range(100, 1000, 25):
        deep = b"[" * depth + b"]" * depth
        event = json.dumps(phone.events[0]).encode()
        sent = b'{"events": [' + deep + b"," + event + b"]}"
        answer = line.ask("POST", "batches", sent, phone.token)
        assert answer.status_code in (200, 400), depth
        if answer.status_code == 200:
            assert answer.json()["results"][1]["result"] in ("stored", "duplicate")


def test_a_stranger_cannot_speak_for_a_phone(line, phone):
    other = Phone()
    other.uuid, other.kid, other.sealing = phone.uuid, phone.kid, phone.sealing
    other.say("note", session=None, text="我是他")
    assert reasons(line.send(other, token=False)) == ["bad_signature"]
    said = phone.believes(line.send(phone, [])["receipt"])
    assert (said["contiguous"], said["head"]) == (0, 0)
