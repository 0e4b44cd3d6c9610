"""Chromium at the door of a running site: who signs in, what a page shows, what is wrong with it."""

import shutil
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve, reverse
from django_tenants.utils import tenant_context
from playwright.sync_api import Error as PlaywrightError

from bench.shots.allowed import ALLOWED, FOLDED
from bench.shots.listed import WAGTAIL_PAGE, Shot
from bench.shots.routes import SITES
from bench.shots.scene import CENTRE, Scene
from lms.demo import facts
from tenants.models import Tenant

WIDTHS = (390, 1280)
PHONE = WIDTHS[0]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: Moments and shares of a second differ from run to run: nothing may move while it is looked at.
STILL = {"reduced_motion": "reduce", "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
#: Forms are sent as an old phone sends them, so that the server's own words are seen.
UNCHECKED = "document.querySelectorAll('form').forEach(form => form.noValidate = true)"
#: Wagtail's admin scrolls its <main>, and cuts off what is too wide for it.
BEYOND = """folded => {
    const scrolls = element => {
        for (let box = element; box && box.tagName !== 'MAIN'; box = box.parentElement)
            if (getComputedStyle(box).overflowX !== 'visible') return true;
        return false;
    };
    const wide = [...document.querySelectorAll('main *')].filter(element =>
        element.getBoundingClientRect().right > innerWidth + 1 && element.checkVisibility()
        && !element.closest(folded) && !scrolls(element));
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth + 1) wide.push(page);
    return wide.map(element => element.outerHTML.replace(/\\s+/g, ' ').slice(0, 120));
}"""
HEIGHT = """() => Math.min(16000, Math.max(innerHeight,
    ...[...document.querySelectorAll('main')].map(box => box.scrollHeight + 4)))"""


@dataclass(frozen=True)
class Seen:
    """A page at one width. `faults` says what is wrong; empty when all is well."""

    name: str
    width: int
    status: int
    violations: int
    overflow: bool
    faults: list[str]


def chromium_program() -> str:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        raise SystemExit("没有 Chromium，请运行 / no Chromium; please run: script/bootstrap test")
    return program


class Photographer:
    """One browser, one signed-in context for each person."""

    def __init__(self, browser: Any, port: int, scene: Scene, folder: Path) -> None:
        self.browser, self.port, self.scene, self.folder = browser, port, scene, folder
        self.pages: dict[tuple[str, str], Any] = {}

    def address(self, site: str, path: str) -> str:
        return f"http://{site}.localhost:{self.port}{path}"

    def page_of(self, site: str, role: str) -> Any:
        """A tab of that person; `ROLE/password` has not yet given the second factor."""
        if (site, role) not in self.pages:
            page = self.browser.new_context(**STILL).new_page()
            if role:
                self._sign_in(page, site, *role.split("/"))
            self.pages[site, role] = page
        return self.pages[site, role]

    def _sign_in(self, page: Any, site: str, user: str, half: str = "") -> None:
        if user == "employer":  # by a link, without an account
            page.goto(self.address(site, f"/employers/in/{self.scene.tokens['employer']}/"))
            page.click("main form button")
            return
        page.goto(self.address(site, "/login/"))
        page.fill("#id_username", user)
        page.fill("#id_password", facts.PASSWORD)
        page.click("main button")
        page.wait_for_url(lambda url: "/login/" not in url)
        if "/second-factor/authenticate/" in page.url and not half:
            page.fill(
                "#id_code", format_hotp_value(hotp_value(facts.SECRET, int(time.time()) // 30))
            )
            page.click("main button")
            page.wait_for_url(lambda url: "/second-factor/authenticate/" not in url)

    def look(self, shot: Shot, width: int) -> Seen:
        """The page at that width, photographed; what the browser cannot do is a fault of it."""
        try:
            return self._look(shot, width)
        except PlaywrightError as error:
            return Seen(shot.name, width, 0, 0, False, [str(error).splitlines()[0]])

    def _look(self, shot: Shot, width: int) -> Seen:
        page = self.page_of(shot.site, shot.role)
        if not shot.role:  # a stranger each time: some pages remember who has come in
            page.context.clear_cookies()
        page.set_viewport_size({"width": width, "height": 844 if width == PHONE else 900})
        status, faults = self._reach(page, shot, width)
        page.wait_for_load_state("networkidle")
        violations = _violations(page)
        beyond = page.evaluate(BEYOND, FOLDED)
        page.set_viewport_size({"width": width, "height": page.evaluate(HEIGHT)})
        target = self.folder / str(width) / f"{shot.name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, full_page=True, animations="disabled")
        if beyond and width == PHONE:
            faults.append(f"wider than the phone: {' | '.join(beyond[:3])}")
        return Seen(shot.name, width, status, len(violations), bool(beyond), faults + violations)

    def _reach(self, page: Any, shot: Shot, width: int) -> tuple[int, list[str]]:
        """Open the page; says its status, and whether it is the one that was wanted."""
        urlconf = SITES["centre" if shot.site == CENTRE else "base"]
        route = shot.route
        path = shot.path or reverse(route, urlconf, shot.args(self.scene))
        answer = page.goto(self.address(shot.site, path + shot.query.format(**self.scene.of)))
        status = answer.status if answer else 0
        for selector, text in shot.then:
            if text is not None and selector.startswith("select"):
                page.select_option(selector, text)
                continue
            if text is not None:
                typed = text.format(**self.scene.of)
                page.fill(selector, f"{typed}{width}" if "username" in selector else typed)
                continue
            page.evaluate(UNCHECKED)
            with page.expect_navigation() as moved:
                page.locator(selector).first.click()
            status = moved.value.status if moved.value else 0
        faults = [] if status == shot.status else [f"HTTP {status} instead of {shot.status}"]
        there = _name_of(urlsplit(page.url).path, urlconf, self.scene.tenants.get(shot.site))
        if route != WAGTAIL_PAGE and there != (shot.lands or route):
            faults.append(f"came to {page.url} instead of {shot.lands or route}")
        return status, faults


def _name_of(path: str, urlconf: str, tenant: Tenant | None) -> str:
    """The route of an address at that tenant: a plugin's is there only where it is on."""
    with tenant_context(tenant) if tenant else nullcontext():
        try:
            return str(resolve(path, urlconf).view_name)
        except Resolver404:
            return ""


def _violations(page: Any) -> list[str]:
    """WCAG 2.2 AA by axe, without what is allowed: one line for each rule and element."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert found.response["passes"], "axe has looked at nothing"
    lines = []
    for violation in found.response["violations"]:
        for node in violation["nodes"]:
            target = node["target"][-1]
            if not _allowed(page, violation["id"], target):
                lines.append(f"axe {violation['id']}: {target} {node['html'][:160]}")
    return lines


def _allowed(page: Any, rule: str, target: Any) -> bool:
    inside = "/admin/" in page.url
    return inside and any(
        allowed.rule == rule
        and page.locator(str(target)).first.evaluate("(e, s) => e.matches(s)", allowed.selector)
        for allowed in ALLOWED
    )
