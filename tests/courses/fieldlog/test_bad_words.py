"""Whatever a payload holds, the event is kept, its reading says what it is, and reading goes on."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.fieldlog.models import Reading
from courses.fieldlog.rules.payloads import Unreadable, read_payload
from courses.fieldlog.services.project import read_pending
from lms.plugin.testing import inside
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
