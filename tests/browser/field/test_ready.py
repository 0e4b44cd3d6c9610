"""The readiness check: every light, right and wrong, in a browser that really is so."""

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.browser.field.handset import Handset

pytestmark = pytest.mark.browser
LIGHTS = ("wechat", "worker", "pack", "persist", "space", "camera", "clock", "write")
WECHAT = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/90 MicroMessenger/8.0"


class Room:
    """The browser gives the app so many bytes."""

    def __init__(self, phone):
        self.origin = phone.url
        self.session = phone.context.new_cdp_session(phone.page)

    def give(self, quota):
        said = {"origin": self.origin, "quotaSize": quota}
        self.session.send("Storage.overrideQuotaForOrigin", said)


def writes(phone):
    """The app writes, reloads, and is opened again."""
    phone.page.click("#try-write")
    phone.unlock()
    phone.page.wait_for_selector("#ready")


@pytest.fixture
def handset_of(chromium, station):
    """`handset_of(flags)` is a phone whose browser says how much room there really is."""
    made = []

    def make(*flags):
        program = chromium.browser_type.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox", "--disable-features=StaticStorageQuota", *flags],
        )
        made.append((program, Handset(program, station.url)))
        return made[-1][1]

    yield make
    for program, phone in made:
        assert phone.faults == []
        program.close()


@pytest.fixture
def ready_phone(handset_of, station):
    """A phone with a camera, that keeps what it is given."""
    phone = handset_of("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    program = phone.context.browser
    target = phone.context.new_cdp_session(phone.page).send("Target.getTargetInfo")
    program.new_browser_cdp_session().send(
        "Browser.grantPermissions",
        {
            "permissions": ["durableStorage", "videoCapture"],
            "origin": station.url,
            "browserContextId": target["targetInfo"]["browserContextId"],
        },
    )
    return phone


def test_a_phone_that_is_ready_has_only_green_lights(ready_phone, ticket):
    phone, page = ready_phone.enrol(ticket()), ready_phone.page
    Room(phone).give(2_000_000_000)
    before = phone.lights()
    assert tuple(before) == LIGHTS
    others = {name: light for name, light in before.items() if light != "green"}
    assert others == {"camera": "unknown", "write": "unknown"}  # not tried yet
    page.click("#try-camera")
    page.wait_for_selector("[data-check=camera][data-light=green]")
    writes(phone)
    assert set(phone.lights().values()) == {"green"}
    assert "可以出发" in page.inner_text("#ready-said")


def test_what_is_wrong_with_a_phone_is_red_and_says_how_to_mend_it(handset_of, ticket):
    phone = handset_of().enrol(ticket())
    page = phone.page
    room = Room(phone)
    room.give(2_000_000_000)
    page.click("#ask-persist")  # this browser lets nobody keep anything
    page.click("#try-camera")  # and has no camera
    page.wait_for_selector("[data-check=camera][data-light=red]")
    writes(phone)
    good = phone.lights()
    assert {name for name, light in good.items() if light != "green"} == {"persist", "camera"}
    room.give(50_000_000)
    assert phone.lights() == good | {"space": "red"}
    room.give(2_000_000_000)
    # A write that is not there any more after the reload.
    page.evaluate("sessionStorage.setItem('trainbase-field-write', 'something else')")
    page.reload()
    phone.unlock()
    assert phone.lights() == good | {"write": "red"}
    writes(phone)
    phone.set("pack", {"fetched_at": "2026-01-01T00:00:00.000Z"})
    assert phone.lights() == good | {"pack": "red"}
    page.click("#pack-get")
    page.wait_for_selector("#pack-done")
    assert phone.lights() == good
    page.clock.install(time=timezone.now() + timedelta(minutes=10))
    assert phone.lights() == good | {"clock": "red"}
    for row in page.locator("[data-check][data-light=red]").all():
        assert row.locator(".mend p").inner_text().strip()
    assert page.inner_text("#ready-said").count("3") == 1  # persist, camera, clock


def test_inside_wechat_and_without_a_service_worker_the_lights_are_red(handset, ticket):
    phone = handset(user_agent=WECHAT, service_workers="block").enrol(ticket(), worker="red")
    found = phone.lights()
    assert (found["wechat"], found["worker"]) == ("red", "red")
    assert "在浏览器打开" in phone.page.inner_text("[data-check=wechat] .mend")
