"""Keys are replaced without a certificate losing its proof, and given up when they are stolen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.claims import Claims
from certificates.models import SigningKey
from certificates.register.models import IssuerKey
from certificates.register.status import look_up
from certificates.services import keys
from certificates.services.issue import issue_class
from certificates.services.log_check import check
from certificates.token import sign_token, verify_token
from tests.cast import base
from tests.story import finished

TODAY = timezone.localdate


@pytest.fixture
def old(db):
    """A certificate of a month ago and one of today, of the same key."""
    with tenant_context(base("north")):
        [before] = issue_class(
            finished(people=1, seed=3), None, on=TODAY() - timedelta(days=1)
        ).certificates
        [today] = issue_class(finished(people=1, seed=4, code="T-02"), None).certificates
        yield before, today


def status(certificate):
    return look_up(f"https://x/c/{certificate.code}#{certificate.token}").status


def test_after_a_rotation_the_next_certificate_has_a_new_key_and_the_old_ones_stay_good(old):
    before, _ = old
    keys.retire(before.kid, "每年更换")
    assert bytes(SigningKey.objects.get(kid=before.kid).private_sealed) == b"", "destroyed"
    [newer] = issue_class(finished(people=1, seed=5, code="T-03"), None).certificates
    assert newer.kid == f"{before.kid}-2"
    assert (status(before), status(newer)) == ("valid", "valid")
    assert check() == []


def test_from_the_day_on_that_a_key_was_stolen_nothing_of_it_is_believed(old):
    before, today = old
    keys.compromise(before.kid, TODAY(), "电脑失窃")
    assert (status(before), status(today)) == ("valid", "unknown")
    found = look_up(today.code)
    assert "报失" in found.fault[0] and found.claims is not None
    keys.compromise(before.kid, TODAY() - timedelta(days=1), "其实更早")
    assert (status(before), status(today)) == ("unknown", "unknown")
    with pytest.raises(ValidationError, match="on record"):
        keys.compromise(before.kid, TODAY(), "还是晚些")
    [newer] = issue_class(finished(people=1, seed=5, code="T-03"), None).certificates
    assert status(newer) == "valid"


def test_the_public_page_of_a_stolen_key_says_why_and_is_not_green(old, client):
    _, today = old
    keys.compromise(today.kid, TODAY(), "电脑失窃")
    page = client.get(f"/c/{today.code}", HTTP_HOST="centre.localhost")
    assert page.status_code == 404
    text = page.content.decode()
    assert "不能确认" in text and "reported stolen" in text and "✓ 有效" not in text


def test_what_a_thief_signs_with_the_stolen_key_is_not_in_the_register(old):
    before, _ = old
    public, private = keys.signing_key(before.issued_on.year)
    forged = replace(Claims.from_json(before.claims), holder_name="别人")
    token = sign_token(forged, public.kid, private, (1, 5))
    assert verify_token(token, {public.kid: bytes(public.public_key)}).holder_name == "别人"
    for code in (before.code, "0" * 20):
        assert look_up(f"https://x/c/{code}#{token}").status == "unknown"


def test_keys_of_another_base_and_unknown_ones_are_not_to_be_ended(old):
    with tenant_context(base("south")), pytest.raises(ValidationError, match="there is no key"):
        keys.retire(old[0].kid, "x")
    with pytest.raises(ValidationError, match="reason"):
        keys.retire(old[0].kid, "  ")
    with pytest.raises(ValidationError, match="future"):
        keys.compromise(old[0].kid, TODAY() + timedelta(days=1), "x")


def test_the_drill_of_an_operator(old, capsys):
    """docs/how-to/replace-a-stolen-key.md, step by step."""
    _, today = old
    call_command("signing_keys")
    assert f"{today.kid} " in capsys.readouterr().out
    with pytest.raises(CommandError, match="--since"):
        call_command("signing_keys", "--compromised", today.kid, "--reason", "失窃")
    call_command(
        "signing_keys", "--compromised", today.kid, "--since", str(TODAY()), "--reason", "失窃"
    )
    assert today.number in capsys.readouterr().out, "the certificates in doubt are named"
    call_command("log_verify", "--base", "north")
    assert "0 处不符" in capsys.readouterr().out
    IssuerKey.objects.filter(kid=today.kid).update(compromised_on=TODAY() - timedelta(days=9))
    with pytest.raises(CommandError, match="key_missing|公钥或其状态"):
        call_command("log_verify")
