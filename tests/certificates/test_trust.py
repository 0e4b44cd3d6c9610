"""What the centre publishes can be checked with what it publishes, and by nobody's word."""

import base64
import gzip
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.cache import cache
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.chain import head_text
from certificates.services import keys
from certificates.services.correct import correct
from certificates.services.heads import publish
from certificates.services.issue import PLACES, issue_class
from certificates.services.revoke import revoke
from certificates.token import verify_token
from tests.cast import base, the_centre, two
from tests.story import finished


@pytest.fixture
def issued(db):
    with tenant_context(base("north")):
        return issue_class(finished(people=3), None).certificates


@pytest.fixture
def ask(client):
    def get(path, host="centre", status=200, **headers):
        with tenant_context(the_centre()):
            cache.clear()
        answer = client.get(path, HTTP_HOST=f"{host}.localhost", **headers)
        assert answer.status_code == status, path
        return answer

    return get


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(answer, trust=None):
    """The body of a signed document, after its signature was checked with a key of the list."""
    said = answer.json()
    body = json.loads(said["body"])
    listed = {key["kid"]: key for key in (trust or body)["keys"]}
    assert listed[said["kid"]]["use"] == "trust"
    public = Ed25519PublicKey.from_public_bytes(unb64(listed[said["kid"]]["x"]))
    public.verify(unb64(said["sig"]), said["body"].encode())
    with pytest.raises(InvalidSignature):
        public.verify(unb64(said["sig"]), said["body"].replace("1", "2").encode())
    return body


def bit(found, index):
    bits = gzip.decompress(unb64(found["bits"]))
    assert len(bits) * 8 == PLACES
    return bits[index // 8] >> (7 - index % 8) & 1


def test_a_token_is_proved_by_the_published_keys_alone(issued, ask):
    trust = opened(ask("/.well-known/trainbase/trust.json"))
    public = {key["kid"]: unb64(key["x"]) for key in trust["keys"] if key["use"] == "certificates"}
    token = verify_token(issued[0].token, public)
    assert token.holder_name == issued[0].holder_name
    assert trust["host"].startswith("centre.localhost")
    jwks = ask("/.well-known/jwks.json").json()["keys"]
    assert {key["kid"] for key in jwks} == {key["kid"] for key in trust["keys"]}
    assert {(key["kty"], key["crv"]) for key in jwks} == {("OKP", "Ed25519")}


def test_the_list_of_statuses_has_a_bit_for_what_was_revoked_or_superseded(issued, ask):
    trust = opened(ask("/.well-known/trainbase/trust.json"))
    places = [
        verify_token(c.token, {c.kid: keys.IssuerKey.objects.get(kid=c.kid).public_key}).place
        for c in issued
    ]
    assert len(set(places)) == 3 and {number for number, _ in places} == {1}
    path = f"/status/{base('north').issuer_code}/1.json"
    before = opened(ask(path), trust)
    assert [bit(before, index) for _, index in places] == [0, 0, 0]
    with tenant_context(base("north")):
        revoke(issued[0], "other", "误发", *two())
        correct(issued[1], "王小明", "姓名", two()[0])
    after = opened(ask(path), trust)
    assert [bit(after, index) for _, index in places] == [1, 1, 0]
    assert sum(byte.bit_count() for byte in gzip.decompress(unb64(after["bits"]))) == 2


def test_lists_that_nobody_has_issued_into_are_not_there(issued, ask):
    code = base("north").issuer_code
    for path in (f"/status/{code}/2.json", "/status/nobody/1.json", f"/status/{code}/0.json"):
        ask(path, status=404)
    ask(f"/status/{code}/1.json", host="north", status=404)


def test_a_stolen_key_is_marked_and_no_longer_vouched_for(issued, ask):
    kid = issued[0].kid
    with tenant_context(base("north")):
        keys.compromise(kid, timezone.localdate(), "失窃")
    trust = opened(ask("/.well-known/trainbase/trust.json"))
    [key] = [key for key in trust["keys"] if key["kid"] == kid]
    assert key["compromised"] == str(timezone.localdate()) and key["retired"]
    assert kid not in {key["kid"] for key in ask("/.well-known/jwks.json").json()["keys"]}
    assert kid not in json.dumps(ask("/.well-known/did.json", host="north").json())


def test_each_site_has_the_did_document_of_its_own_keys(issued, ask):
    north = ask("/.well-known/did.json", host="north").json()
    assert north["id"].startswith("did:web:north.localhost")
    [method] = north["verificationMethod"]
    assert method["id"] == f"{north['id']}#{issued[0].kid}"
    assert method["publicKeyMultibase"].startswith("z6Mk"), "how every Ed25519 Multikey begins"
    south = ask("/.well-known/did.json", host="south").json()
    assert south["verificationMethod"] == []


def test_published_heads_are_signed_and_of_a_day(issued, ask):
    with tenant_context(the_centre()):
        publish()
    trust = opened(ask("/.well-known/trainbase/trust.json"))
    found = ask("/.well-known/trainbase/heads.json").json()
    [head] = [head for head in found["heads"] if head["issuer"] == base("north").issuer_code]
    [key] = [key for key in trust["keys"] if key["kid"] == head["kid"]]
    day = timezone.localdate()
    text = head_text(head["issuer"], day, head["seq"], bytes.fromhex(head["hash"]), head["kid"])
    public = Ed25519PublicKey.from_public_bytes(unb64(key["x"]))
    public.verify(unb64(head["signature"]), text)
    assert ask(f"/.well-known/trainbase/heads/{day}.json").json() == found
    assert ask("/.well-known/trainbase/heads/2020-01-01.json").json()["heads"] == []
    ask("/.well-known/trainbase/heads/yesterday.json", status=404)


def test_who_has_it_already_is_told_so_and_nothing_is_written(issued, ask, client):
    client.get("/.well-known/trainbase/trust.json", HTTP_HOST="centre.localhost")
    first = client.get("/.well-known/trainbase/trust.json", HTTP_HOST="centre.localhost")
    again = client.get(
        "/.well-known/trainbase/trust.json",
        HTTP_HOST="centre.localhost",
        HTTP_IF_NONE_MATCH=first["ETag"],
    )
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=60"
    assert not first.cookies
    answer = client.post("/.well-known/trainbase/trust.json", HTTP_HOST="centre.localhost")
    assert answer.status_code == 405


def test_the_list_of_next_year_is_signed_by_the_key_of_this_year_too(issued, ask):
    year = timezone.localdate().year
    with tenant_context(the_centre()):
        keys.signing_key(year - 1, keys.TRUST)
        stolen, _ = keys.signing_key(year - 2, keys.TRUST)
        keys.compromise(stolen.kid, timezone.localdate(), "失窃")
    answer = ask("/.well-known/trainbase/trust.json")
    opened(answer)
    said = answer.json()
    listed = {key["kid"]: key for key in json.loads(said["body"])["keys"]}
    [also] = said["also"]
    assert also["kid"] != said["kid"] and also["kid"] != stolen.kid
    assert listed[also["kid"]]["use"] == "trust"
    public = keys.IssuerKey.objects.get(kid=also["kid"]).public_key
    key = Ed25519PublicKey.from_public_bytes(bytes(public))
    key.verify(unb64(also["sig"]), said["body"].encode())
