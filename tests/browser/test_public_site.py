"""The public pages in a real browser: weight, requests, axe, a phone without scripts, paper."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_tenants.utils import tenant_context

from bench.shots.look import BEYOND, FOLDED
from tests.cast import base
from tests.courses.site.scene import LONG, news, whole_site

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser
KB = 1024
#: Of the first view: bytes on the wire without pictures, requests without pictures, pictures at once.
WEIGHT, REQUESTS, PICTURES = 100 * KB, 4, 250 * KB


@pytest.fixture
def paths(committed, site):
    with tenant_context(base("north")):
        found = whole_site()
        news(title=LONG, slug="long", lead=LONG)
    return found | {"long": "/news/long/"}


def loaded(page, url):
    """(kind, bytes) of every answer that the page's first view took."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    kinds, sizes = {}, {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    session.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    page.goto(url, wait_until="networkidle")
    return [(kinds.get(key, "Other"), size) for key, size in sizes.items()]


def test_no_page_is_heavier_than_a_village_bears(paths, site, desktop, capsys):
    lines = []
    for name, path in paths.items():
        parts = loaded(desktop, site("north", path))
        pictures = sum(size for kind, size in parts if kind == "Image")
        rest = [size for kind, size in parts if kind != "Image"]
        lines.append(
            f"{name:12} {sum(rest) / KB:6.1f} KB in {len(rest)} requests, {pictures / KB:.0f} KB of pictures"
        )
        assert sum(rest) < WEIGHT, (name, parts)
        assert len(rest) <= REQUESTS, (name, parts)
        assert pictures < PICTURES, (name, parts)
    with capsys.disabled():
        print("", *lines, sep="\n")


def test_no_page_has_a_fault_that_axe_knows(paths, site, desktop):
    for name, path in paths.items():
        desktop.goto(site("north", path), wait_until="networkidle")
        found = Axe().run(desktop)
        assert found.violations_count == 0, (name, found.generate_report())


def test_everything_is_read_on_a_phone_without_scripts(paths, site, phone):
    for name, path in paths.items():
        phone.goto(site("north", path))
        assert phone.locator("main").bounding_box()["width"] <= 390, name
        assert phone.locator("h1").count() == 1, name
    phone.goto(site("north", "/sewing/"))
    phone.locator("summary").first.click()
    assert phone.get_by_text("不用", exact=True).is_visible()


def test_no_word_however_long_leaves_the_phones_screen(paths, site, desktop):
    desktop.set_viewport_size({"width": 390, "height": 844})
    for name, path in paths.items():
        desktop.goto(site("north", path), wait_until="networkidle")
        assert desktop.evaluate(BEYOND, FOLDED) == [], name


def test_paper_has_the_text_and_a_way_back_to_the_page(paths, site, desktop):
    desktop.goto(site("north", paths["policy"]))
    desktop.emulate_media(media="print")
    assert not desktop.locator("header nav").is_visible()
    assert desktop.locator(".on-paper svg").is_visible()
    assert desktop.get_by_text("测劳转〔2026〕3号").first.is_visible()
