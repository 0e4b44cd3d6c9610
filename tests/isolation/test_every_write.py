"""Be every role of every tenant, and send every address what would change the other tenant.

Each request runs in a savepoint that is rolled back after it was looked at, so that nothing ends
the walk: not a sign-out, not a closed account, not a deleted class.
"""

import logging
import re
from html import escape
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve
from django_tenants.utils import tenant_context

from tenants import hosts
from tenants.middleware import TenantMiddleware
from tests.cast import base
from tests.isolation.addresses import addresses
from tests.isolation.conftest import canary
from tests.isolation.digests import changed, digests
from tests.isolation.forms import forms_of
from tests.isolation.walk import (
    CASES,
    FAILS_ON_PURPOSE,
    OTHERS,
    PUBLIC,
    body,
    counted,
    known_of,
    urlconf_of,
    written,
)

TOKEN = "a" * 32
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|ALTER|CREATE|DROP)", re.IGNORECASE)
#: Written by reading too, and no part of what a tenant is.
PASSING = re.compile(r"django_session|usersession|trainbase_cache")
#: What the centre is there for: these change the record or the site of a base, by those who may.
MEANT = {
    "director": {"console:step", "console:site_change", "console:site_first", "console:site_open"},
    "officer": {"console:step"},
    "township_officer": {"console:step"},
}
#: A base that sends a request leaves a message in its centre's outbox, and nothing else.
TELLS_THE_CENTRE = {"request_act": {"outbox_message"}}
#: Wagtail's own, that fail on what no page of Wagtail sends: a place or a lock for the root page,
#: which has no parent; a link without the name of its field; the second step of an import of
#: redirects without the first. Their rows and answers are looked at as well.
FAILS_IN_WAGTAIL = {
    "wagtailadmin_pages:set_page_position",
    "wagtailadmin_pages:lock",
    "wagtailadmin_pages:unlock",
    "wagtailredirects:process_import",
    "wagtailadmin_choose_page_external_link",
    "wagtailsnippetchoosers_sample_tag:create",  # a chooser without a form to create
}
#: The two bases are alike: one of them, and the centre, are every type of tenant.
HERE = ("north", "centre")
_fields = {}


class Watch:
    """Knows whether a request has written anything."""

    def __init__(self):
        self.wrote = False

    def __call__(self, execute, sql, params, many, context):
        if WRITES.match(str(sql)) and not PASSING.search(str(sql)):
            self.wrote = True
        return execute(sql, params, many, context)


def word_of(slug):
    """A string of that tenant, for every text of a form; an answer may repeat it."""
    return f"{canary(slug)}-01"


def fields_of(enter, slug):
    """{address: its forms}, as the one who may most sees them at the tenant itself."""
    kind = urlconf_of(slug)
    if kind not in _fields:
        browser = enter(slug, "director" if slug == "centre" else "manager")
        found = {}
        for address in addresses(kind, known_of(slug)):
            if address.name in FAILS_ON_PURPOSE:
                continue
            for path in address.paths[:2]:
                with transaction.atomic():
                    answer = browser.get(path)
                    transaction.set_rollback(True)
                if "text/html" not in answer.headers.get("Content-Type", ""):
                    continue
                for action, form in forms_of(body(answer), "WORD"):
                    sent_to = resolve(urlsplit(urljoin(path, action)).path, kind).view_name
                    if form not in found.setdefault(sent_to, []):
                        found[sent_to].append(form)
        _fields[kind] = found
    return _fields[kind]


class Walker:
    """One role of one tenant, who sends requests and looks at what they did to the others."""

    def __init__(self, enter, slug, role):
        found = enter(slug, role)
        self.client = Client(
            enforce_csrf_checks=True, raise_request_exception=False, HTTP_HOST=f"{slug}.localhost"
        )
        self.client.cookies = found.cookies
        self.client.cookies["csrftoken"] = TOKEN
        self.slug, self.role, self.faults = slug, role, []
        self.before = {other: digests(other) for other in OTHERS[slug]}

    def send(self, name, path, method="post", data=None):
        """The status. What it does to others is a fault, but for what the centre is there for."""
        cookies, watch = self.client.cookies.copy(), Watch()
        sent = {} if method == "post" else {"content_type": "application/json"}
        with transaction.atomic(), connection.execute_wrapper(watch):
            answer = getattr(self.client, method)(
                path, data or {}, headers={"X-CSRFToken": TOKEN}, **sent
            )
            connection.set_schema_to_public()
            if watch.wrote:
                written["writes"] += 1
                self._look_at_rows(name, path, method)
            transaction.set_rollback(True)
        hosts.forget()
        self.client.cookies = cookies
        written["requests"] += 1
        self._look_at_answer(name, path, method, answer, data or {})
        return answer.status_code

    def _look_at_rows(self, name, path, method):
        if self.slug == "centre" and name in MEANT.get(self.role, ()):
            return
        for other, before in self.before.items():
            tables = changed(before, other)
            if other == "centre":
                tables = [t for t in tables if t not in TELLS_THE_CENTRE.get(name, ())]
            if tables:
                self.faults.append((method, path, "changed", other, tables))

    def _look_at_answer(self, name, path, method, answer, data):
        if answer.status_code >= 500 and name not in FAILS_IN_WAGTAIL:
            self.faults.append((method, path, "status", answer.status_code, data))
        if answer.status_code == 403 and b"CSRF" in getattr(answer, "content", b""):
            self.faults.append((method, path, "the token did not count", "", ""))
        shown = body(answer)
        for said in {path, path.rstrip("/"), *map(str, data.values())}:
            if "CANARY" in said:
                for form in (said, escape(said), quote(said, safe=""), quote(said)):
                    shown = shown.replace(form, "")
        for other in OTHERS[self.slug]:
            if canary(other) in shown:
                self.faults.append((method, path, "shows", other, ""))


def said_by(form, slug):
    return {key: value.replace("WORD", word_of(slug)) for key, value in form.items()}


def walk(walker, enter, only=None):
    """Every address with the other's identifiers: bare, and with each form that it has."""
    slug, other = walker.slug, OTHERS[walker.slug][0]
    fields = fields_of(enter, slug)
    listed = addresses(urlconf_of(slug), known_of(other))
    for address in listed:
        if address.name in PUBLIC | FAILS_ON_PURPOSE or (only and address.name not in only):
            continue
        walker.send(address.name, address.paths[0])
        for path in address.paths[: 1 if address.name.startswith("wagtail") else 2]:
            for form in fields.get(address.name, [])[:4]:
                walker.send(address.name, path, data=said_by(form, other))
    written["addresses"] = max(written["addresses"], len(listed))


@pytest.fixture
def rolled_back(world, settings):
    """One transaction for the whole walk; passwords are hashed quickly, refusals not logged."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    logging.disable(logging.WARNING)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    connection.set_schema_to_public()
    hosts.forget()


@pytest.mark.parametrize(("slug", "role"), [case for case in CASES if case[0] in HERE])
def test_no_address_changes_a_row_of_another_tenant(enter, rolled_back, slug, role):
    walker = Walker(enter, slug, role)
    walk(walker, enter)
    written["faults"] += len(walker.faults)
    assert walker.faults == []


@pytest.mark.parametrize("slug", HERE)
def test_put_patch_and_delete_do_no_harm(enter, rolled_back, slug):
    walker = Walker(enter, slug, "director" if slug == "centre" else "manager")
    for address in addresses(urlconf_of(slug), known_of(OTHERS[slug][0])):
        if address.name not in PUBLIC | FAILS_ON_PURPOSE:
            # Wagtail's views know POST alone from the rest: one of the three stands for all.
            wagtail = address.name.startswith("wagtail")
            for method in ("delete",) if wagtail else ("put", "patch", "delete"):
                walker.send(address.name, address.paths[0], method)
    written["faults"] += len(walker.faults)
    assert walker.faults == []


def test_control_a_wrong_tenant_changes_rows_of_the_other(enter, rolled_back, monkeypatch):
    right = TenantMiddleware.process_request

    def wrong(self, request):
        answer = right(self, request)
        connection.set_tenant(base("south"))
        return answer

    walker = Walker(enter, "north", "manager")
    fields_of(enter, "north")
    with tenant_context(base("south")):  # the stranger's session is valid there too
        from tenants.staff.models import User

        walker.client.force_login(User.objects.get(username="manager"))
        walker.client.cookies["csrftoken"] = TOKEN
    monkeypatch.setattr(TenantMiddleware, "process_request", wrong)
    walk(walker, enter, only={"staff_invite", "staff_person", "class_list", "class_state"})
    kinds = {kind for _method, _path, kind, *_rest in walker.faults}
    assert kinds == {"changed", "shows"}


def test_control_the_walk_sends_what_a_tenant_accepts(enter, rolled_back):
    """At the tenant's own addresses the same forms write: else the walk would prove nothing."""
    walker = Walker(enter, "north", "manager")
    fields = fields_of(enter, "north")
    wrote = set()
    for address in addresses(urlconf_of("north"), known_of("north")):
        for form in fields.get(address.name, [])[:2]:
            before = written["writes"]
            walker.send(address.name, address.paths[0], data=said_by(form, "north"))
            if written["writes"] > before:
                wrote.add(address.name)
    assert {
        "certificate",
        "certificate_revoke",
        "staff_act",
        "staff_invite",
        "staff_person",
    } <= wrote


def test_what_was_tried_is_said(capsys):
    with capsys.disabled():
        print(
            f"\nisolation: {counted['addresses']} addresses, {len(CASES)} tenants x roles, "
            f"{counted['requests']} requests, {counted['leaks']} leaks; "
            f"{written['requests']} unsafe requests, {written['writes']} of them wrote, "
            f"{written['faults']} touched another tenant"
        )
    assert counted["requests"] > 1000 or not counted["requests"]
    assert written["requests"] > 1000 or not written["requests"]
