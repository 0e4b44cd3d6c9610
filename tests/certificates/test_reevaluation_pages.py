"""Where people see that attendance changed after issue, and who decides."""

import re
from copy import deepcopy

import pytest

from certificates.models import Certificate, Reevaluation
from certificates.services.issue import issue_class
from certificates.services.revoke import decide
from courses.services.attendance import MarkEntry, record_attendance
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.story import finished


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    """A certificate at north whose attendance was corrected after it was issued."""
    with django_db_blocker.unblock(), inside("north"):
        found = finished(people=1)
        issue_class(found, None)
        entry = MarkEntry(found.enrolments.get().pk, "absent", 0, "记错人")
        record_attendance(found.sessions.first(), [entry], User.objects.get(username="trainer"))
        return Reevaluation.objects.select_related("certificate").get()


@pytest.fixture
def changed(made, db):
    return deepcopy(made)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def act(changed, browser, **sent):
    address = f"/desk/certificates/{changed.certificate.number}/reevaluations/{changed.pk}/"
    return browser.post(address, sent, follow=True)


def test_the_desk_of_whoever_may_revoke_names_it_until_it_is_decided(visit, changed):
    manager = visit("north", "manager")
    assert "1 发证后考勤或成绩有变化" in text(manager.get("/desk/"))
    page = text(manager.get("/desk/revocations/"))
    assert changed.certificate.number in page and "不再符合" in page
    assert "发证后考勤" not in text(visit("north", "clerk").get("/desk/"))
    act(changed, manager, verdict="keep", reason="补课在案")
    for address in ("/desk/", "/desk/revocations/"):
        assert "发证后考勤" not in text(manager.get(address))


def test_certificate_and_class_show_what_differs(visit, changed):
    clerk = visit("north", "clerk")
    page = text(clerk.get(f"/desk/certificates/{changed.certificate.number}/"))
    assert "学时 360 分钟变为 180 分钟" in page
    assert "到课 180 · C" in page and "缺勤 0 · C · 审核后有变化" in page
    assert "总出勤 180 分钟，应达" in page
    assert "摘要相符" in page, "what was certified is as it was"
    assert "维持证书" not in page, "a clerk does not decide"
    page = text(clerk.get("/desk/classes/T-01/certificates/"))
    assert "发证后考勤有变化，待决定" in page


def test_a_manager_keeps_it_with_a_reason(visit, changed):
    manager = visit("north", "manager")
    assert "请写明理由" in text(act(changed, manager, verdict="keep", reason=" "))
    page = text(act(changed, manager, verdict="keep", reason="补课在案"))
    assert "补课在案" in page and "维持证书" in page
    changed.refresh_from_db()
    assert changed.state == "kept"


def test_a_second_person_revokes_it_and_the_public_page_says_why(visit, changed):
    page = text(act(changed, visit("north", "manager"), verdict="revoke", reason="没有上课"))
    assert "待另一人确认" in page and "确认撤销" not in page, "who asked does not confirm"
    with inside("north"):
        [asked] = changed.certificate.revocations.all()
        decide(asked, True, User.objects.get(username="clerk"))
    page = text(visit("centre").get(f"/c/{changed.certificate.code}"))
    assert "没有上课" in page


@pytest.mark.parametrize("role", ["clerk", "trainer", "examiner"])
def test_nobody_else_decides(visit, changed, role):
    assert act(changed, visit("north", role), verdict="revoke", reason="x").status_code == 403
    with inside("north"):
        assert Certificate.objects.get().status == "valid"


def test_the_other_base_finds_nothing(visit, changed):
    answer = act(changed, visit("south", "manager"), verdict="revoke", reason="x")
    assert answer.status_code == 404


def test_a_question_is_answered_only_under_its_own_certificate(visit, changed):
    address = f"/desk/certificates/X-1/reevaluations/{changed.pk}/"
    answer = visit("north", "manager").post(address, {"verdict": "revoke", "reason": "x"})
    assert answer.status_code == 404
