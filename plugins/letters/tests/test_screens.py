"""The demo's pages in a browser: WCAG 2.2 AA, and nothing that scrolls sideways on a phone."""

import os
from datetime import date

import pytest
from django.apps import apps

from lms.plugin.testing import inside, plugin_on

YEAR = date.today().year
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_demos_pages_read_well_on_phone_and_desk(site, chromium, width):
    from axe_playwright_python.sync_playwright import Axe
    from django.test import Client
    from trainbase_letters.models import Letter, Unit

    from lms.plugin import User

    faults = {}
    with plugin_on("centre", "letters"):
        client = Client(HTTP_HOST="centre.localhost")
        with inside("centre") as centre:
            apps.get_app_config("letters").demo(centre)
            client.force_login(User.objects.get(username="director"))
            top = Unit.objects.filter(children__isnull=False).first()
            draft = Letter.objects.filter(state="draft").exclude(unit=top).first()
            last = Letter.objects.filter(year=YEAR - 1, unit__kind="village").last()
        pages = {
            "board": "/admin/letters/",
            "below": f"/admin/letters/?unit={top.pk}",
            "unit": f"/admin/letters/unit/{top.pk}/?year={YEAR - 1}",
            "letter": f"/admin/letters/letter/{draft.pk}/print/?english=1",
            "new": f"/admin/letters/unit/{top.pk}/new/?year={YEAR}",
            "sign": f"/admin/letters/letter/{draft.pk}/sign/",
            "decide": f"/admin/letters/letter/{last.pk}/decide/",
            "assessment": f"/admin/letters/assessment/?year={YEAR - 1}",
            "print": "/admin/letters/?format=print",
            "settings": "/admin/settings/letters/letterssettings/",
        }
        context = chromium.new_context(viewport={"width": width, "height": 800})
        for name, cookie in client.cookies.items():
            context.add_cookies([{"name": name, "value": cookie.value, "url": site("centre")}])
        page = context.new_page()
        for name, address in pages.items():
            assert page.goto(site("centre", address), wait_until="networkidle").status == 200, name
            if folder := os.environ.get("SHOTS"):
                page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found = Axe().run(page, options={"runOnly": RULES})
            if found.violations_count or wide > 1:
                faults[name] = (wide, found.generate_report()[:900])
        context.close()
    assert faults == {}
