"""Each state of a certificate has an answer of its own: words, colour and shape."""

import re
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.register import documents
from certificates.register.models import RegisterEntry
from certificates.services import keys
from certificates.services.correct import correct
from certificates.services.issue import issue_class
from certificates.services.revoke import revoke
from tenants.designations.models import Designation, TrainingBase
from tenants.designations.services import take_step
from tests.cast import OFFICIAL, base, two
from tests.story import finished

HOST = "centre.localhost"


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), tenant_context(base("north")):
        return issue_class(finished(people=1), None).certificates[0]


@pytest.fixture
def certificate(made, db):
    with tenant_context(base("north")):
        yield deepcopy(made)


def verdicts(client, path):
    """What stands big on the page: (colours, Chinese and English) of each notice."""
    page = client.get(path, HTTP_HOST=HOST).content.decode()
    found = re.findall(
        r'<div class="notice (\w+)"[^>]*><p class="verdict">(.*?) <span lang="en">(.*?)</span>',
        page,
    )
    return [(colour, f"{zh} {en}") for colour, zh, en in found]


def good(c):
    """Nothing happens."""


def revoked(c):
    revoke(c, "other", "误发", *two())


def superseded(c):
    correct(c, "王小明", "姓名", two()[0])


def stolen(c):
    keys.compromise(c.kid, timezone.localdate(), "失窃")


def edited(c):
    RegisterEntry.objects.filter(code=c.code).update(claims={**c.claims, "holder_name": "别人"})


def expired(c):
    RegisterEntry.objects.update(issued_on=date(2020, 6, 1))
    QuerySet(Designation).update(ends_on=timezone.localdate() - timedelta(days=1))


def suspended(c):
    kept = TrainingBase.objects.get(tenant=base("north"))
    take_step(kept, "suspend", OFFICIAL, reason="检查", document="停〔2026〕1号")


def undesignated(c):
    RegisterEntry.objects.update(issued_on=date(2019, 6, 1))


ANSWERS = {
    good: [("ok", "✓ 有效 Valid")],
    revoked: [("bad", "✕ 已撤销 Revoked")],
    superseded: [("warn", "↻ 已换发 Superseded")],
    stolen: [("bad", "! 签发密钥报失，不能确认 Cannot be confirmed: stolen key")],
    edited: [("bad", "≠ 登记与签名不符 Altered")],
    expired: [
        ("ok", "✓ 有效 Valid"),
        ("warn", "◷ 发证基地的认定已到期 The issuer&#x27;s designation has expired"),
    ],
    suspended: [("ok", "✓ 有效 Valid"), ("warn", "◷ 发证基地已暂停 The issuer is suspended")],
    undesignated: [
        ("warn", "△ 登记在册，但发证之日无认定 On record, but not by a designated base on that day")
    ],
}


@pytest.mark.parametrize("state", ANSWERS, ids=lambda state: state.__name__)
def test_each_state_says_what_it_is_in_words_colour_and_shape(certificate, client, state):
    state(certificate)
    documents.drop(base("north").pk)
    assert verdicts(client, f"/c/{certificate.code}") == ANSWERS[state]


def test_no_two_states_look_alike():
    said = [tuple(verdict) for verdict in ANSWERS.values()]
    assert len(set(said)) == len(said)


def test_an_unknown_code_and_a_forged_token_have_answers_of_their_own(certificate, client):
    assert verdicts(client, "/c/" + "0" * 20) == [("bad", "? 查无此证 Unknown")]
    query = f"/check/?q=https://{HOST}/c/{certificate.code}%23{certificate.token[:-9]}AAAAAAAAA"
    assert verdicts(client, query) == [("bad", "≠ 二维码被伪造或改动 Forged or altered")]
    query = f"/check/?q={certificate.number}&name=别人"
    assert verdicts(client, query) == [("bad", "≠ 编号与姓名不符 Number and name do not match")]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_only_reading_is_answered(certificate, client, method):
    code = certificate.code
    for path in (
        *(f"/c/{code}", f"/c/{code}/photo.jpg", f"/c/{code}/credential.json", "/check/?q=1"),
        *(f"/verify/ask/{code}.json", "/verify/", "/.well-known/did.json"),
        *("/issuers/22240301/did.json", "/status/22240301/1/credential.json"),
        *("/.well-known/trainbase/trust.json", "/status/22240301/1.json", "/.well-known/jwks.json"),
    ):
        assert getattr(client, method)(path, HTTP_HOST=HOST).status_code == 405, path


ODD = [
    "",
    "%00",
    "０" * 20,
    "Ａ" * 20,
    "a" * 60,
    "\u202e" * 20,
    "é" * 20,
    "🀄" * 20,
    "..%2f..",
    "%ff%fe",
]


@pytest.mark.parametrize("code", ODD, ids=range(len(ODD)))
def test_a_code_of_any_shape_is_unknown_and_never_an_error(certificate, client, code):
    for path in (f"/c/{code}x", f"/c/{code}x/credential.json", f"/verify/ask/{code}x.json"):
        answer = client.get(path, HTTP_HOST=HOST)
        assert answer.status_code in (200, 400, 404), path
        assert certificate.holder_name not in answer.content.decode(errors="replace")


def test_a_fragment_of_any_size_that_is_pasted_is_refused(certificate, client):
    for tail in ("A" * 1_000, "A" * 100_000, "%00", "＃" * 50):
        text = f"{HOST}/c/{certificate.code}%23{tail}"
        answer = client.get(f"/check/?q={text}", HTTP_HOST=HOST)
        assert answer.status_code in (200, 400, 404, 414)
        assert "notice ok" not in answer.content.decode()
