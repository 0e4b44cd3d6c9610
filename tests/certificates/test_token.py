from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.token import (
    BadSignature,
    TokenError,
    UnknownKey,
    new_code,
    new_keypair,
    normalise_code,
    sign_token,
    token_matches,
    verify_token,
)
from tests.certificates.papers import CLAIMS

PRIVATE, PUBLIC = new_keypair()
TOKEN = sign_token(CLAIMS, "k-2026", PRIVATE, (1, 70_000))


def test_a_token_says_what_the_claims_say_and_the_public_key_alone_proves_it():
    token = verify_token(TOKEN, {"k-2026": PUBLIC})
    assert token_matches(token, CLAIMS)
    assert (token.number, token.hours) == (CLAIMS.number, "60")


@pytest.mark.parametrize("field", list(CLAIMS.as_json()))
def test_no_claim_can_be_edited_without_the_token_noticing(field):
    value = getattr(CLAIMS, field)
    other = value.replace(year=2020) if field.endswith("_on") else f"{value}1"
    token = verify_token(TOKEN, {"k-2026": PUBLIC})
    assert not token_matches(token, replace(CLAIMS, **{field: other}))


def test_no_character_of_a_token_can_be_changed():
    for index in range(len(TOKEN) - 1):
        other = "A" if TOKEN[index] != "A" else "B"
        with pytest.raises(TokenError):
            verify_token(TOKEN[:index] + other + TOKEN[index + 1 :], {"k-2026": PUBLIC})


def test_a_key_that_is_not_ours_proves_nothing():
    with pytest.raises(BadSignature):
        verify_token(TOKEN, {"k-2026": new_keypair()[1]})
    with pytest.raises(UnknownKey):
        verify_token(TOKEN, {"k-2025": PUBLIC})


@given(st.text(max_size=300) | st.text(alphabet="ABCabc0189-_", max_size=400))
def test_any_text_is_refused_in_one_way(text):
    with pytest.raises(TokenError):
        verify_token(text, {"k-2026": PUBLIC})


def test_a_token_is_looked_at_only_up_to_a_length():
    with pytest.raises(TokenError):
        verify_token("A" * 1_000_000, {})


def test_a_code_is_found_however_it_was_typed():
    code = new_code()
    assert len(code) == 20
    assert normalise_code(f" {code[:5].lower()}-{code[5:10]} {code[10:]}") == code
    assert normalise_code("oOiIlL０１") == "00111101"
