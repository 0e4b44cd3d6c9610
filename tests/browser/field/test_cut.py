"""The app's way home is cut in every way that villages, portals and crashes know: all arrives, once."""

import random
import time
from urllib.parse import urlsplit

import pytest

from tests.browser.field.handset import Handset
from tests.browser.field.server import arrived, files
from tests.browser.field.test_trip import picture
from tests.faults import FAULTS, FaultProxy

pytestmark = pytest.mark.browser
#: After so long without an answer the app gives up; the browser's clock is put on, nobody waits.
LIMIT = 45_000  # milliseconds


@pytest.fixture
def proxy(station):
    found = FaultProxy(("127.0.0.1", urlsplit(station.url).port))
    yield found
    found.close()


def choose(cuts, draw):
    """Each cut once, then by chance; only the phone's own requests, never the files of the app."""
    waiting = list(cuts)

    def fault(line):
        if "/api/field/v1/batches" not in line and "/api/field/v1/blobs" not in line:
            return "none"
        if waiting:
            return waiting.pop(0)
        return draw.choice([*cuts, *["none"] * len(cuts)])

    return fault, waiting


def test_the_app_brings_everything_home_once_through_every_cut(chromium, station, proxy, ticket):
    phone = Handset(chromium, f"http://north.localhost:{proxy.port}").enrol(ticket())
    page = phone.page
    phone.context.set_offline(True)
    phone.begin()
    for person in phone.people():
        phone.mark(person, "present")
    page.click("#do-photo")
    page.set_input_files(
        "#photo-file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.click("#photo-save:not([disabled])")
    page.wait_for_selector("#photo-sheet", state="detached")
    phone.close(headcount=5)
    written = phone.unsent()
    page.clock.install()
    proxy.choose, waiting = choose(FAULTS, random.Random(1))
    hung = 0
    phone.context.set_offline(False)
    page.click("#pill")
    ends = time.monotonic() + 60
    while page.locator("#pill[data-unsent='0'][data-photos='0']").count() == 0:
        assert time.monotonic() < ends, (page.inner_text("#sync"), proxy.seen[-20:])
        if [fault for fault, _line in proxy.seen].count("hang") > hung:
            hung += 1
            page.wait_for_timeout(300)
            assert page.locator("#sync-now[disabled]").count()  # it waits for the answer
            page.clock.fast_forward(LIMIT + 1000)
            page.wait_for_selector("[data-problem=timeout]")
        if page.locator("#sync-now:not([disabled])").count():
            page.click("#sync-now")
        page.wait_for_timeout(100)
    assert waiting == []
    assert hung
    numbers, kinds, faults = arrived(phone.device)
    assert numbers == list(range(1, written + 1))
    assert kinds.count("mark") == 5
    assert faults == []
    assert len(files(phone.device)) == 1
    assert phone.faults == []
    phone.context.close()
