"""A scan is answered before Django begins, with the same page, and never with one that is not true."""

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import MessageEncoder
from django.contrib.messages.storage.session import SessionStorage
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.register import documents, first
from certificates.register.models import Document, Miss, RegisterEntry, Scan
from certificates.services import keys
from certificates.services.correct import correct
from certificates.services.issue import issue_class
from certificates.services.revoke import revoke
from lms.plugin.testing import inside
from tenants.designations.models import TrainingBase
from tenants.designations.services import take_step
from tenants.models import Tenant
from tests.cast import OFFICIAL, base, the_centre, two
from tests.story import finished

HOST = "centre.localhost"


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), tenant_context(base("north")):
        return issue_class(finished(people=1), None).certificates[0]


@pytest.fixture
def certificate(made, db):
    return deepcopy(made)


@pytest.fixture(autouse=True)
def same_link(db, monkeypatch):
    """The fast way through the connection of the test: it sees what is not committed."""

    class Link:
        def execute(self, statement, values):
            cursor = connection.connection.cursor()
            return cursor.execute(statement, values)

        def cursor(self):
            return connection.connection.cursor()

    connection.ensure_connection()
    monkeypatch.setattr(first, "_link", Link)
    first._frames.clear()
    first._scans.clear()
    yield
    first._frames.clear()
    first._scans.clear()


class Passed(Exception):
    """It went on to the full stack."""


def scan(path, method="GET", host=HOST, **environ):
    """(status, headers, page) of the fast way alone."""

    def full(environ, start):
        raise Passed

    told = []
    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "HTTP_HOST": host} | environ
    environ.setdefault("REMOTE_ADDR", "192.0.2.1")
    content = first.VerifyFirst(full)(environ, lambda *said: told.append(said))
    [(status, headers)] = told
    return status, dict(headers), b"".join(content)


def look(client, code, **headers):
    return client.get(f"/c/{code}", HTTP_HOST=HOST, **headers)


def test_the_page_and_its_headers_are_those_of_the_full_stack(certificate, client):
    full = look(client, certificate.code)
    status, headers, page = scan(f"/c/{certificate.code}")
    assert (status, page) == ("200 OK", full.content)
    for name, value in headers.items():
        assert full[name] == value, name
    assert headers["Referrer-Policy"] == "no-referrer" and "Set-Cookie" not in headers
    assert not full.cookies, "nobody is followed"
    assert scan(f"/c/{certificate.code.lower()}")[2] == page, "as people type it"


def test_who_has_the_page_already_is_told_that_it_is_the_same(certificate, client):
    full = look(client, certificate.code)
    tag = scan(f"/c/{certificate.code}")[1]["ETag"]
    assert tag == full["ETag"]
    assert scan(f"/c/{certificate.code}", HTTP_IF_NONE_MATCH=tag)[::2] == ("304 Not Modified", b"")
    assert look(client, certificate.code, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert scan(f"/c/{certificate.code}", "HEAD")[2] == b""


def changes():
    """Whatever changes what the page says, each by the service that people use."""
    today = timezone.localdate()

    def step(c):
        kept = TrainingBase.objects.get(tenant=base("north"))
        take_step(kept, "suspend", OFFICIAL, reason="检查", document="停〔2026〕1号")

    def rename(c):
        centre = the_centre()
        centre.phone = "0433-9999999"
        centre.save()

    return {
        "revoked": lambda c: revoke(c, "other", "误发", *two()),
        "corrected": lambda c: correct(c, "王小明", "姓名", two()[0]),
        "key": lambda c: keys.compromise(c.kid, today, "失窃"),
        "designation": step,
        "centre": rename,
    }


@pytest.mark.parametrize("name", list(changes()))
def test_a_page_goes_in_the_transaction_that_makes_it_untrue(certificate, client, name):
    before = look(client, certificate.code).content
    assert scan(f"/c/{certificate.code}")[2] == before
    with inside("centre" if name == "centre" else "north"):
        changes()[name](certificate)
    first._frames.clear()
    with pytest.raises(Passed):
        scan(f"/c/{certificate.code}")
    assert Document.objects.count() == 0
    after = look(client, certificate.code)
    assert after.content != before
    if after.status_code == 200:
        assert scan(f"/c/{certificate.code}")[2] == after.content


def test_a_page_is_good_on_its_day_and_for_its_templates_only(certificate, client):
    look(client, certificate.code)
    for change in ({"day": timezone.localdate() - timedelta(days=1)}, {"version": "older"}):
        Document.objects.update(day=timezone.localdate(), version=documents.version())
        assert scan(f"/c/{certificate.code}")[0] == "200 OK"
        Document.objects.update(**change)
        with pytest.raises(Passed):
            scan(f"/c/{certificate.code}")


def test_what_is_not_plain_goes_on_to_the_full_stack(certificate, client):
    with pytest.raises(Passed):
        scan(f"/c/{certificate.code}")  # nobody has shown this host's frame yet
    look(client, certificate.code)
    for path, method, host in (
        (f"/c/{certificate.code}", "POST", HOST),
        (f"/c/{certificate.code}", "GET", "north.localhost"),
        (f"/c/{certificate.code}", "GET", "evil.example"),
        (f"/c/{certificate.number}", "GET", HOST),
        (f"/c/{certificate.code}/photo.jpg", "GET", HOST),
        ("/c/", "GET", HOST),
        ("/check/", "GET", HOST),
    ):
        with pytest.raises(Passed):
            scan(path, method, host)
    assert look(client, certificate.code).status_code == 200
    assert client.post(f"/c/{certificate.code}", HTTP_HOST=HOST).status_code == 405


def test_every_code_that_does_not_exist_has_the_same_page(certificate, client):
    look(client, certificate.code)
    full = client.get("/c/" + "7" * 20, HTTP_HOST=HOST)
    status, headers, page = scan("/c/" + "7" * 20)
    assert (status, headers["Cache-Control"]) == ("404 Not Found", "no-store")
    assert page == full.content
    other = scan("/c/" + "8" * 20)[2]
    assert other == page.replace(b"7" * 20, b"8" * 20)
    odd = scan(b'/c/<b>"ABCDEFGHJKMNPQR&'.decode("latin-1"))
    assert b"<b>" not in odd[2] and b"&lt;b&gt;" in odd[2]


def test_an_address_that_tries_codes_is_slowed_and_forgotten(certificate, client):
    look(client, certificate.code)
    for n in range(first.MISSES):
        assert scan(f"/c/{n:020}", REMOTE_ADDR="198.51.100.7")[0] == "404 Not Found"
    with pytest.raises(Passed):  # the full stack says that it is too often
        scan("/c/" + "9" * 20, REMOTE_ADDR="198.51.100.7")
    answer = client.get("/c/" + "9" * 20, HTTP_HOST=HOST, REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 429
    assert scan("/c/" + "9" * 20, REMOTE_ADDR="198.51.100.8")[0] == "404 Not Found"
    assert scan(f"/c/{certificate.code}", REMOTE_ADDR="198.51.100.7")[0] == "200 OK"
    assert all(b"198" not in bytes(row.who) for row in Miss.objects.all())
    Miss.objects.update(minute=1)
    scan("/c/" + "9" * 20, REMOTE_ADDR="198.51.100.9")
    assert not Miss.objects.filter(minute=1).exists()


def test_checks_are_counted_by_the_hour_without_addresses(certificate, client):
    look(client, certificate.code)
    for _ in range(4):
        scan(f"/c/{certificate.code}")
    first.flush()
    assert Scan.objects.get().times == 5
    assert {field.name for field in Scan._meta.fields} == {"id", "code", "hour", "times"}


def test_a_page_that_was_being_made_while_it_was_revoked_is_not_kept(certificate, client):
    """The judge reads under the base's lock: what it says is what stands when it is kept."""
    with inside("north"):
        revoke(certificate, "other", "误发", *two())
    entry = RegisterEntry.objects.get()
    assert "已撤销" in look(client, certificate.code).content.decode()
    assert "已撤销" in scan(f"/c/{certificate.code}")[2].decode()
    assert Document.objects.get().tenant == Tenant.objects.get(pk=entry.tenant_id)


def test_the_page_says_how_late_a_revocation_may_show(certificate, client):
    page = look(client, certificate.code).content.decode()
    assert "within a minute" in page and first.MAX_AGE == 60
    assert re.search(r"max-age=60\b", look(client, certificate.code)["Cache-Control"])


def test_a_message_to_whoever_is_signed_in_is_not_shown_to_everybody(certificate, visit):
    director = visit("centre", "director")
    with inside("centre"):
        session = director.session
        told = [Message(constants.INFO, "只给主任看的话")]
        session[SessionStorage.session_key] = MessageEncoder().encode(told)
        session.save()
    seen = director.get(f"/c/{certificate.code}").content.decode()
    assert "只给主任看的话" not in seen
    assert scan(f"/c/{certificate.code}")[2].decode() == seen
    assert "只给主任看的话" in director.get("/staff/").content.decode(), "it waits for its page"
