"""Whatever a payload holds, the event is kept, its reading says what it is, and reading goes on."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.directory.models import Presence
from courses.fieldlog.models import FieldEvent, Reading, SessionLog, Unread
from courses.fieldlog.rules.envelope import hash_of
from courses.fieldlog.rules.payloads import Unreadable, read_payload
from courses.fieldlog.services.project import digest, read_pending, rebuild, resettle
from courses.fieldlog.services.review import review_session
from courses.models import Attendance, VillageSession
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.story import a_class, ids

HASH = "ab" * 32
PERSON = {"enrolment": 1}
FITTING = {
    "session_opened": {"session": 1, "place": "村部", "photo": HASH, "position": None},
    "mark": {"session": 1, "person": PERSON, "mark": "present", "minutes": 180, "how": "tap"},
    "signature": {"session": 1, "person": PERSON, "image": HASH},
    "walk_in": {
        "session": 1,
        "walk_in": "00000000-0000-4000-8000-000000000001",
        "name": "路人",
        "id_number": ids(1)[0],
        "phone": "",
        "village": "",
    },
    "roll_call": {"session": 1, "asked_at": "2026-11-25T01:02:03Z", "asked": [PERSON], "here": []},
    "photo": {"session": 1, "image": HASH, "note": ""},
    "position": {"session": 1, "position": {"lat": 42.9, "lon": 129.5, "accuracy": 30.0}},
    "session_closed": {
        "session": 1,
        "headcount": 3,
        "minutes": 180,
        "photo": None,
        "head": {"seq": 1, "hash": HASH},
    },
    "session_reopened": {"session": 1, "reason": "来了人"},
    "note": {"session": None, "text": "天气冷"},
    "loss": {"device": "00000000-0000-4000-8000-000000000001", "from": 1, "to": 2, "reason": ""},
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.just("\0"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)


def test_each_kind_of_the_protocol_is_read():
    for kind, members in FITTING.items():
        said = read_payload(json.dumps({"kind": kind, **members}).encode(), from_phone=True)
        assert said.kind == kind


@given(kind=st.sampled_from(sorted(FITTING)), data=st.data(), value=anything)
def test_a_bent_member_is_unreadable_or_can_be_kept(kind, data, value):
    members = dict(FITTING[kind])
    members[data.draw(st.sampled_from(sorted(members)))] = value
    try:
        said = read_payload(json.dumps({"kind": kind, **members}).encode(), from_phone=True)
    except Unreadable:
        return
    assert "\\u0000" not in json.dumps(said.model_dump(mode="json"))


@given(st.binary(max_size=60) | anything.map(lambda each: json.dumps(each).encode()))
def test_what_is_no_payload_is_unreadable(data):
    with pytest.raises(Unreadable):
        read_payload(data, from_phone=True)


@pytest.mark.parametrize("member", ["name", "phone", "village"])
def test_a_text_that_the_database_cannot_keep_does_not_stop_the_reading(line, phone, member):
    with inside("north"):
        session = a_class(people=1).sessions.first().pk
    phone.say("walk_in", **FITTING["walk_in"] | {"session": session, member: "\0"})
    phone.say("note", session=session, text="后来的")
    line.send(phone)
    with inside("north"):
        assert read_pending() == 2
        faults = Reading.objects.order_by("event__seq").values_list("fault", flat=True)
        assert list(faults) == ["payload_malformed", ""]


FAR_OFF = ["+23:59", "-23:59", "+16:00", "+15:59:59.999999"]


@pytest.mark.parametrize("offset", FAR_OFF)
@pytest.mark.parametrize("member", ["wall", "contact"])
def test_a_moment_in_a_zone_that_is_none_is_read_in_utc(line, phone, member, offset):
    text = f"2026-11-20T01:02:03{offset}"
    with inside("north"):
        session = a_class(people=1).sessions.first().pk
    given = {"wall": text} if member == "wall" else {"contact": {"at": text}}
    payload = {"kind": "note", "session": session, "text": "走错了时区"}
    body = json.dumps(json.loads(phone.body(payload)) | given)
    phone.events.append(phone.signed(body))
    phone.say("note", session=session, text="后来的")
    line.send(phone)
    with inside("north"):
        assert read_pending() == 2
        first = Reading.objects.order_by("event__seq").first()
        assert first.fault == ""
        at = first.at if member == "wall" else first.not_before
        assert at == datetime.fromisoformat(text)
        assert digest() == rebuild()


@pytest.mark.parametrize("member", ["kid", "pack"])
def test_half_a_surrogate_pair_is_asked_of_no_database(line, phone, member):
    with inside("north"):
        session = a_class(people=1).sessions.first().pk
    payload = {"kind": "note", "session": session, "text": "怪字"}
    body = phone.body(payload, **{member: "\ud800"})
    phone.say("note", session=session, text="后来的")
    line.send(phone, [phone.signed(body), *phone.events])
    with inside("north"):
        assert read_pending() in (1, 2)
        assert Reading.objects.filter(fault="").exists()
        assert SessionLog.objects.get().flags != [["unsettled", ""]]
        assert digest() == rebuild()


NOT_FORESEEN = ["no json", json.dumps({"wall": "2026-11-20T01:02:03+23:59", "payload": {}})]


@pytest.mark.parametrize("body", NOT_FORESEEN)
def test_what_nobody_foresaw_stops_at_itself_and_is_said(line, phone, body, visit):
    """Rows that no service of ours writes: they stand for whatever we have not thought of."""
    with inside("north"):
        session = a_class(people=1).sessions.first()
        person = session.training_class.enrolments.get().pk
        clerk = User.objects.get(username="clerk")
        event = FieldEvent.objects.create(
            source="desk", by=clerk, hash=hash_of(body), body=body, received_at=timezone.now()
        )
        Unread.objects.create(events=[event.pk])
    phone.opens(session.pk)
    phone.mark(session.pk, person)
    line.send(phone)
    with inside("north"):
        read_pending()
        assert not Unread.objects.exists()
        assert Reading.objects.get(event=event).fault == "unreadable"
        assert Attendance.objects.get().minutes == 180
        assert digest() == rebuild()
    page = visit("north", "clerk").get(reverse("unreadable")).content.decode()
    assert "服务器处理这条记录时出错" in page


def test_a_session_that_cannot_be_settled_holds_up_no_other(line, phone):
    with inside("north"):
        classes = [a_class(code, people=1) for code in ("T-01", "T-02")]
        one, other = [each.sessions.order_by("number").first() for each in classes]
        people = [each.enrolments.get().pk for each in classes]
        VillageSession.objects.filter(pk=other.pk).update(held_on=other.held_on + timedelta(days=9))
    for session, person in zip((one, other), people, strict=True):
        phone.mark(session.pk, person)
    line.send(phone)
    with inside("north"):
        read_pending()
        # A reading as no release writes it.
        Reading.objects.filter(session=one, kind="mark").update(said={})
        resettle({one.pk, other.pk})
        assert SessionLog.objects.get(session=one).flags == [["unsettled", ""]]
        assert [row.session for row in Presence.objects.all()] == [other.pk]
        assert [row.session_id for row in Attendance.objects.all()] == [other.pk]
        with pytest.raises(ValidationError, match="nothing to review"):
            review_session(one, "accepted", User.objects.get(username="manager"))
        rebuild()
        assert Attendance.objects.count() == 2
