"""What was issued is never bent, neither by services nor past them."""

from copy import deepcopy
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates.models import Certificate
from certificates.register.models import RegisterEntry
from certificates.register.status import look_up
from certificates.services.issue import issue_class
from certificates.services.papers import PaperDamaged, _path, paper, verify_url
from certificates.services.revoke import revoke
from lms.plugin.testing import inside
from tenants.append_only import FrozenRow
from tests.cast import two
from tests.story import finished


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), inside("north"):
        return issue_class(finished(people=2), None).certificates


@pytest.fixture
def issued(made, north):
    return deepcopy(made)


def test_a_revocation_needs_a_reason_and_happens_once(issued):
    certificate, _ = issued
    with pytest.raises(ValidationError, match="reason"):
        revoke(certificate, "other", "  ", *two())
    revoke(certificate, "other", "误发", *two())
    with pytest.raises(ValidationError, match="already"):
        revoke(certificate, "other", "误发", *two())
    assert look_up(certificate.number).entry.reason == "误发"


def test_an_issued_certificate_cannot_be_edited_or_deleted(issued):
    certificate, _ = issued
    certificate.holder_name = "别人"
    with pytest.raises(FrozenRow):
        certificate.save()
    with pytest.raises(FrozenRow):
        certificate.delete()


@pytest.mark.parametrize(
    "facts",
    [
        {"attended_minutes": 1},
        {"theory_score": Decimal("59.9")},
        {"practice_score": Decimal(0)},
        {"planned_minutes": 0},
        {"status": "revoked"},
        {"status": "valid", "revoked_on": timezone.now().date()},
    ],
)
def test_the_database_itself_refuses_a_certificate_without_the_chain(issued, facts):
    certificate, _ = issued
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**facts)


@pytest.mark.parametrize("changed", ["number", "code", "serial", "trainee"])
def test_the_database_itself_refuses_a_double(issued, changed):
    certificate, _ = issued
    double = Certificate.objects.get(pk=certificate.pk)
    double.pk, double._state.adding = None, True
    fresh = {"number": "X-1", "code": "Y" * 20, "serial": 99, "trainee": None}
    for field, value in fresh.items():
        if field != changed and value is not None:
            setattr(double, field, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save()


def test_a_register_entry_that_was_changed_is_never_shown_as_valid(issued):
    certificate, _ = issued
    claims = certificate.claims | {"holder_name": "别人"}
    RegisterEntry.objects.filter(code=certificate.code).update(claims=claims)
    answer = look_up(certificate.code)
    assert (answer.status, answer.claims) == ("unknown", None)
    assert answer.fault


def test_a_code_is_found_by_number_address_and_whole_qr_text_and_a_forged_token_is_not(issued):
    certificate, other = issued
    url = verify_url(certificate)
    for text in (certificate.code.lower(), certificate.number, url, url.split("#")[0]):
        assert look_up(text).status == "valid", text
    forged = f"{url.split('#')[0]}#{other.token}"
    assert look_up(forged).status == "unknown"
    other_letter = "A" if url[-20] != "A" else "B"  # the last letters of a signature are often A
    assert look_up(url[:-20] + other_letter + url[-19:]).status == "unknown"


def test_the_paper_is_made_once_and_a_damaged_one_is_not_handed_out(issued):
    certificate, _ = issued
    first = paper(certificate)
    assert paper(Certificate.objects.get(pk=certificate.pk)) == first
    _path(certificate).write_bytes(first + b"x")
    with pytest.raises(PaperDamaged):
        paper(certificate)


@pytest.mark.parametrize("text", ["http://[x", "//[", "http://a℀b/x", "/", "#", "a#b#c", "%00"])
def test_an_odd_text_is_unknown_and_no_crash(db, text):
    assert look_up(text).status == "unknown"
