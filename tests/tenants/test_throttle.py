import pytest
from django.test import RequestFactory

from tenants.throttle import caller


@pytest.mark.parametrize(
    ("proxies", "seen", "found"),
    [
        (0, "1.1.1.1", "127.0.0.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_a_caller_is_known_by_what_the_outermost_trusted_proxy_saw(settings, proxies, seen, found):
    settings.TRUSTED_PROXIES = proxies
    assert caller(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=seen)) == found
