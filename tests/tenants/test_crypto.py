import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.crypto import SealError, keyed_digest, seal, sealed_key_id, unseal


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_with_the_same_purpose_and_context_only(plain):
    blob = seal(plain, "ids", b"base-1")
    assert unseal(blob, "ids", b"base-1") == plain
    assert sealed_key_id(blob)
    for purpose, context in (("ids", b"base-2"), ("files", b"base-1")):
        with pytest.raises(SealError):
            unseal(blob, purpose, context)


def test_no_byte_of_a_sealed_value_can_be_changed():
    blob = seal(b"220101199001010011", "ids", b"")
    for index in range(len(blob)):
        with pytest.raises(SealError):
            unseal(blob[:index] + bytes([blob[index] ^ 1]) + blob[index + 1 :], "ids", b"")


@given(st.binary(max_size=60))
def test_anything_else_is_refused_in_one_way(blob):
    with pytest.raises(SealError):
        unseal(blob, "ids", b"")


def test_a_digest_finds_the_same_text_and_differs_by_purpose_and_context():
    first = keyed_digest("220101199001010011", "ids", b"a")
    assert first == keyed_digest("220101199001010011", "ids", b"a")
    assert first != keyed_digest("220101199001010011", "ids", b"b")
    assert first != keyed_digest("220101199001010011", "register", b"a")
    assert len(first) == 32
