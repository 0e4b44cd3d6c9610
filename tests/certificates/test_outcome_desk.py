"""The desk of a certificate: everything that is recorded of the holder's work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from certificates.models import Outcome
from certificates.services.outcomes import history_of
from lms.plugin.testing import inside
from tests.certificates.working import certified, sent, uscc

TODAY = timezone.localdate()
FORM = {"kind": "outward", "place_code": "辽宁 沈阳", "employer": "沈阳制衣厂", "job": "缝纫工"}
FORM |= {"employer_trade": "服装", "started_on": TODAY, "full_time": "on", "contract": "labour"}
FORM |= {"wage": "3000-5000", "evidence": "document", "note": "合同编号 7"}


@pytest.fixture
def certificate(db):
    return certified()[0]


@pytest.fixture
def post(certificate, visit):
    """Send the form of the certificate as the clerk; the page as text."""
    clerk = visit("north", "clerk")

    def send(query="", **changes):
        address = f"/desk/certificates/{certificate.number}/{query}"
        return clerk.post(address, FORM | changes, follow=True).content.decode()

    return send


def test_the_whole_outcome_is_written_and_shown(post):
    page = post(employer_uscc=uscc().lower())
    for text in ("辽宁省沈阳市", "缝纫工", "劳动合同", "3000–5000 元", "书面材料", "计入", uscc()):
        assert text in page
    with inside("north"):
        row = Outcome.objects.get()
        assert (row.place_code, row.full_time, row.flags) == ("2101", True, [])


def test_a_wrong_credit_code_stands_at_its_field(post):
    assert "errorlist" in post(employer_uscc="91222403MA00000010")
    with inside("north"):
        assert not Outcome.objects.exists()


def test_a_place_that_several_have_offers_all_of_them(post):
    page = post(place_code="和平")
    assert "210102 辽宁省沈阳市和平区" in page
    assert "没有找到这个地方" in post(place_code="乌有之乡")


def test_a_weaker_word_contests_and_the_clerk_sees_it(post):
    post()
    page = post(kind="unemployed", evidence="self_reported", place_code="", employer="",
                started_on="", full_time="")  # fmt: skip
    assert "有争议" in page
    assert "后来有依据较弱的说法" in page


def test_a_second_full_time_job_is_refused_and_a_job_that_was_left_makes_room(certificate, post):
    post(started_on=TODAY - timedelta(days=30))
    assert "请先登记离职" in post(employer="另一家")
    with inside("north"):
        first = Outcome.objects.get()
    page = post(f"?ends={first.pk}", kind="unknown", ended_on=TODAY, end_reason="resigned",
                started_on="", employer="", place_code="")  # fmt: skip
    assert "本人辞职" in page
    page = post(employer="另一家")
    assert "另一家" in page
    with inside("north"):
        assert history_of(certificate).counts.employer == "另一家"


def test_a_row_is_overruled_by_name_and_for_a_reason_alone(certificate, post, visit):
    post()
    with inside("north"):
        first = Outcome.objects.get()
    page = visit("north", "clerk").get(
        f"/desk/certificates/{certificate.number}/?replaces={first.pk}"
    )
    assert "2101 辽宁省沈阳市" in page.content.decode()
    assert "errorlist" in post(f"?replaces={first.pk}", kind="unemployed", evidence="liaison_call")
    page = post(f"?replaces={first.pk}", kind="unemployed", evidence="liaison_call",
                reason="合同是别人的", started_on="", employer="", place_code="")  # fmt: skip
    assert "合同是别人的" in page
    assert "已被更正" in page
    with inside("north"):
        assert history_of(certificate).known.value == "unemployed"


def test_a_row_of_another_certificate_is_none_of_it(certificate, visit):
    page = visit("north", "clerk").get(f"/desk/certificates/{certificate.number}/?ends=999")
    assert page.status_code == 404


def test_whoever_was_at_work_already_is_flagged(post):
    assert "发证前已在业" in post(started_on=TODAY - timedelta(days=200))


def test_the_clerk_tells_the_worker(post, visit):
    post()
    with inside("north"):
        pk = Outcome.objects.get().pk
    visit("north", "clerk").post(f"/desk/outcomes/{pk}/tell/")
    assert "沈阳制衣厂" in sent("north", "就业登记").text
    assert visit("north", "trainer").post(f"/desk/outcomes/{pk}/tell/").status_code == 403
