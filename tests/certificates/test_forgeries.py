"""No token is believed that a key of ours has not signed, and none in a second spelling."""

import pytest

from certificates.token import TokenError, verify_token
from tests.certificates.forgeries import Forger

FORGER = Forger(seed=6)


def test_of_5000_forged_tokens_none_is_accepted_and_none_breaks_the_reader():
    accepted = []
    for text in FORGER.forgeries(5000):
        try:
            verify_token(text, FORGER.keys)
        except TokenError:
            continue
        accepted.append(text)
    assert accepted == []


def test_the_genuine_ones_that_they_were_made_of_are_accepted():
    assert len({verify_token(text, FORGER.keys).payload for text in FORGER.genuine}) == 3


@pytest.mark.parametrize("way", FORGER.ways[1:], ids=lambda way: way.__name__)
def test_no_single_way_of_forging_works(way):
    for _ in range(50):
        text = way()
        if text not in FORGER.genuine:
            with pytest.raises(TokenError):
                verify_token(text, FORGER.keys)
