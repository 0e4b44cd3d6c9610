"""Many who guess at the same moment are counted one by one."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django_tenants.utils import tenant_context

from certificates.holders.services import enter as door
from certificates.services.issue import issue_class
from tests.cast import base
from tests.story import finished


def wrong(last4):
    return f"{(int(last4[:3]) + 1) % 1000:03}{last4[3]}"


def test_a_hundred_at_once_are_no_hundred_attempts(committed):
    with tenant_context(base("north")):
        certificate = issue_class(finished(people=1), None).certificates[0]
        last4 = certificate.trainee.id_last4

    def guess(n):
        try:
            return door.enter(certificate.code, wrong(last4))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(guess, range(40)))
    assert door.wrong_attempts(certificate.code) == (door.A_DAY, door.A_DAY)
    assert door.enter(certificate.code, last4) is None
