"""A centre whose server can be stopped, certificates of two bases, and employers with the verifier."""

import base64
import os
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django_tenants.utils import tenant_context

from certificates.services.issue import issue_class
from certificates.services.keys import signing_key
from tests.browser.field.conftest import Station as BaseStation
from tests.cast import base, the_centre
from tests.story import finished

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Station(BaseStation):
    @property
    def url(self):
        return f"http://centre.localhost:{self.port}"


@pytest.fixture(scope="module")
def papers(django_db_setup, databases, django_db_blocker):
    """Five certificates of north, and a key of south, in a database that the tests of a file share."""
    before = databases.connection.settings_dict["NAME"]
    name = f"{databases.template}_run_{os.getpid()}_verifier"
    with django_db_blocker.unblock():
        databases.copy(name)
        with tenant_context(base("north")):
            issued = issue_class(finished(people=5), None).certificates
        with tenant_context(base("south")):
            south = signing_key(issued[0].issued_on.year)
        databases.connection.close()
        yield SimpleNamespace(north=issued, south=south)
        databases.use(before)
        databases.drop(name)


@pytest.fixture(scope="module")
def station(papers, ready):
    found = Station(ready)
    yield found
    found.stop()


@pytest.fixture
def scan_of(station):
    """`scan_of(certificate)` is what its QR holds."""

    def text(certificate, token=None):
        return f"{station.url}/c/{certificate.code}#{token or certificate.token}"

    return text


@pytest.fixture
def forget_lists():
    """The server signs its lists anew, instead of after a minute."""

    def forget():
        with tenant_context(the_centre()):
            cache.clear()

    return forget


@dataclass
class Employer:
    """Somebody with the verifier open."""

    page: object
    url: str
    width: int

    def arrive(self):
        self.page.goto(f"{self.url}/verify/")
        self.page.wait_for_selector("#ready [data-state=ready]", timeout=20_000)
        return self

    def trust(self):
        """The signed list as the page's host serves it."""
        return self.page.evaluate(
            "() => fetch('/.well-known/trainbase/trust.json').then((answer) => answer.json())"
        )

    def paste(self, text):
        page = self.page
        if page.locator("details[open]").count() == 0:
            page.click("summary")
        page.fill("#paste", text)
        page.click("#paste-do")
        return self.verdict()

    def show(self, picture):
        file = {"name": "photo.png", "mimeType": "image/png", "buffer": picture}
        self.page.set_input_files("#photo", file)
        return self.verdict()

    def verdict(self):
        """(tone, why) of what the page says."""
        page = self.page
        page.wait_for_selector("#working", state="detached", timeout=20_000)
        found = page.wait_for_selector("#verdict", timeout=20_000)
        return found.get_attribute("data-tone"), found.get_attribute("data-why")

    def claims(self):
        page = self.page
        named = page.locator("[data-claim]").evaluate_all(
            "all => all.map(one => [one.dataset.claim, one.textContent])"
        )
        return dict(named)

    def look(self, where):
        """What breaks WCAG, or lies beside the screen."""
        found = Axe().run(self.page, options={"runOnly": WCAG}).response["violations"]
        faults = [(where, v["id"], v["nodes"][0]["html"]) for v in found]
        if self.page.evaluate("document.documentElement.scrollWidth") > self.width:
            faults.append((where, "wider than the screen", ""))
        return faults


@pytest.fixture
def employer(chromium, station):
    """`employer()` is a new phone; `employer(width=1280)` a computer."""
    made, faults = [], []

    def make(width=390, **more):
        context = chromium.new_context(viewport={"width": width, "height": 844}, **more)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: "Content Security" in m.text and faults.append(m.text))
        made.append(context)
        return Employer(page, station.url, width)

    yield make
    for each in made:
        each.close()
    assert faults == []


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
