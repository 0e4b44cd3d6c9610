"""How many statements a page costs, the same on a busy machine as on an idle one."""

from collections.abc import Callable

from django.test.utils import CaptureQueriesContext

from tenants import hosts
from tenants.current import connection


def statements(ask: Callable[[], object]) -> int:
    """What `ask()` sends to the database, with the question whose host it is: that one is remembered
    for some seconds, so that it would count only where the machine was slow.
    """
    hosts.forget()
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)
