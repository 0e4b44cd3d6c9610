"""A claim after a scan waits for the base's call; links are used once; the worker can object."""

import io
from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from certificates.employment.models import Claim, ClaimCall, ConfirmLink, Consent, WorkerLink
from certificates.models import Objection, Outcome
from certificates.services.outcomes import Facts, history_of, record_outcome
from lms.plugin.testing import inside
from tests.cast import two
from tests.certificates.working import approved, certified, link_in, sent, uscc

TODAY = timezone.localdate()
CLAIM = {"firm": "小饭馆", "contact": "老金", "role": "老板", "phone": "13900000001"}
JOB = {"kind": "local", "place_code": "222403", "employer": "小饭馆", "started_on": TODAY}
JOB |= {"full_time": "on"}


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock():
        return certified()[0]


@pytest.fixture
def certificate(made, db):
    return deepcopy(made)


@pytest.fixture
def claim(certificate, visit):
    page = visit("centre").post(f"/c/{certificate.code}/work/", CLAIM)
    assert "申报已收到" in page.content.decode()
    with inside("north"):
        return Claim.objects.get()


@pytest.fixture
def clerk(visit):
    return visit("north", "clerk")


def known(certificate):
    with inside("north"):
        return history_of(certificate).known


def ask(clerk, claim, **changes):
    """The clerk sends a link; its address."""
    form = {"act": "link", "to": "13900000001", "reached": "public"} | changes
    assert clerk.post(f"/desk/claims/{claim.pk}/", form).status_code == 302
    return link_in(sent("north", "就业核实").text)


def test_a_claim_counts_for_nothing_until_the_base_has_called(certificate, claim, clerk):
    assert known(certificate).value == "unknown"
    assert "小饭馆" in clerk.get("/desk/claims/").content.decode()
    page = clerk.get(f"/desk/certificates/{certificate.number}/").content.decode()
    assert f"/desk/claims/{claim.pk}/" in page
    address = f"/desk/claims/{claim.pk}/"
    clerk.post(address, {"act": "call", "note": "没人接"})
    assert "没人接" in clerk.get(address).content.decode()
    clerk.post(address, JOB | {"act": "accept", "reached": "claim"})
    assert (known(certificate).value, known(certificate).evidence) == ("employed", "liaison_call")
    with inside("north"):
        assert ClaimCall.objects.count() == 2
        assert Claim.objects.get().state == "accepted"
    late = clerk.post(address, {"act": "refuse", "reason": "x"}).content.decode()
    assert "已经办结" in late


def test_a_call_to_the_firms_own_number_is_the_employers_confirmation(certificate, claim, clerk):
    clerk.post(f"/desk/claims/{claim.pk}/", JOB | {"act": "accept", "reached": "public"})
    assert known(certificate).evidence == "employer_confirmed"


def test_a_refusal_wants_a_reason(certificate, claim, clerk):
    address = f"/desk/claims/{claim.pk}/"
    assert "理由" in clerk.post(address, {"act": "refuse", "reason": " "}).content.decode()
    clerk.post(address, {"act": "refuse", "reason": "本人说不认识"})
    with inside("north"):
        assert (Claim.objects.get().state, Outcome.objects.count()) == ("refused", 0)
    book = load_workbook(io.BytesIO(clerk.get("/desk/claims/?state=refused&format=xlsx").content))
    assert "本人说不认识" in [cell.value for cell in book.active[2]]


def test_claims_have_limits_by_address_and_by_certificate(certificate, visit):
    stranger = visit("centre")
    address = f"/c/{certificate.code}/work/"
    for _ in range(3):
        stranger.post(address, CLAIM)
    assert "请电话联系发证基地" in stranger.post(address, CLAIM).content.decode()
    with inside("north"):
        assert Claim.objects.count() == 3
    stranger.post(address, CLAIM)
    assert stranger.post(address, CLAIM).status_code == 429


def test_a_wrong_credit_code_and_an_unknown_code_are_refused(certificate, visit):
    stranger = visit("centre")
    page = stranger.post(f"/c/{certificate.code}/work/", CLAIM | {"uscc": "91222403MA00000010"})
    assert "errorlist" in page.content.decode()
    assert stranger.get("/c/ZZZZZZZZZZZZZZZZ/work/").status_code == 404
    assert stranger.get(f"/c/{certificate.number}/work/").status_code == 404
    with inside("north"):
        assert not Claim.objects.exists()


def test_another_base_never_sees_the_claim(claim, visit):
    other = visit("south", "manager")
    assert "小饭馆" not in other.get("/desk/claims/").content.decode()
    assert other.get(f"/desk/claims/{claim.pk}/").status_code == 404
    assert visit("north", "trainer").get(f"/desk/claims/{claim.pk}/").status_code == 403
    assert visit("north").get("/desk/claims/").status_code == 302


def test_an_employer_confirms_by_link_once(certificate, claim, clerk, visit):
    stranger, address = visit("north"), ask(clerk, claim)
    page = stranger.get(address)
    assert page["Referrer-Policy"] == "same-origin"
    assert certificate.trainee.phone not in page.content.decode()
    answer = {"answer": "confirmed", "job": "帮厨", "started_on": TODAY, "full_time": "on"}
    assert "请填写" in stranger.post(address, {"answer": "confirmed"}).content.decode()
    assert "已收到" in stranger.post(address, answer).content.decode()
    assert known(certificate).evidence == "employer_confirmed"
    again = stranger.post(address, answer)
    assert again.status_code == 410
    assert "已经用过了" in again.content.decode()
    assert address.split("/")[2] not in sent("north", "就业核实").text
    with inside("north"):
        assert Outcome.objects.count() == 1
        assert Claim.objects.get().state == "accepted"


def test_a_link_to_a_number_of_the_claim_alone_is_no_employers_confirmation(
    certificate, claim, clerk, visit
):
    address = ask(clerk, claim, reached="claim")
    visit("north").post(address, {"answer": "confirmed", "started_on": TODAY})
    assert known(certificate).evidence == "liaison_call"


def test_an_old_link_and_a_claim_decided_meanwhile_say_so_kindly(claim, clerk, visit):
    first = ask(clerk, claim)
    second = ask(clerk, claim)
    assert "已经过期" in visit("north").get(first).content.decode(), "the newer one counts"
    clerk.post(f"/desk/claims/{claim.pk}/", {"act": "refuse", "reason": "x"})
    assert "已经办结" in visit("north").get(second).content.decode()
    assert visit("north").get("/confirm/nonsense/").status_code == 404
    assert visit("south").get(second).status_code == 404


def test_an_employer_rejects_by_link(certificate, claim, clerk, visit):
    address = ask(clerk, claim)
    visit("north").post(address, {"answer": "rejected", "text": "没有这个人"})
    with inside("north"):
        found = Claim.objects.get()
        assert (found.state, found.reason) == ("refused", "单位否认：没有这个人")
        assert ConfirmLink.objects.get().answer == "rejected"
    assert known(certificate).value == "unknown"


def test_an_employer_says_left_on_by_link(certificate, claim, clerk, visit):
    address = ask(clerk, claim)
    left = {"answer": "left", "left_on": TODAY, "end_reason": "season_over"}
    assert "请填写起始日期" in visit("north").post(address, left).content.decode()
    visit("north").post(address, left | {"started_on": TODAY - timedelta(days=9)})
    assert known(certificate).value == "unknown"
    assert known(certificate).worked_from == TODAY - timedelta(days=9)


def test_an_employer_is_asked_about_what_the_worker_said_and_rejects_it(certificate, clerk, visit):
    with inside("north"):
        facts = Facts("local", "self_reported", employer="小饭馆", started_on=TODAY)
        row = record_outcome(certificate, facts, by=two()[0])
    page = f"/desk/outcomes/{row.pk}/link/"
    assert "小饭馆" in clerk.get(page).content.decode()
    clerk.post(page, {"to": "0433-1234567", "reached": "public"})
    address = link_in(sent("north", "就业核实").text)
    visit("north").post(address, {"answer": "rejected", "text": "已经歇业"})
    assert known(certificate).value == "unknown"
    with inside("north"):
        assert Outcome.objects.get(replaces=row).reason == "单位否认：已经歇业"


def test_a_registered_employers_phone_is_offered_for_the_call(
    certificate, clerk, visit, mailoutbox
):
    employer = approved()
    visit("centre").post(f"/c/{certificate.code}/work/", CLAIM | {"uscc": uscc()})
    with inside("north"):
        claim = Claim.objects.get()
    page = clerk.get(f"/desk/claims/{claim.pk}/").content.decode()
    assert f"tel:{employer.phone}" in page
    assert "已在服务中心登记" in page


@pytest.fixture
def told(certificate, claim, clerk):
    """The address at which the worker reads what was recorded."""
    form = JOB | {"act": "accept", "reached": "public", "employer_uscc": uscc()}
    clerk.post(f"/desk/claims/{claim.pk}/", form)
    return link_in(sent("north", "就业登记").text)


def opened(browser, address, certificate):
    """The worker's page behind the last four, and its signed pass."""
    page = browser.post(address, {"last4": certificate.trainee.id_last4.lower()})
    html = page.content.decode()
    return html, html.partition('name="pass" value="')[2].partition('"')[0]


def test_a_worker_reads_it_with_the_last_four_and_objects(certificate, told, clerk, visit):
    worker = visit("north")
    assert "小饭馆" not in worker.get(told).content.decode()
    html, key = opened(worker, told, certificate)
    assert "小饭馆" in html
    with inside("north"):
        row = Outcome.objects.get()
    act = {"pass": key, "act": "object", "outcome": row.pk, "text": "我没在那里干过"}
    assert "已收到您的异议" in worker.post(told, act).content.decode()
    assert (known(certificate).value, known(certificate).objected) == ("unknown", True)
    assert "正在核实" in worker.post(told, act).content.decode()
    with inside("north"):
        objection = Objection.objects.get()
    assert "我没在那里干过" in clerk.get(f"/desk/objections/{objection.pk}/").content.decode()
    address = f"/desk/objections/{objection.pk}/"
    assert "核实的情况" in clerk.post(address, {"verdict": "uphold", "note": ""}).content.decode()
    clerk.post(address, {"verdict": "uphold", "note": "单位承认写错人"})
    assert (known(certificate).value, known(certificate).objected) == ("unknown", False)
    assert "异议成立" in sent("north", "异议办结").text
    assert visit("south", "manager").get(address).status_code == 404


def test_an_objection_that_is_refused_leaves_the_record(certificate, told, clerk, visit):
    worker = visit("north")
    _, key = opened(worker, told, certificate)
    with inside("north"):
        row = Outcome.objects.get()
    worker.post(told, {"pass": key, "act": "object", "outcome": row.pk, "text": "工资不对"})
    with inside("north"):
        pk = Objection.objects.get().pk
    clerk.post(f"/desk/objections/{pk}/", {"verdict": "refuse", "note": "合同为证"})
    assert known(certificate).value == "employed"


def test_five_wrong_guesses_close_the_link(certificate, told, visit):
    worker = visit("north")
    wrong = "0000" if certificate.trainee.id_last4 != "0000" else "1111"
    for _ in range(4):
        assert "后四位不对" in worker.post(told, {"last4": wrong}).content.decode()
    assert worker.post(told, {"last4": wrong}).status_code == 410
    html, _ = opened(worker, told, certificate)
    assert "小饭馆" not in html
    with inside("north"):
        assert WorkerLink.objects.get().wrong == 5


def test_a_pass_of_another_link_or_base_opens_nothing(certificate, told, visit):
    worker = visit("north")
    _, key = opened(worker, told, certificate)
    assert "小饭馆" not in worker.post(told, {"pass": key + "x"}).content.decode()
    assert visit("south").post(told, {"pass": key}).status_code == 410
    with inside("north"):
        WorkerLink.objects.update(expires_at=timezone.now())
    assert worker.post(told, {"pass": key}).status_code == 410


def test_consent_is_a_row_with_words_time_and_how(certificate, told, clerk, visit):
    worker = visit("north")
    _, key = opened(worker, told, certificate)
    worker.post(told, {"pass": key, "act": "agree", "uscc": uscc()})
    worker.post(told, {"pass": key, "act": "agree", "uscc": uscc(9)})
    page = f"/desk/certificates/{certificate.number}/"
    assert "已同意提供电话" in clerk.get(page).content.decode()
    clerk.post(f"{page}consent/", {"uscc": uscc(), "how": "paper", "given": "no"})
    with inside("north"):
        rows = list(Consent.objects.values_list("given", "how", "text_version"))
        assert rows == [(True, "link", "2026-1"), (False, "paper", "2026-1")]
        assert Consent.objects.last().recorded_by.username == "clerk"
    assert "已撤回" in clerk.get(page).content.decode()
