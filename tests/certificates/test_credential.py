"""A certificate as an Open Badges 3.0 credential: accepted by verifiers of others, and by them refused
after any change, after a revocation and with a stolen key.
"""

import base64
import copy
import gzip
import json
from copy import deepcopy
from datetime import timedelta

import pymupdf
import pytest
from django.core.cache import cache
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.credential import is_signed_by
from certificates.models import Certificate, Credential
from certificates.register.models import IssuerKey, RegisterEntry
from certificates.services import keys
from certificates.services.correct import correct
from certificates.services.credentials import credential, first_credential
from certificates.services.issue import PLACES, issue_class
from certificates.services.papers import paper
from certificates.services.revoke import revoke
from certificates.services.trust import issuer_document
from tenants.append_only import FrozenRow
from tenants.models import Tenant
from tests.cast import base, the_centre, two
from tests.certificates.verifiers import judge
from tests.story import finished

GOOD = {"valid_signature": True, "revocation_status": True}


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), tenant_context(base("north")):
        return issue_class(finished(people=3), None).certificates


@pytest.fixture
def issued(made, db, settings):
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""  # did:web knows https only
    return deepcopy(made)


@pytest.fixture
def ask(client):
    """The document at an address of ours, as a stranger gets it."""

    def get(address, status=200, **headers):
        with tenant_context(the_centre()):
            cache.clear()
        host, _, path = address.removeprefix("https://").partition("/")
        answer = client.get(f"/{path}", HTTP_HOST=host, **headers)
        assert answer.status_code == status, address
        return answer

    return get


def read(answer):
    return json.loads(answer.content)


def address_of(certificate):
    return f"https://centre.localhost/c/{certificate.code}/credential.json"


def world(ask, signed):
    """What a verifier may fetch: the status list and the issuer's DID document, from our addresses."""
    _web, host, *path = signed["issuer"]["id"].split(":")[1:]
    addresses = [
        f"https://{host}/{'/'.join(path)}/did.json",
        signed["credentialStatus"]["statusListCredential"],
    ]
    return {address: read(ask(address)) for address in addresses}


def leaves(node, path=()):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from leaves(value, (*path, at))
    else:
        yield path, node


def changed(document, path, value):
    found = copy.deepcopy(document)
    place = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return found


def accepted(said):
    core, strict = said["core"], said["vc"]
    return (
        not core["errors"]
        and core["log"].get("valid_signature") is True
        and core["log"].get("revocation_status") is True
        and strict["verified"]
    )


def test_two_verifiers_of_others_accept_it_with_nothing_but_our_addresses(issued, ask):
    answer = ask(address_of(issued[0]))
    assert answer["Content-Type"] == "application/vc"
    signed = read(answer)
    said = judge([signed], world(ask, signed))
    [found] = said["results"]
    assert found["core"]["errors"] == [] and found["core"]["log"].items() >= GOOD.items(), found
    assert found["vc"] == {"verified": True, "signature": True, "revoked": False, "errors": []}
    fetched = {url for url in said["asked"] if "purl.imsglobal.org" not in url}  # its JSON schema
    assert fetched == set(world(ask, signed))


def test_it_says_every_claim_that_the_paper_prints(issued, ask):
    with tenant_context(base("north")):
        first = Certificate.objects.get(pk=issued[0].pk)
    signed = read(ask(address_of(first)))
    text = json.dumps(signed, ensure_ascii=False)
    for key, value in first.claims.items():
        assert key == "photo_sha256" or value in text, key
    subject = signed["credentialSubject"]
    assert subject["name"] == first.holder_name and subject["licenseNumber"] == first.number
    assert subject["achievement"]["name"] == first.claims["project_name"]
    entry = RegisterEntry.objects.get(code=first.code)
    assert signed["credentialStatus"]["statusListIndex"] == str(entry.status_index)


def test_both_refuse_it_after_any_change(issued, ask):
    """Each text of it in turn: a name, a score, a date, the status' place, the proof itself."""
    signed = read(ask(address_of(issued[0])))
    forged = [
        changed(signed, path, "2020-01-01T00:00:00Z" if path[-1] == "created" else f"{value}1")
        for path, value in leaves(signed)
    ]
    forged.append(changed(signed, ["credentialSubject", "name"], "李四"))
    for added in ("role", "nonsense"):  # a word of the contexts, and none
        subject = {**signed["credentialSubject"], added: "x"}
        forged.append({**signed, "credentialSubject": subject})
    forged.append({key: value for key, value in signed.items() if key != "credentialStatus"})
    forged.append({key: value for key, value in signed.items() if key != "proof"})
    assert len(forged) > 50
    results = judge([*forged, signed], world(ask, signed))["results"]
    assert accepted(results[-1])
    assert [n for n, said in enumerate(results[:-1]) if accepted(said)] == []
    assert [n for n, said in enumerate(results[:-1]) if said["vc"]["verified"]] == []


def test_a_revocation_and_a_correction_flip_it(issued, ask):
    documents = [read(ask(address_of(each))) for each in issued]
    before = judge(documents, world(ask, documents[0]))["results"]
    assert all(accepted(each) for each in before)
    with tenant_context(base("north")):
        revoke(issued[0], "issued_in_error", "误发", *two())
        correct(issued[1], "更正之名", "姓名有误", two()[0])
    after = judge(documents, world(ask, documents[0]))["results"]
    assert [accepted(each) for each in after] == [False, False, True]
    assert [each["vc"]["revoked"] for each in after] == [True, True, False]
    assert [each["core"]["log"]["revocation_status"] for each in after] == [False, False, True]
    assert read(ask(address_of(issued[0]))) == documents[0]  # it is still given, and says so


def test_the_list_of_statuses_has_the_length_and_the_spelling_of_the_w3c(issued, ask):
    signed = read(ask(address_of(issued[0])))
    listed = read(ask(signed["credentialStatus"]["statusListCredential"]))
    subject = listed["credentialSubject"]
    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert listed["issuer"] == signed["issuer"]["id"]
    assert subject["encodedList"][0] == "u" and "=" not in subject["encodedList"]
    packed = base64.urlsafe_b64decode(subject["encodedList"][1:] + "==")
    assert len(gzip.decompress(packed)) * 8 == PLACES >= 131_072
    kid = listed["proof"]["verificationMethod"].partition("#")[2]
    key = IssuerKey.objects.get(kid=kid)
    assert key.use == "trust"
    assert is_signed_by(listed, bytes(key.public_key))
    assert not is_signed_by({**listed, "validUntil": "2099-01-01T00:00:00Z"}, bytes(key.public_key))


def test_the_paper_holds_the_credential_that_the_address_gives(issued, ask):
    with tenant_context(base("north")):
        content = paper(Certificate.objects.get(pk=issued[0].pk))
    document = pymupdf.open(stream=content)
    assert document.embfile_names() == ["certificate.json", "credential.json"]
    attached = json.loads(document.embfile_get("credential.json"))
    assert attached == read(ask(address_of(issued[0])))
    assert accepted(judge([attached], world(ask, attached))["results"][0])


def test_it_is_made_once_and_never_changed(issued):
    with tenant_context(base("north")):
        found = Certificate.objects.get(pk=issued[0].pk)
        assert first_credential(found) == credential(found) == first_credential(found)
        row = Credential.objects.get()
        row.content = "{}"
        with pytest.raises(FrozenRow):
            row.save()


def test_after_a_key_was_replaced_the_old_one_still_proves_what_it_signed(issued, ask):
    old = read(ask(address_of(issued[0])))
    with tenant_context(base("north")):
        keys.retire(issued[0].kid, "换人")
    assert read(ask(address_of(issued[0]))) == old
    young = read(ask(address_of(issued[1])))
    assert young["proof"]["verificationMethod"] != old["proof"]["verificationMethod"]
    results = judge([old, young], world(ask, old))["results"]
    assert [accepted(each) for each in results] == [True, True]


def test_a_stolen_key_proves_nothing_on_the_days_in_doubt(issued, ask):
    old = read(ask(address_of(issued[0])))
    with tenant_context(base("north")):
        keys.compromise(issued[0].kid, timezone.localdate(), "电脑失窃")
    ask(address_of(issued[0]), status=404)  # of the day in doubt: the register does not believe it
    assert not accepted(judge([old], world(ask, old))["results"][0])


def test_what_a_stolen_key_signed_before_the_theft_is_signed_anew(db, settings, ask):
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""
    yesterday = timezone.localdate() - timedelta(days=1)
    with tenant_context(base("north")):
        [certificate] = issue_class(
            finished("T-09", people=1, seed=9), None, on=yesterday
        ).certificates
    old = read(ask(address_of(certificate)))
    with tenant_context(base("north")):
        keys.compromise(certificate.kid, timezone.localdate(), "电脑失窃")
    new = read(ask(address_of(certificate)))
    assert new["proof"]["verificationMethod"] != old["proof"]["verificationMethod"]
    assert {**new, "proof": 0} == {**old, "proof": 0}
    results = judge([old, new], world(ask, new))["results"]
    assert [accepted(each) for each in results] == [False, True]
    with tenant_context(base("north")):  # the paper stays what it was
        assert json.loads(first_credential(Certificate.objects.get(pk=certificate.pk))) == old


def test_nothing_is_written_in_a_base_that_is_being_moved(issued, ask):
    kept = read(ask(address_of(issued[0])))
    Tenant.objects.filter(slug="north").update(moving="writes")
    assert read(ask(address_of(issued[0]))) == kept
    assert "Retry-After" in ask(address_of(issued[1]), status=503)
    with tenant_context(base("north")):
        assert Credential.objects.count() == 1


def test_another_bases_key_is_not_in_the_issuers_document(issued):
    with tenant_context(base("south")):
        foreign, _private = keys.signing_key(timezone.localdate().year)
    with tenant_context(the_centre()):
        document = issuer_document(base("north"))
    kids = {method["id"].partition("#")[2] for method in document["verificationMethod"]}
    assert issued[0].kid in kids and foreign.kid not in kids


@pytest.mark.parametrize("path", ["c/" + "0" * 20, "c/x", "c/10001", "issuers/x", "status/x/1"])
def test_an_unknown_one_is_not_there(issued, ask, path):
    name = "did.json" if path.startswith("issuers") else "credential.json"
    ask(f"https://centre.localhost/{path}/{name}", status=404)


def test_it_is_for_whoever_has_the_code_and_leaves_no_trace_of_the_address(issued, ask):
    answer = ask(address_of(issued[0]))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    again = ask(address_of(issued[0]), status=304, HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.content == b""
    ask(f"https://centre.localhost/c/{issued[0].number}/credential.json", status=404)
