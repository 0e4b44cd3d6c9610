"""A registered employer scans a certificate: one tap, and what it sees afterwards."""

import io
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.utils import timezone
from openpyxl import load_workbook

from certificates.employers.models import Confirmation, EmployerCheck
from certificates.employment.models import Claim, Consent
from certificates.models import Certificate, Outcome
from certificates.register.models import RegisterEntry
from certificates.services.correct import correct
from certificates.services.outcomes import Facts, history_of, record_outcome
from lms.plugin.testing import inside
from tenants.models import Tenant
from tenants.staff.models import User
from tests.cast import two
from tests.certificates.working import approved, certified, sent, signed_in, uscc

TODAY = timezone.localdate()


@pytest.fixture
def employer(db, mailoutbox):
    return approved()


@pytest.fixture
def browser(employer, mailoutbox):
    return signed_in(employer, mailoutbox)


def form(**changes):
    return {
        "job": "缝纫工",
        "started_on": TODAY,
        "place_code": "222403",
        "full_time": "on",
    } | changes


def test_a_tap_writes_an_outcome_at_the_base_and_the_worker_is_told(browser, employer):
    (certificate,) = certified()
    address = f"/c/{certificate.code}/work/"
    page = browser.get(address)
    assert f'value="{TODAY}"' in page.content.decode()
    assert "222403 吉林省延边朝鲜族自治州敦化市" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "已确认" in browser.post(address, form()).content.decode()
    with inside("north"):
        known = history_of(certificate)
        row = known.counts
        assert (known.known.value, row.evidence) == ("employed", "employer_confirmed")
        assert (row.kind, row.employer_uscc, row.recorded_by) == ("local", employer.uscc, None)
        assert employer.name in row.said_by
    found = Confirmation.objects.get()
    assert (found.state, found.number, found.outcome) == ("counted", certificate.number, row.pk)
    assert "已登记为" in sent("north", "就业登记").text
    assert "已确认过此人" in browser.post(address, form()).content.decode()


def test_the_public_page_leads_there_and_says_nothing_else_of_work(visit, browser):
    (certificate,) = certified()
    browser.post(f"/c/{certificate.code}/work/", form())
    page = visit("centre").get(f"/c/{certificate.code}").content.decode()
    assert f'href="/c/{certificate.code}/work/"' in page
    assert "示范制衣厂" not in page


def test_an_employer_sees_the_paper_and_the_phone_only_with_consent(browser, employer):
    (certificate,) = certified()
    browser.post(f"/c/{certificate.code}/work/", form())
    found = Confirmation.objects.get()
    home = browser.get("/employers/").content.decode()
    assert certificate.number in home
    assert certificate.holder_name in home
    own = f"/employers/people/{found.pk}/"
    assert "本人没有同意提供" in browser.get(own).content.decode()
    with inside("north"):
        trainee = certificate.trainee
        said = {"trainee": trainee, "employer_uscc": employer.uscc, "employer": employer.name}
        said |= {"text_version": "2026-1", "how": "link"}
        Consent.objects.create(given=True, **said)
        phone = trainee.phone
    assert phone in browser.get(own).content.decode()
    with inside("north"):
        Consent.objects.create(given=False, **said)
    assert phone not in browser.get(own).content.decode()


def test_another_employer_sees_nothing_of_it(browser, mailoutbox):
    (certificate,) = certified()
    browser.post(f"/c/{certificate.code}/work/", form())
    other = signed_in(approved(2), mailoutbox)
    assert certificate.number not in other.get("/employers/").content.decode()
    person = f"/employers/people/{Confirmation.objects.get().pk}/"
    assert other.get(person).status_code == 404
    assert other.post(person, {"left_on": TODAY, "reason": "resigned"}).status_code == 404


def test_an_employer_says_that_somebody_left(browser):
    (certificate,) = certified()
    started = TODAY - timedelta(days=5)
    browser.post(f"/c/{certificate.code}/work/", form(started_on=started))
    person = f"/employers/people/{Confirmation.objects.get().pk}/"
    early = {"left_on": started - timedelta(days=1), "reason": "resigned"}
    assert "不能早于起始日期" in browser.post(person, early).content.decode()
    assert browser.post(person, early | {"left_on": TODAY}).status_code == 302
    with inside("north"):
        assert history_of(certificate).known.value == "unknown"
        assert history_of(certificate).known.worked_from == started
    assert Confirmation.objects.get().left_on == TODAY
    book = load_workbook(io.BytesIO(browser.get("/employers/?format=xlsx").content))
    assert certificate.number in [cell.value for cell in book.active[2]]
    assert "请刷新页面" in browser.post(person, early | {"left_on": TODAY}).content.decode()


def test_another_full_time_job_on_record_waits_for_the_base_and_is_not_told(browser):
    (certificate,) = certified()
    with inside("north"):
        facts = Facts("local", "document", employer="机密食品厂", started_on=TODAY)
        record_outcome(certificate, facts, by=two()[0])
    page = browser.post(f"/c/{certificate.code}/work/", form()).content.decode()
    assert "等培训基地核实" in page
    assert "机密" not in page
    with inside("north"):
        assert Claim.objects.get().why == "other_job"
        assert history_of(certificate).counts.employer == "机密食品厂"
    assert Confirmation.objects.get().state == "waiting"


def test_an_employer_that_confirms_too_many_waits_for_the_bases_call(browser, settings, visit):
    settings.CONFIRMATIONS_A_MINUTE = 2
    found = certified(people=4)
    for certificate in found:
        browser.post(f"/c/{certificate.code}/work/", form())
    assert list(Confirmation.objects.order_by("id").values_list("state", flat=True)) == [
        *("counted", "counted", "waiting", "waiting")
    ]
    with inside("north"):
        assert Outcome.objects.count() == 2
        claims = list(Claim.objects.order_by("id"))
    assert {claim.why for claim in claims} == {"too_many"}
    clerk = visit("north", "clerk")
    address = f"/desk/claims/{claims[0].pk}/"
    assert "短时间内确认过多" in clerk.get(address).content.decode()
    accept = form(act="accept", reached="register", kind="local", employer=claims[0].firm)
    assert clerk.post(address, accept).status_code == 302
    with inside("north"):
        assert Claim.objects.first().outcome.evidence == "employer_confirmed"
    clerk.post(f"/desk/claims/{claims[1].pk}/", {"act": "refuse", "reason": "单位说没有这个人"})
    assert list(Confirmation.objects.order_by("id").values_list("state", flat=True)) == [
        *("counted", "counted", "counted", "refused")
    ]
    assert project.CONFIRMATIONS_A_MINUTE == 2


def test_a_superseded_paper_stands_for_the_new_version(browser):
    (old,) = certified()
    with inside("north"):
        clerk = User.objects.get(username="clerk")
        new = correct(old, "改名后", "姓名更正", clerk)
    page = browser.get(f"/c/{old.code}/work/").content.decode()
    assert "已换发" in page
    browser.post(f"/c/{old.code}/work/", form())
    with inside("north"):
        assert Outcome.objects.get().certificate_id == Certificate.objects.get(status="valid").pk
    assert "已确认过此人" in browser.post(f"/c/{new.code}/work/", form()).content.decode()


def test_a_revoked_certificate_is_refused_with_what_to_do(browser, visit):
    (certificate,) = certified()
    RegisterEntry.objects.update(
        status="revoked", revoked_on=TODAY, reason="误发", revoke_code="issued_in_error"
    )
    for each in (browser, visit("centre")):
        page = each.get(f"/c/{certificate.code}/work/")
        assert page.status_code == 409
        assert "请让本人联系发证基地" in page.content.decode()
        each.post(f"/c/{certificate.code}/work/", form(firm="x", contact="y", phone="0433-1234567"))
    with inside("north"):
        assert not Outcome.objects.exists()
        assert not Claim.objects.exists()


def test_a_start_before_the_issue_is_taken_and_flagged_where_the_clerk_looks(browser, visit):
    (certificate,) = certified()
    browser.post(f"/c/{certificate.code}/work/", form(started_on=TODAY - timedelta(days=400)))
    page = visit("north", "clerk").get(f"/desk/certificates/{certificate.number}/")
    assert "发证前已在业" in page.content.decode()


def test_a_base_that_is_closed_or_on_its_way_takes_nothing(browser):
    (certificate,) = certified()
    address = f"/c/{certificate.code}/work/"
    Tenant.objects.filter(slug="north").update(moving="writes")
    assert "几分钟后再试" in browser.post(address, form()).content.decode()
    Tenant.objects.filter(slug="north").update(moving="", closed_on=TODAY)
    assert "服务中心" in browser.post(address, form()).content.decode()
    assert not Confirmation.objects.exists()


def test_a_certificate_of_another_cell_leads_there(browser, settings, tmp_path):
    (certificate,) = certified()
    file = tmp_path / "cells.toml"
    file.write_text('[east]\naddress = "https://{host}"\ncentre = "https://east.example.org"\n')
    settings.CELLS = str(file)
    RegisterEntry.objects.update(status="moved")
    Tenant.objects.filter(slug="north").update(cell="east")
    there = f"https://east.example.org/c/{certificate.code}/work/"
    assert browser.get(f"/c/{certificate.code}/work/").url == there


def test_what_an_employer_checks_is_kept_on_its_own_page(browser, employer):
    (certificate,) = certified()
    answer = browser.post("/employers/check/", {"q": f"http://x/c/{certificate.code}"})
    assert answer.url == f"/c/{certificate.code}"
    browser.post("/employers/check/", {"q": certificate.code})
    assert EmployerCheck.objects.get().number == certificate.number, "twice in ten minutes is once"
    assert certificate.number in browser.get("/employers/").content.decode()
    wrong = browser.post("/employers/check/", {"q": certificate.number}).content.decode()
    assert "没有这个核验码" in wrong, "a number can be guessed"
    forged = browser.post("/employers/check/", {"q": f"http://x/c/{certificate.code}#token"})
    assert "可能被改动" in forged.content.decode()
    assert uscc() == employer.uscc
