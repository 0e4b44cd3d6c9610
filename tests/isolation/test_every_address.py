"""Be every role of a base at every address, with the other base's identifiers in hand."""

from urllib.parse import quote

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from certificates.models import Certificate
from courses.models import RosterImport
from tenants.middleware import TenantMiddleware
from tenants.staff.roles import AT_BASE, AT_CENTRE
from tests.cast import base
from tests.isolation.addresses import addresses
from tests.isolation.conftest import canary

#: Shown to everybody on purpose: what a certificate prints, behind its random code.
PUBLIC = {"verify", "verify_photo", "certificates.views.verify.verify"}
FAILS_ON_PURPOSE = {"wagtailadmin_error_test"}
OTHERS = {"north": ("south", "centre"), "south": ("north", "centre"), "centre": ("north", "south")}
counted = {"requests": 0, "addresses": 0, "leaks": 0}


def known_of(slug):
    """Identifiers of a tenant, as whoever wants in would try them."""
    found = {
        "path": ["images/x.jpg", "original_images/x.jpg", f"original_images/{canary(slug)}.jpg"],
        "uuid": ["00000000-0000-0000-0000-000000000001"],
        "token": ["x"],
        "step": ["certified", "enrolled"],
        "kind": ["check", "renamed"],
        "app_label": ["courses"],
        "model_name": ["coursepage"],
        "object_id": ["1"],
    }
    with tenant_context(base(slug)):
        if slug == "centre":
            return found | {"code": ["x"], "number": ["1"]}
        certificate = Certificate.objects.first()
        number = certificate.number
        assert RosterImport.objects.exists()
        return found | {"code": [f"{canary(slug)}-01", certificate.code], "number": [number, "1"]}


def body(answer):
    if answer.streaming:
        content = b"".join(answer.streaming_content)
    else:
        content = answer.content
    return content.decode("utf-8", "replace") + str(answer.headers)


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


def roles_of(slug):
    return ["", *(AT_CENTRE if slug == "centre" else AT_BASE)]


CASES = [(slug, role) for slug in OTHERS for role in roles_of(slug)]


@pytest.mark.parametrize(("slug", "role"), CASES)
def test_no_address_shows_a_string_of_another_tenant(enter, slug, role):
    browser = enter(slug, role)
    found, faults = [], []
    for other in OTHERS[slug][:1]:
        urlconf = f"lms.urls.{'centre' if slug == 'centre' else 'base'}"
        listed = addresses(urlconf, known_of(other))
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
    from courses.models import Enrolment, TrainingClass, VillageSession
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


def test_what_was_tried_is_said(capsys):
    with capsys.disabled():
        print(
            f"\nisolation: {counted['addresses']} addresses, {len(CASES)} tenants x roles, "
            f"{counted['requests']} requests, {counted['leaks']} leaks"
        )
    assert counted["requests"] > 1000 or not counted["requests"]
