from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certificates.duties.models import GateException
from certificates.duties.services import gate as gates
from certificates.duties.services.calls import Said, record_call
from certificates.models import FollowUp
from courses.directory.models import RuleSet
from courses.models import TrainingClass
from courses.services.openings import said_at_opening
from lms.plugin.testing import inside
from tenants.models import Trade
from tenants.staff.models import User
from tests.certificates.duties.gating import TODAY, at_opening, done, opened, rule_set
from tests.certificates.duties.scene import certified, told


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), inside("north"):
        found = certified(people=5, days_ago=100)
        done(found)
        return found


@pytest.fixture
def past(made, north):
    """Five certificates of a hundred days; 80 % known and 50 % employed are asked."""
    return deepcopy(made)


def grant(**facts):
    said = {"until": TODAY, "class_code": "", "reason": "灾后恢复生产，先开班"} | facts
    trade = Trade.objects.get(code="sewing")
    return gates.grant_exception(trade, said.pop("reason"), "孙主任", "director", **said)


def test_a_class_opens_when_the_share_is_exactly_reached(past):
    rule_set(gate="refuse")
    for certificate, kind in zip(past, ["local", "local", "unemployed", "unemployed"]):
        told(certificate, kind)  # 4 of 5 known: 80 %; 2 of 4 employed: 50 %
    assert said_at_opening(opened()) == []
    assert [v["ok"] for v in at_opening("NEXT-01").verdicts] == [True, True, True]


def test_a_class_is_refused_below_either_share_with_the_numbers(past):
    rule_set(gate="refuse")
    for certificate in past[:3]:
        told(certificate)
    with pytest.raises(ValidationError, match=r"3/5 \(60.0%\), 80% required"):
        opened()
    told(past[3], "unemployed")
    opened("NEXT-01")
    told(past[4], "unemployed")
    rule_set(gate_employed_percent=61)
    with pytest.raises(ValidationError, match=r"3/5 of the known \(60.0%\), 61% required"):
        opened("NEXT-02")
    assert not TrainingClass.objects.filter(code="NEXT-02").exists()


def test_a_warning_lets_the_class_open_and_stays_with_it(past, visit):
    assert RuleSet.objects.get().gate == "warn"
    (said,) = said_at_opening(opened())
    assert [v.rule for v in said.faults] == ["gate_known"]
    told(past[0])  # what was said at the opening is frozen
    page = visit("north", "clerk").get("/desk/classes/NEXT-01/").content.decode()
    assert "去向已知 0/5（0.0%）" in page


def test_the_opening_page_warns_before_it_opens(past, visit):
    page = visit("north", "clerk").get("/desk/classes/open/").content.decode()
    assert "去向已知 0/5（0.0%），要求 80%" in page
    assert "/desk/gate/sewing/" in page
    rule_set(gate="refuse")
    assert "现在不能开班" in visit("north", "clerk").get("/desk/classes/open/").content.decode()
    rule_set(gate="off")
    assert "0/5" not in visit("north", "clerk").get("/desk/classes/open/").content.decode()


def test_an_overdue_duty_counts_until_somebody_has_called(past):
    rule_set(gate="refuse")
    for certificate in past:
        told(certificate)
    FollowUp.objects.filter(certificate=past[0], done_on=None).update(
        due_on=TODAY - timedelta(days=1)
    )
    with pytest.raises(ValidationError, match="follow-up duties of the trade are overdue"):
        opened()
    record_call(past[0].trainee, Said("no_answer"), User.objects.get(username="clerk"))
    opened()


def test_a_correction_makes_no_certificate_younger(past):
    from certificates.services.correct import correct

    rule_set(gate="refuse")
    correct(past[0], "学员一", "姓名有误", User.objects.get(username="manager"))
    with pytest.raises(ValidationError, match="0/5"):
        opened()


def test_what_the_gate_rests_on_is_locked_while_the_class_opens(past):
    with CaptureQueriesContext(connection) as seen:
        gates.ask(Trade.objects.get(code="sewing"), TODAY)
        assert not any("FOR UPDATE" in query["sql"] for query in seen.captured_queries)
        opened()
    locks = [q["sql"] for q in seen.captured_queries if "FOR UPDATE" in q["sql"]]
    assert any("certificates_certificate" in sql for sql in locks)


def test_another_trade_is_asked_for_its_own_past_alone(past):
    other = Trade.objects.create(code="catering", name="餐饮", name_en="Catering")
    assert gates.ask(other, TODAY).people == []


def test_an_exception_of_the_centre_opens_the_trade_until_its_day(past):
    rule_set(gate="refuse")
    grant(until=TODAY)
    (said,) = said_at_opening(opened())
    assert "孙主任" in said.note[0] and "灾后恢复生产" in said.note[0]
    assert at_opening("NEXT-01").exception == GateException.objects.get()
    with pytest.raises(ValidationError, match="0/5"):
        opened("NEXT-02", on=TODAY + timedelta(days=1))


def test_an_exception_for_one_class_opens_no_other(past):
    rule_set(gate="refuse")
    grant(until=None, class_code="NEXT-01")
    with pytest.raises(ValidationError, match="0/5"):
        opened("NEXT-02")
    opened("NEXT-01")


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"reason": " "}, "reason"),
        ({"until": None}, "not both"),
        ({"class_code": "X-1"}, "not both"),
        ({"until": TODAY - timedelta(days=1)}, "within a year"),
        ({"until": TODAY + timedelta(days=367)}, "within a year"),
        ({"until": None, "class_code": "T-01"}, "open already"),
    ],
)
def test_an_exception_says_how_far_it_reaches_and_why(past, facts, fault):
    with pytest.raises(ValidationError, match=fault):
        grant(**facts)


def test_the_names_behind_the_numbers_are_for_those_who_may(past, visit):
    told(past[0])
    page = visit("north", "clerk").get("/desk/gate/sewing/?show=unknown").content.decode()
    assert past[1].holder_name in page and past[0].number not in page
    assert visit("north", "trainer").get("/desk/gate/sewing/").status_code == 403
    assert visit("north", "clerk").get("/desk/gate/nothing/").status_code == 404
    assert visit("north", "clerk").get("/desk/gate/sewing/?format=xlsx").status_code == 200


def test_the_director_grants_it_at_the_centre_and_the_base_sees_it(past, visit):
    path, sent = "/desk/follow-up/north/gate/", {"reason": "先开班", "class_code": "NEXT-01"}
    sent["trade"] = Trade.objects.get(code="sewing").pk
    officer = visit("centre", "officer")
    assert "批准例外" not in officer.get(path).content.decode()
    officer.post(path, sent)
    assert not GateException.objects.exists()
    assert visit("centre", "township_officer").get(path).status_code == 403
    assert visit("centre", "director").post(path, sent).status_code == 302
    assert "中心主任甲" in visit("north", "clerk").get("/desk/gate/").content.decode()
