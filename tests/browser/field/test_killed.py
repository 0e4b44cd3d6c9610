"""The browser is killed while a trainer taps: what the screen has said is in the outbox, without a gap."""

import contextlib
import hashlib
import json
import random
import threading

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from playwright.sync_api import Error

from tests.browser.field.killed import Mortal
from tests.browser.field.server import arrived
from tests.cast import base
from tests.story import a_class

pytestmark = pytest.mark.browser
PEOPLE, KILLS = 24, 3


@pytest.fixture
def forty(today):
    """A session of today with more people than can be tapped before the kill."""
    with tenant_context(base("north")):
        session = a_class("T-40", people=PEOPLE, seed=9, days_ago=0).sessions.first().pk
    connection.close()
    return session


@pytest.fixture
def mortal(chromium, station):
    found = Mortal(chromium.browser_type, station.url)
    yield found
    found.close_for_good()


def tap(phone, people, confirmed):
    """Tap one after the other until the browser is gone; who the screen showed as marked."""
    with contextlib.suppress(Error):
        for person in people:
            phone.page.click(f"[data-person={person}] [data-do=present]", timeout=3000)
            phone.page.wait_for_selector(f"[data-person={person}][data-mark=present]", timeout=3000)
            confirmed.add(person)


def check_chain(bodies):
    before = "0" * 64
    for seq, body in enumerate(bodies, 1):
        said = json.loads(body)
        assert (said["seq"], said["prev"]) == (seq, before)
        before = hashlib.sha256(body.encode()).hexdigest()


def test_a_browser_killed_while_marks_are_tapped_has_them_all_in_one_chain(
    mortal, forty, ticket, station
):
    phone, draw, confirmed = mortal, random.Random(3), set()
    phone.enrol(ticket())
    phone.context.set_offline(True)
    phone.home()
    phone.page.click(f"#home [data-session='{forty}']")
    phone.page.click("#open-do")
    phone.page.wait_for_selector("#roll")
    everybody = phone.people()
    for _ in range(KILLS):
        killer = threading.Timer(draw.uniform(0.2, 1.0), phone.kill)
        killer.start()
        tap(phone, [each for each in everybody if each not in confirmed], confirmed)
        killer.join()
        phone.kill()
        phone.rise()
        phone.context.set_offline(True)
        phone.page.goto(f"{phone.url}/field/#/session/{forty}")
        phone.unlock()
        phone.page.wait_for_selector("#roll")
        check_chain(phone.bodies())
        marked = phone.page.locator(".person[data-mark=present]").evaluate_all(
            "all => all.map(one => one.dataset.person)"
        )
        assert confirmed <= set(marked)
        confirmed |= set(marked)
    assert confirmed
    written = len(phone.bodies())
    assert written >= len(confirmed) + 1
    phone.context.set_offline(False)
    phone.page.click("#pill")
    phone.page.click("#sync-now")
    phone.arrives()
    numbers, kinds, faults = arrived(phone.device)
    assert numbers == list(range(1, written + 1))
    assert kinds.count("mark") == len(confirmed)
    assert faults == []
