"""A village liaison's copy of a session's end is compared with the log, years later if need be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.fieldlog.rules.codes import (
    ALPHABET,
    as_typed,
    base32,
    check_letter,
    checked,
    read_witness,
    starts_between,
    witness_code,
)
from courses.fieldlog.rules.envelope import hash_of
from courses.fieldlog.services.project import read_pending
from lms.plugin.testing import inside
from tests.phone import Phone
from tests.story import a_class

HASHES = st.binary(min_size=32, max_size=32)


@given(st.integers(1, 2**53 - 1), HASHES)
def test_a_code_is_read_back_however_it_was_copied(seq, found):
    code = witness_code(seq, found)
    letters = base32(found, 10)
    for typed in (
        code,
        code.lower(),
        code.replace("0", "O").replace("1", "l"),
        f"  {code.replace('-', ' － ')} ",
        "".join(chr(ord(c) + 0xFEE0) for c in code),
    ):
        assert (read_witness(typed).seq, read_witness(typed).letters) == (seq, letters)
    low, high = starts_between(letters)
    assert low <= found <= high


@given(HASHES, st.integers(1, 10**6))
def test_the_qr_is_read_with_and_without_its_address(found, seq):
    tail = f"0a1b2c3d.{seq}.{found.hex()}"
    for typed in (tail, f"https://north.example.org/field/w#{tail}", tail.upper()):
        assert (read_witness(typed).seq, read_witness(typed).hash) == (seq, found.hex())
    assert read_witness(found.hex()).hash == found.hex()


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text):
    read_witness(text)
    checked(text)


@given(
    st.text(ALPHABET, min_size=1, max_size=12), st.integers(0, 12), st.sampled_from(list(ALPHABET))
)
def test_one_wrong_letter_of_a_checked_code_is_always_found(text, place, letter):
    code = text + check_letter(text)
    place %= len(code)
    wrong = code[:place] + letter + code[place + 1 :]
    assert checked(code.lower()) == code
    assert checked(wrong) == (code if wrong == code else None)


def test_the_example_of_the_protocol_has_ten_letters_of_the_hash():
    assert base32(bytes(32), 10) == "0000000000"
    assert base32(b"\xff" * 32, 52) == "Z" * 51 + "G"
    assert as_typed("184-3f7k2m9qxa") == "1843F7K2M9QXA"


@pytest.fixture
def closed(line, phone):
    """A phone that has written up to a session's end, at number 4."""
    with inside("north"):
        session = a_class(people=1).sessions.first()
        one = session.training_class.enrolments.get().pk
    phone.opens(session.pk)
    phone.mark(session.pk, one)
    phone.say("note", session=session.pk, text="下雪")
    phone.closes(session.pk, 1)
    phone.say("note", session=None, text="回家")
    return phone


def code_of(phone, place=3):
    return witness_code(place + 1, hash_of(phone.events[place]["body"]))


def asked(visit, code, role="manager"):
    answer = visit("north", role).post("/desk/witness/", {"code": code})
    assert answer.status_code == 200
    return answer.context


def test_an_event_with_all_before_it_is_whole(visit, line, closed):
    line.send(closed)
    with inside("north"):
        read_pending()
    said = asked(visit, code_of(closed).lower())
    assert said["answer"].state == "whole"
    assert said["answer"].reading.session.number == 1
    qr = f"https://x/field/w#{closed.uuid[:8]}.4.{hash_of(closed.events[3]['body']).hex()}"
    assert asked(visit, qr, "clerk")["answer"].state == "whole"


def test_what_is_missing_before_it_is_named(visit, line, closed):
    line.send(closed, [closed.events[0], closed.events[3]])
    answer = asked(visit, code_of(closed))["answer"]
    assert (answer.state, answer.gaps) == ("gaps", ((2, 3),))


def test_a_number_under_which_something_else_was_written_does_not_agree(visit, line, closed):
    line.send(closed)
    qr = f"{closed.uuid[:8]}.4.{'ab' * 32}"
    assert asked(visit, qr)["answer"].state == "other"


def test_an_event_that_has_not_come_names_the_phones_that_may_still_bring_it(visit, line, closed):
    line.send(closed, closed.events[:2])
    answer = asked(visit, code_of(closed))["answer"]
    assert answer.state == "unknown"
    assert [str(each.uuid) for each in answer.may_come] == [closed.uuid]
    line.send(closed)
    assert asked(visit, "4-0000000000")["answer"].may_come == ()


def test_a_history_that_does_not_follow_is_broken(visit, line, closed):
    other = Phone()
    other.__dict__ |= {k: v for k, v in vars(closed).items() if k != "events"}
    other.events = []
    other.say("note", session=None, text="另一份")
    line.send(closed, [other.events[0], *closed.events[1:]])
    with inside("north"):
        read_pending()
    answer = asked(visit, code_of(closed))["answer"]
    assert (answer.state, answer.broken) == ("broken", (2,))


@pytest.mark.parametrize("typed", ["", "184", "abc", "0-3F7K2M9QXA", "184-3F7K2M9QU!", "9" * 290])
def test_what_is_no_code_is_said_to_be_none(visit, line, typed):
    said = asked(visit, typed)
    assert said["fault"]
    assert "answer" not in said


def test_another_base_does_not_know_the_event(visit, line, closed):
    line.send(closed)
    answer = visit("south", "manager").post("/desk/witness/", {"code": code_of(closed)})
    assert answer.context["answer"].state == "unknown"


def test_the_page_behind_the_qr_is_public_and_says_nothing_of_anybody(visit, line, closed):
    line.send(closed)
    page = visit("north").get("/field/w")
    assert page.status_code == 200
    assert "见证码" in page.content.decode()
    assert "学员" not in page.content.decode()
