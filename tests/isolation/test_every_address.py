"""Be every role of a base at every address, with the other base's identifiers in hand."""

from urllib.parse import quote

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from tenants.middleware import TenantMiddleware
from tests.cast import base
from tests.isolation.addresses import addresses
from tests.isolation.conftest import canary
from tests.isolation.walk import (
    CASES,
    FAILS_ON_PURPOSE,
    OTHERS,
    PUBLIC,
    body,
    counted,
    known_of,
    urlconf_of,
)


def leaks(browser, slug, name, paths):
    """(path, whose string) for every string of another tenant in an answer."""
    found = []
    for path in paths:
        answer = browser.get(path)
        counted["requests"] += 1
        assert answer.status_code < 500, (slug, name, path)
        # An answer may repeat the address that was asked for; it may add nothing to it.
        shown = body(answer).replace(path.rstrip("/"), "").replace(quote(path, safe=""), "")
        found += [(path, other) for other in OTHERS[slug] if canary(other) in shown]
    return found


@pytest.mark.parametrize(("slug", "role"), CASES)
def test_no_address_shows_a_string_of_another_tenant(enter, slug, role):
    browser = enter(slug, role)
    found, faults = [], []
    for other in OTHERS[slug][:1]:
        listed = addresses(urlconf_of(slug), known_of(other))
        counted["addresses"] = max(counted["addresses"], len(listed))
        for address in listed:
            if address.name in PUBLIC | FAILS_ON_PURPOSE:
                continue
            try:
                found += leaks(browser, slug, address.name, address.paths)
            except AssertionError as error:
                faults.append(str(error))
    counted["leaks"] += len(found)
    assert found == []
    assert faults == []


@pytest.mark.parametrize(("slug", "role"), [("north", "manager"), ("centre", "director")])
def test_control_a_middleware_that_chooses_the_wrong_tenant_is_found_out(
    enter, monkeypatch, slug, role
):
    other = "south" if slug == "north" else "north"
    browser = enter(slug, role)
    right = TenantMiddleware.process_request

    def wrong(self, request):
        answer = right(self, request)
        if request.path.startswith(("/desk/classes", "/staff", "/admin/images", "/account")):
            connection.set_tenant(base(other))
        return answer

    monkeypatch.setattr(TenantMiddleware, "process_request", wrong)
    with tenant_context(base(slug)):
        session = browser.session
    with tenant_context(base(other)):  # the stranger's session is valid there too
        from tenants.staff.models import User

        browser.force_login(User.objects.get(username="manager"))
    assert session
    paths = ["/desk/classes/", "/staff/", "/admin/images/"]
    assert leaks(browser, slug, "control", paths)


def test_the_keys_of_the_two_bases_are_the_same(world):
    from certificates.models import Certificate
    from courses.models import Enrolment, RosterImport, TrainingClass, VillageSession
    from tenants.staff.models import User

    for model in (User, TrainingClass, VillageSession, Enrolment, Certificate, RosterImport):
        keys = []
        for slug in ("north", "south"):
            with tenant_context(base(slug)):
                keys.append(list(model.objects.order_by("pk").values_list("pk", flat=True)))
        assert keys[0] == keys[1], model


def test_pages_and_documents_by_hand(enter):
    for slug, other in (("north", "south"), ("south", "north")):
        browser = enter(slug, "manager")
        name = f"{canary(other)}.txt"
        for path in (f"/documents/1/{name}", f"/documents/2/{name}", "/sewing/", "/nothing/"):
            answer = browser.get(path)
            assert canary(other) not in body(answer).replace(name, ""), path
        assert browser.get(f"/documents/1/{canary(slug)}.txt").status_code == 200
