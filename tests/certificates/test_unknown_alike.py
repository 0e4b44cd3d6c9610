"""Nobody learns from an answer which codes there are."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from certificates.token import new_code

VARY = {"Date", "ETag", "X-Request-ID"}


def test_unknown_codes_are_answered_alike_whatever_they_look_like(visit, db):
    """The same page, the same headers and the same work for a code that nobody was given and for one
    that could be none. How long each takes is printed by `script/bench verify`.
    """
    browser = visit("centre")
    browser.get(f"/c/{new_code()}")
    told = []
    for number, code in enumerate((new_code(), "Z" * 20)):
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(f"/c/{code}", REMOTE_ADDR=f"10.1.{number}.1")
        assert answer.status_code == 404
        headers = {name: value for name, value in answer.headers.items() if name not in VARY}
        told.append((answer.content.decode().replace(code, "CODE"), headers, len(asked)))
    assert told[0] == told[1]
