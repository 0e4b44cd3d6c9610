"""The tutorial of the first course and roster is walked as it is written, word by word, in a browser."""

import os
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import timezone
from django_tenants.utils import tenant_context

from courses.models import BaseHomePage, CoursePage, TrainingClass
from courses.requests.models import OpeningPolicy
from courses.site.services import make_sections
from tenants.staff.models import User
from tests.browser.newcomer import Newcomer
from tests.cast import PASSWORD, base, code_now, the_centre

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "tutorials" / "first-course-and-roster.md"


@pytest.fixture
def newcomer(committed, site, chromium, tmp_path):
    """The cast as the demo is: its sections, its trainer's name, a centre that wants to be asked."""
    OpeningPolicy.objects.create(
        centre=the_centre(),
        effective_from=timezone.localdate() - timedelta(days=1),
        document="测劳培〔2026〕3号",
        days_before=7,
    )
    with tenant_context(base("north")):
        make_sections(BaseHomePage.objects.get())
        User.objects.filter(username="trainer").update(display_name="郑老师")
    windows, used = {}, {}

    def page_of(role):
        if role not in windows:
            windows[role] = chromium.new_context(
                viewport={"width": 1280, "height": 900}, locale="zh-CN"
            )
            windows[role].new_page()
        return windows[role].pages[0]

    def here(address):
        host, _, path = address.removeprefix("http://").partition("/")
        return site({"dunhua": "north"}.get(host.split(".")[0], "centre"), f"/{path}")

    def code(role):
        while used.get(role) == (now := code_now()):
            time.sleep(1)  # each is good once
        used[role] = now
        return now

    yield Newcomer(
        page_of, here, lambda word: PASSWORD if word == "demo-2026" else word, code, ROOT, tmp_path
    )
    for window in windows.values():
        window.close()


def test_whoever_follows_the_page_has_a_published_course_and_an_imported_roster(newcomer):
    newcomer.read(PAGE)
    with tenant_context(base("north")):
        assert CoursePage.objects.get(title="缝纫手工体验班").live
        opened = TrainingClass.objects.get(code="TRY-01")
        assert opened.enrolments.on_roll().count() == 12
        assert opened.approval.document == "示范批〔2026〕1号"


def test_a_word_that_is_not_on_the_screen_is_named(newcomer, tmp_path):
    wrong = tmp_path / "wrong.md"
    wrong.write_text(
        "## The clerk\n\n1. Open `http://dunhua.localhost:8000/desk/`. Press **登陆**.\n",
        encoding="utf-8",
    )
    newcomer.wait = 2_000
    with pytest.raises(AssertionError, match=r"Press \*\*登陆\*\*"):
        newcomer.read(wrong)


def test_the_english_words_are_those_of_the_english_screens():
    with (ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = {each.id: each.string for each in read_po(file) if isinstance(each.id, str)}
    text = PAGE.read_text(encoding="utf-8")
    said = re.findall(r"\*\*([^*]+)\*\*\s+\(((?:[^()]|\([^()]*\))+)\)", text)
    wrong = [
        (zh, en, catalogue[zh])
        for zh, en in said
        if zh in catalogue and " ".join(en.split()) != catalogue[zh]
    ]
    assert said and wrong == []
