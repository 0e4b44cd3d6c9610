"""The server's clock: the only source of the time of a stamp.

No service, form or view takes a time from outside, so nothing can be back-dated by whoever uses the
site. The demo and tests live through several days with `at`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_pretended: ContextVar[datetime | None] = ContextVar("hotline_clock", default=None)


def now() -> datetime:
    return _pretended.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, it is `moment` (aware)."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)
