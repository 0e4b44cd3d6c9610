"""Switching counts in every process, without a restart."""

import http.client
import time
from urllib.parse import urlsplit

from lms.plugin.testing import tenant_of
from tenants.hosts import SECONDS
from tenants.plugins.services import switch


def status(address):
    parts = urlsplit(address)
    link = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    link.request("GET", parts.path, headers={"Host": parts.netloc})
    return link.getresponse().status


def test_another_process_has_the_plugin_within_seconds_and_loses_it_again(site):
    address = site("north", "/sample/")
    assert status(address) == 404
    for on, wanted in ((True, 200), (False, 404)):
        switch(tenant_of("north"), "sample", on, "x", at_centre=False)
        until = time.monotonic() + SECONDS + 2
        while status(address) != wanted:
            assert time.monotonic() < until
            time.sleep(0.1)
