"""An operator hands in what a phone has exported, proves the projection, and sees what is behind."""

import hashlib
import io
import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.directory.models import FieldLag
from courses.fieldlog.models import Blob, FieldEvent, Quarantined
from courses.fieldlog.rules.envelope import b64
from courses.fieldlog.services.handin import hand_in, read_outbox
from courses.models import Attendance
from lms.plugin.testing import inside
from tests.phone import Phone
from tests.story import a_class

PHOTO = b"\x89PNG not really" * 40_000  # three pieces


def run(name, *given):
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *given, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def written(line, phone):
    """A phone that has taught one session of one person, with a photo, and sent nothing."""
    with inside("north"):
        session = a_class(people=1).sessions.first()
        person = session.training_class.enrolments.get().pk
    phone.opens(session.pk, photo=hashlib.sha256(PHOTO).hexdigest())
    phone.mark(session.pk, person)
    phone.closes(session.pk, 1)
    return phone


def outbox(phone, **other):
    return {
        "format": "trainbase-outbox/1",
        "base": "north.localhost",
        "device": phone.uuid,
        "head": phone.head,
        "events": phone.events,
        "blobs": {hashlib.sha256(PHOTO).hexdigest(): b64(PHOTO)},
    } | other


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "outbox.tbx"
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        path.write_bytes(text)
        return str(path)

    return write


def counts():
    with inside("north"):
        return (
            FieldEvent.objects.count(),
            Blob.objects.filter(whole_at__isnull=False).count(),
            list(Attendance.objects.values_list("mark", "minutes")),
        )


def test_a_file_is_handed_in_with_its_photos_and_read_and_twice_changes_nothing(written, file):
    path = file(outbox(written))
    said = json.loads(run("field_handin", path, "--json")[0])
    assert [each["result"] for each in said["events"]] == ["stored"] * 3
    assert list(said["blobs"].values()) == ["stored"]
    assert (said["arrived"]["contiguous"], said["arrived"]["missing_blobs"]) == (3, [])
    first = counts()
    assert first == (3, 1, [("present", 180)])
    said = json.loads(run("field_handin", path, "--json")[0])
    assert {each["result"] for each in said["events"]} == {"duplicate"}
    assert list(said["blobs"].values()) == ["duplicate"]
    assert counts() == first


def test_people_read_what_has_come_and_what_is_missing(written, file):
    text, _err = run("field_handin", file(outbox(written, events=written.events[1:], blobs={})))
    assert "stored 2" in text
    assert "缺 1-1" in text


def test_what_was_declared_lost_is_named_with_its_reason(written, line, file):
    heir = line.enrol()
    heir.say("loss", device=str(written.uuid), **{"from": 1, "to": 1, "reason": "存储被清"})
    line.send(heir)
    path = file(outbox(written, events=written.events[2:], blobs={}))
    said = json.loads(run("field_handin", path, "--json")[0])
    [lost] = said["arrived"]["lost"]
    assert (lost["first"], lost["last"], lost["reason"]) == (1, 1, "存储被清")
    text, _err = run("field_handin", path)
    assert "缺 2-2" in text and "丢失 1-1：存储被清" in text


def test_one_bad_item_holds_up_no_other_and_fails_the_command(written, file):
    forged = {"body": written.events[0]["body"], "sig": written.events[1]["sig"]}
    other = {"ab" * 32: b64(b"x"), "no hash": "", "cd" * 32: "%%"}
    bad = outbox(written, events=[forged, None, *written.events])
    bad["blobs"] |= other
    with pytest.raises(CommandError) as refused:
        run("field_handin", file(bad))
    for part in ("bad_signature", "not_an_event", "blob_not_named", "not_a_hash", "not_base64"):
        assert part in str(refused.value)
    assert counts()[:2] == (3, 1)
    with inside("north"):
        assert Quarantined.objects.count() == 2


def test_an_item_that_json_itself_stumbles_over_holds_up_no_other(written, file):
    """A file that a damaged card gave back: bytes that are no text, in the middle of one event."""
    content = json.dumps(outbox(written, blobs={}, events=["@"])).encode()
    good = [json.dumps(each).encode() for each in written.events]
    bad = [b'{"body": "\xff\xfe"}', b"9" * 5000, b"[" * 9000 + b"]" * 9000]
    content = content.replace(b'"@"', b",".join([*bad, *good]))
    with pytest.raises(CommandError, match="not_an_event"):
        run("field_handin", file(content))
    assert counts()[0] == 3


def test_more_than_a_batch_is_taken_in_all_the_same(line, phone, file):
    for _ in range(130):
        phone.say("note", session=None, text="长" * 400)
    said = json.loads(run("field_handin", file(outbox(phone, blobs={})), "--json")[0])
    assert said["arrived"]["contiguous"] == 130


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"\xff\xfe\x00",
        b'{"format": "trainbase-outbox/1", "events": [',
        b"[" * 100_000,
        b"[]",
        b'"x"',
        b'{"format": "trainbase-outbox/2", "events": []}',
        b'{"format": "trainbase-outbox/1", "events": {}}',
        b'{"format": "trainbase-outbox/1", "events": [], "blobs": []}',
        b'{"format": "trainbase-outbox/1", "events": [], "base": "\\u0000\\ud800"}',
        b'{"format": "trainbase-outbox/1", "events": [], "base": "centre.localhost"}',
    ],
)
def test_a_file_that_is_none_is_refused_in_two_languages_with_what_to_do(db, file, content):
    with pytest.raises(CommandError, match=" / "):
        run("field_handin", file(content))


def test_a_file_that_is_not_there_is_said_to_be_missing(db, tmp_path):
    with pytest.raises(CommandError, match="读不了文件"):
        run("field_handin", str(tmp_path / "none.tbx"))


def test_a_base_that_has_moved_to_another_host_is_named_by_hand(written, file):
    path = file(outbox(written, base="old.example.org"))
    with pytest.raises(CommandError, match="--base"):
        run("field_handin", path)
    run("field_handin", path, "--base", "north")
    assert counts()[0] == 3


def test_a_file_for_another_base_is_kept_apart_there(written, file):
    with pytest.raises(CommandError, match="unknown_device"):
        run("field_handin", file(outbox(written)), "--base", "south")
    assert counts()[0] == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(JSON, max_size=5), st.dictionaries(st.text(max_size=6), JSON, max_size=3))
def test_whatever_a_file_holds_is_judged_item_by_item(north, events, files):
    content = json.dumps({"format": "trainbase-outbox/1", "events": events, "blobs": files})
    done = hand_in(read_outbox(content.encode()))
    assert len(done.events) == len(events)
    assert set(done.blobs) == set(files)
    assert {each.result for each in done.events} <= {"quarantined"}


def test_a_rebuild_says_the_same_as_before(written, line):
    line.send(written)
    said = json.loads(run("field_rebuild", "--base", "north", "--json")[0])
    assert said["same"]
    text, progress = run("field_rebuild", "--base", "north")
    assert said["before"] in text
    assert "3 / 3" in progress


def test_a_projection_that_somebody_wrote_into_is_found_out_and_put_right(written, line):
    line.send(written)
    run("field_rebuild", "--base", "north")
    with inside("north"):
        Attendance.objects.update(minutes=1)
    with pytest.raises(CommandError, match="somebody"):
        run("field_rebuild", "--base", "north")
    assert counts()[2] == [("present", 180)]
    run("field_rebuild", "--base", "north")


def test_the_status_of_a_base_is_printed_and_published(written, line):
    line.send(written, written.events[:1])
    rows = json.loads(run("field_status", "--base", "north", "--json")[0])["rows"]
    assert [row["scope"] for row in rows] == ["base", "device", "village"]
    assert rows[1]["blobs"] == 1
    assert FieldLag.objects.get().blobs_missing == 1
    assert "days silent" in run("field_status", "--base", "north")[0]


def test_a_phone_of_another_make_is_no_help(db, file):
    stranger = Phone()
    with pytest.raises(CommandError, match="--base"):
        run("field_handin", file(outbox(stranger, base="nowhere", device="x")))
