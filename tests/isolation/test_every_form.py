"""Every form of the project with what nobody meant to type: an answer that says what to do, never a crash.

The forms are found where they stand: at every address of a base and of the centre, as those who may most
see them. Each request is undone after it was looked at.
"""

import logging
import re
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.urls import resolve
from django.urls.exceptions import Resolver404

from tenants import hosts
from tests.isolation.addresses import addresses
from tests.isolation.bad import BAD, SCRIPT, SECRET, sheets_of
from tests.isolation.test_every_write import FAILS_IN_WAGTAIL, HERE, Watch
from tests.isolation.walk import FAILS_ON_PURPOSE, body, known_of, urlconf_of

CJK = re.compile(r"[\u3400-\u9fff]")
#: What says that something is wrong, in our pages, in Wagtail's and in allauth's.
SAID = re.compile(
    r'class="[^"]*(?:errorlist|error-message|messages|notice|help-critical|errors)[^"]*"|role="alert"'
    r'|<main class="wrap"><h1>'  # the pages of 400 and 404
)
WORD = "好字"
#: What Wagtail's own forms are asked, which have tests of their own.
OF_WAGTAIL = {"long", "nul", "script"}
#: Wagtail's own, that fail on what no page of theirs sends: the key of a picture, a parent, a site or a
#: collection that cannot be one; the place of a row among its inline rows.
FORGED_IN_WAGTAIL = {"designs:add", "designs:edit", "wagtailadmin_pages:choose_parent"}
FORGED_IN_WAGTAIL |= {"wagtailredirects:add", "wagtailredirects:edit"}
FORGED_IN_WAGTAIL |= {"wagtaildocs:edit", "wagtailimages:edit"}
FORGED_IN_WAGTAIL |= {
    f"{rows}:{act}" for rows in ("blueprints", "checklists") for act in ("add", "edit")
}
_sheets = {}
counted = {"requests": 0, "kept": 0}


def sheets(enter, slug):
    """{what it is sent to: its forms}, each of them once."""
    kind = urlconf_of(slug)
    if kind in _sheets:
        return _sheets[kind]
    browser = enter(slug, "director" if slug == "centre" else "manager")
    found, seen = [], set()
    for role, client in (("", enter(slug)), ("staff", browser)):
        for address in addresses(kind, known_of(slug)):
            if address.name in FAILS_ON_PURPOSE:
                continue
            for path in address.paths[:2]:
                with transaction.atomic():
                    answer = client.get(path)
                    transaction.set_rollback(True)
                if "text/html" not in answer.headers.get("Content-Type", ""):
                    continue
                for sheet in sheets_of(body(answer), path, WORD):
                    try:
                        name = resolve(urlsplit(urljoin(path, sheet.action)).path, kind).view_name
                    except Resolver404:
                        continue
                    key = (name, frozenset(sheet.good), frozenset(sheet.kinds))
                    if key not in seen:
                        seen.add(key)
                        found.append((role, name, sheet))
    _sheets[kind] = found
    return found


class Sender:
    """Sends a form in a transaction that is undone, and looks at the answer."""

    def __init__(self, enter, slug, language="zh-hans"):
        self.browsers = {
            "": enter(slug),
            "staff": enter(slug, "director" if slug == "centre" else "manager"),
        }
        for browser in self.browsers.values():
            browser.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        self.slug, self.language, self.faults = slug, language, []

    def send(self, role, name, sheet, data, what):
        browser, watch = self.browsers[role], Watch()
        cookies = browser.cookies.copy()
        path = urljoin(sheet.page, sheet.action)
        with transaction.atomic(), connection.execute_wrapper(watch):
            answer = browser.post(path, data)
            shown = body(answer)
            if answer.status_code in (301, 302, 303):
                # Where it leads: what was written is shown there.
                landed = browser.get(urljoin(path, answer["Location"]))
                if "text/html" in landed.headers.get("Content-Type", ""):
                    shown = body(landed)
            transaction.set_rollback(True)
        connection.set_schema_to_public()
        hosts.forget()
        browser.cookies = cookies
        counted["requests"] += 1
        where = (self.slug, name, what)
        if answer.status_code >= 500 and name not in FAILS_IN_WAGTAIL:
            self.faults.append((*where, "status", answer.status_code))
        if "Traceback (most recent call last)" in shown:
            self.faults.append((*where, "a traceback"))
        if SCRIPT in shown or "<script>alert(1)" in shown:
            self.faults.append((*where, "a script that runs"))
        return answer, shown, watch.wrote

    def fault(self, name, what, *said):
        self.faults.append((self.slug, name, what, *said))


def in_transaction(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    logging.disable(logging.CRITICAL)


@pytest.fixture
def rolled_back(world, settings):
    in_transaction(settings)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    connection.set_schema_to_public()
    hosts.forget()


@pytest.mark.parametrize("what", list(BAD))
@pytest.mark.parametrize("slug", HERE)
def test_no_form_crashes_or_lets_a_script_run(enter, rolled_back, slug, what):
    sender = Sender(enter, slug)
    for role, name, sheet in sheets(enter, slug):
        if not sheet.texts or (name.startswith("wagtail") and what not in OF_WAGTAIL):
            continue
        data = sheet.good | dict.fromkeys(sheet.texts, BAD[what])
        sender.send(role, name, sheet, data, what)
    assert sender.faults == []


@pytest.mark.parametrize("what", ["script", "nul", "odd-number", "huge-number"])
@pytest.mark.parametrize("slug", HERE)
def test_no_form_crashes_where_choices_and_hidden_fields_are_forged(enter, rolled_back, slug, what):
    sender = Sender(enter, slug)
    for role, name, sheet in sheets(enter, slug):
        forged = {n: BAD[what] for n in sheet.good if n not in sheet.texts}
        if forged and name not in FORGED_IN_WAGTAIL:
            sender.send(role, name, sheet, sheet.good | forged, f"forged {what}")
    assert sender.faults == []


def _words(text):
    return re.sub(r"\s+", "", unescape(text))


@pytest.mark.parametrize("what", ["empty", "long"])
@pytest.mark.parametrize("slug", HERE)
def test_what_was_typed_well_is_still_there_when_one_field_is_wrong(enter, rolled_back, slug, what):
    sender = Sender(enter, slug)
    for role, name, sheet in sheets(enter, slug):
        if name.startswith("wagtail") or len(sheet.texts) < 2:
            continue
        for wrong in sheet.texts[:12]:
            good = {n: f"{WORD}{i}号" for i, n in enumerate(sheet.good) if "__prefix__" not in n and sheet.kinds.get(n) in
                    ("text", "textarea") and n != wrong}  # fmt: skip
            data = sheet.good | good | {wrong: BAD[what]}
            answer, shown, wrote = sender.send(role, name, sheet, data, f"{what} {wrong}")
            if wrote or answer.status_code in (404, 405):
                continue
            if answer.status_code in (301, 302, 303):
                if "/login" not in answer["Location"] and name not in ACCEPTS:
                    sender.fault(name, f"{what} {wrong}", "led away, and nothing was written")
                continue
            lost = [n for n, v in good.items()
                    if _words(v) not in _words(shown) and n not in SECRET]  # fmt: skip
            counted["kept"] += len(good) - len(lost)
            if lost:
                sender.fault(name, f"{what} {wrong}", "lost", lost)
    assert sender.faults == []


#: Nothing is written where nothing is new: a mark that was not changed, whatever stands beside it; a
#: decision without a reason is told on the page of its session.
ACCEPTS = {"session_attendance", "mark_decide"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("slug", HERE)
def test_a_refusal_says_what_to_do_in_the_readers_language(enter, rolled_back, slug, language):
    sender = Sender(enter, slug, language)
    for role, name, sheet in sheets(enter, slug):
        if not sheet.texts or name.startswith("wagtail"):
            continue
        for what in ("empty", "script", "long"):
            data = sheet.good | dict.fromkeys(sheet.texts, BAD[what])
            answer, shown, wrote = sender.send(role, name, sheet, data, what)
            if wrote or answer.status_code not in (200, 400):
                continue
            said = [
                re.sub(r"<[^>]+>", " ", shown[m.end() : m.end() + 600])
                for m in SAID.finditer(shown)
            ]
            if not said:
                sender.fault(name, what, "says nothing")
            elif language == "zh-hans" and not CJK.search(" ".join(said)):
                sender.fault(name, what, "no Chinese", said[0][:80])
            elif language == "en" and not re.search("[A-Za-z]{3}", " ".join(said)):
                sender.fault(name, what, "no English", said[0][:80])
    assert sender.faults == []


def test_control_a_page_that_does_not_escape_is_found_out(enter, rolled_back, monkeypatch):
    from django.utils import html

    sender = Sender(enter, "north")
    _role, _name, sheet = next(s for s in sheets(enter, "north") if s[1] == "staff_invite")
    monkeypatch.setattr(
        "django.forms.widgets.mark_safe", lambda text: html.mark_safe(unescape(text))
    )
    sender.send(
        "staff", "staff_invite", sheet, sheet.good | dict.fromkeys(sheet.texts, SCRIPT), "x"
    )
    assert [fault[3] for fault in sender.faults] == ["a script that runs"]
    assert escape(SCRIPT) != SCRIPT


def test_what_was_tried_is_said(world, capsys):
    with capsys.disabled():
        print(
            f"\nforms: {sum(len(each) for each in _sheets.values())}, {counted['requests']} requests with {len(BAD)} kinds of "
            f"bad input, {counted['kept']} good fields still there"
        )
    assert counted["kept"] > 100 or not counted["kept"]
