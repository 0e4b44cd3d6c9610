"""Every screen on a phone and on a computer: WCAG 2.2 AA, nothing beside the screen, both languages."""

import os
from pathlib import Path

import pytest

from tests.browser.field.handset import PIN

pytestmark = pytest.mark.browser
#: A folder for pictures of every screen, to be looked at.
PICTURES = os.environ.get("FIELD_PICTURES")
SMALL = """() => [...document.querySelectorAll("button, a[href], input, select, label.button")]
  .filter(one => one.offsetParent && !one.classList.contains("visually-hidden") && one.type !== "checkbox")
  .map(one => [one.id || one.className || one.tagName, one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 48 || box.width < 44))
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
TINY = """() => [...document.querySelectorAll("#app *")]
  .filter(one => one.offsetParent && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(one => parseFloat(getComputedStyle(one).fontSize) < 18).map(one => one.outerHTML.slice(0, 80))"""


class Tour:
    """Looks at each screen that it is told of, and goes on."""

    def __init__(self, phone):
        self.phone, self.page, self.faults = phone, phone.page, []

    def see(self, name, ready):
        self.page.wait_for_selector(ready)
        self.faults += self.phone.look(name)
        for rule, script in (("smaller than 48 px", SMALL), ("smaller than 18 px", TINY)):
            self.faults += [(name, rule, found) for found in self.page.evaluate(script)]
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{self.phone.width}-{name}.png")

    def click(self, *selectors):
        for selector in selectors:
            self.page.click(selector)


@pytest.mark.parametrize(("width", "locale"), [(390, "zh-CN"), (1280, "en-GB")])
def test_every_screen_can_be_read_and_reached(handset, ticket, width, locale):
    phone = handset(width=width, locale=locale)
    tour, page = Tour(phone), phone.page
    page.goto(f"{phone.url}/field/#enrol={ticket()}")
    tour.see("enrol", "#enrol")
    tour.click("#enrol-do")
    tour.see("pin-set", "#pin-set")
    page.fill("#pin", PIN)
    page.fill("#pin-again", PIN)
    tour.click("#pin-save", "#pack-get")
    page.wait_for_selector("#pack-done")
    page.wait_for_selector("[data-check=worker]")
    tour.see("ready", "#ready-said")
    tour.click("#home-link")
    tour.see("home", "#classes")
    tour.click("[data-class]")
    tour.see("class", "#class")
    tour.click("[data-session]")
    tour.see("open", "#open-form")
    tour.click("#open-do")
    tour.see("roll", "#roll")
    first, second, *_ = phone.people()
    phone.mark(first, "present")
    phone.mark(second, "late")
    tour.see("roll-marked", "#roll")
    tour.click(f"[data-person={second}] .who")
    tour.see("person", "#minutes")
    tour.click("#person-sign")
    tour.see("sign", "#pad")
    tour.click("#sheet-close", "#do-walk-in")
    page.fill("#walk-in-id", "110105194912310021")
    tour.see("walk-in", "#walk-in-id-said")
    tour.click("#sheet-close", "#do-photo")
    tour.see("photo", "#photo-sheet")
    tour.click("#sheet-close", "#do-scan")
    tour.see("scan", "#scan")
    tour.click("#sheet-close", "#do-roll-call")
    tour.see("roll-call", "[data-called]")
    tour.click("#sheet-close", "#all-present")
    tour.see("all-present", "#all-present-do")
    tour.click("#sheet-close", "#do-close")
    tour.see("close", "#close-unmarked")
    tour.click("#close-do")
    tour.see("closed", "#witness")
    tour.click("#reopen", "#reopen-do")
    tour.see("reopen", "#reopen-reason-said")
    tour.click("#pill", "#sync-now")
    page.wait_for_selector("#pill[data-unsent='0']")
    tour.see("sync", "#arrived")
    tour.click("#to-settings", "#sign-out")
    tour.see("settings", "#sign-out-sure")
    tour.click("#to-handin")
    tour.see("handin", "#handin-file")
    page.reload()
    tour.click("#home-link", "#pin-forgot")
    page.fill("#pin", "000000")
    tour.click("#pin-open")
    tour.see("pin-ask", "#pin-said")
    assert tour.faults == []


def test_a_browser_that_cannot_is_told_how_and_a_witness_sees_a_code(chromium, station, handset):
    agent = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/90 MicroMessenger/8.0"
    context = chromium.new_context(user_agent=agent, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{station.url}/field/")
    assert "在浏览器打开" in page.inner_text("#wechat")
    context.close()
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{station.url}/field/")
    assert "JavaScript" in page.inner_text("main")
    context.close()
    phone = handset()
    phone.page.goto(f"{phone.url}/field/w#0b3c0f4e.184.{'f' * 64}")
    assert phone.page.inner_text("#witness") == "184-ZZZZZZZZZZ"
    assert phone.look("witness") == []
