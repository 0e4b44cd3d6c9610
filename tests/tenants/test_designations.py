"""The centre's decisions, and what they allow a base to do."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.services.issue import issue_class
from courses.models import TrainingClass
from courses.services.classes import set_class_state
from courses.services.roster import confirm_import, upload_roster
from tenants.append_only import FrozenRow
from tenants.designations.models import Designation, Step, TrainingBase
from tenants.designations.services import (
    Official,
    Places,
    apply_for,
    designate,
    standing_of,
    take_step,
)
from tenants.models import Division, Tenant
from tests.cast import NORTH, OFFICIAL
from tests.story import a_class, finished, ids, taught, workbook

TODAY = timezone.localdate()


def record(slug="north"):
    return TrainingBase.objects.get(tenant__slug=slug)


def suspend(may_finish=False, document="测停〔2026〕1号"):
    take_step(
        record(), "suspend", OFFICIAL, reason="核查发现虚报学时", document=document,
        may_finish=may_finish,
    )  # fmt: skip


def renew(**trades):
    designate(
        record(),
        OFFICIAL,
        document="测劳认〔2026〕9号",
        starts_on=TODAY - timedelta(days=300),
        ends_on=TODAY + timedelta(days=300),
        trades=trades,
        reason="续期",
    )


def test_a_class_outside_the_designation_is_refused_with_its_document(north):
    with pytest.raises(ValidationError, match="认定有效期.*测劳认〔2020〕north号"):
        a_class(days_ago=20 * 365)


def test_a_class_of_too_few_hours_is_refused_with_the_document(north):
    renew(sewing=Places(10, 40, 100))
    with pytest.raises(ValidationError, match="认定 40 至 100 课时（测劳认〔2026〕9号）"):
        a_class()


def test_more_people_than_places_are_not_enrolled_and_nobody_is(north):
    renew(sewing=Places(4, 1, 100))
    training_class = a_class(people=3)
    more = workbook([(f"新学员{n}", number) for n, number in enumerate(ids(2, seed=77))])
    kept = upload_roster(training_class, "r.xlsx", more, None)
    with pytest.raises(ValidationError, match="认定名额 4 人，已用 3 人.*只剩 1 人"):
        confirm_import(kept)
    assert training_class.enrolments.count() == 3
    one = upload_roster(training_class, "r.xlsx", workbook([("新学员", ids(1, seed=78)[0])]), None)
    assert confirm_import(one).imported == 1
    with pytest.raises(ValidationError, match="只剩 0 人"):
        a_class(code="T-02", seed=5)


def test_a_suspended_base_opens_begins_and_enrols_nothing(north):
    running = a_class()
    waiting = a_class(code="T-02", seed=2)
    TrainingClass.objects.filter(pk=waiting.pk).update(state="open")
    waiting.refresh_from_db()
    suspend(may_finish=True)
    with pytest.raises(ValidationError, match="测停〔2026〕1号"):
        a_class(code="T-03", seed=3)
    with pytest.raises(ValidationError, match="不能开班、招生"):
        set_class_state(waiting, "in_session")
    roster = upload_roster(running, "r.xlsx", workbook([("王五", ids(1, seed=9)[0])]), None)
    with pytest.raises(ValidationError, match="不能开班、招生"):
        confirm_import(roster)


@pytest.mark.parametrize("may_finish", [True, False])
def test_a_suspended_base_finishes_and_issues_only_if_the_decision_says_so(north, may_finish):
    done, running = finished(people=1), a_class(code="T-02", seed=2)
    taught(running)
    suspend(may_finish)
    issued = issue_class(done, None)
    assert len(issued.certificates) == may_finish
    if may_finish:
        set_class_state(running, "finished")
    else:
        verdict = issued.refused[0].refusals[0]
        assert (verdict.rule, verdict.source) == ("designation", "测停〔2026〕1号")
        with pytest.raises(ValidationError, match="不能结业和发证"):
            set_class_state(running, "finished")


def test_after_it_is_lifted_the_base_teaches_again_under_the_same_terms(north):
    suspend()
    take_step(record(), "lift", OFFICIAL, reason="整改合格", document="测复〔2026〕1号")
    assert a_class().designation.document == "测劳认〔2020〕north号"


def test_a_decision_needs_reason_document_and_a_name(north):
    for kind, facts, said in (
        ("warn", {"document": "x"}, "理由"),
        ("warn", {"reason": "x"}, "文件号"),
        ("check", {"reason": "x"}, "不能办理"),
    ):
        with pytest.raises(ValidationError, match=said):
            take_step(record(), kind, OFFICIAL, **facts)
    with pytest.raises(ValidationError, match="姓名"):
        take_step(record(), "warn", Official(" "), reason="x", document="y")
    assert record().steps.count() == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends_on": TODAY - timedelta(days=400)}, "到期日不能早于"),
        ({"trades": {}}, "至少填写一个工种"),
        ({"trades": {"sewing": Places(0, 1, 2)}}, "名额至少"),
        ({"trades": {"sewing": Places(1, 3, 2)}}, "课时下限"),
        ({"document": "测劳认〔2020〕south号"}, "已用过"),
    ],
)
def test_terms_that_make_no_sense_are_refused_and_leave_nothing(north, changes, said):
    facts = {
        "document": "新",
        "starts_on": TODAY - timedelta(days=9),
        "ends_on": TODAY,
        "trades": {"sewing": Places(1, 1, 2)},
        "reason": "x",
    }
    with pytest.raises(ValidationError, match=said):
        designate(record(), OFFICIAL, **facts | changes)
    assert (record().steps.count(), Designation.objects.count()) == (3, 2)


def test_one_institution_has_one_record(db):
    centre = Tenant.objects.get(slug="centre")
    place = Division.objects.get(code="222403")
    with pytest.raises(ValidationError, match="已有申请或认定"):
        apply_for(centre, NORTH[1], "另一个名字", place, OFFICIAL)
    with pytest.raises(ValidationError, match="校验位"):
        apply_for(centre, NORTH[1][:-1] + "0", "x", place, OFFICIAL)
    take_step(record(), "remove", OFFICIAL, reason="严重违规", document="测撤1号")
    again = apply_for(centre, NORTH[1], "新名字", place, OFFICIAL)
    assert (again.pk, again.state) == (record().pk, "applied")
    assert again.name == "测试基地north", "nobody at the centre has seen the new one yet"
    assert standing_of(record().tenant).terms is None


def test_history_is_neither_edited_nor_deleted(db):
    step = record().steps.first()
    for change in (step.save, step.delete, Step.objects.all().delete):
        with pytest.raises(FrozenRow):
            change()


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "warn", "document": ""},
        {"kind": "warn", "reason": ""},
        {"kind": "designate"},
        {"kind": "warn", "may_finish": True},
        {"kind": "warn", "official": ""},
        {"kind": "warn", "number": 1},
    ],
)
def test_the_database_itself_refuses_a_step_without_its_facts(db, facts):
    whole = {"number": 9, "on": date(2026, 1, 1), "official": "x", "document": "d", "reason": "r"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(base=record(), **whole | facts)


def test_an_old_certificate_stays_valid_and_says_what_the_base_was_on_that_day(north, visit):
    certificate = issue_class(finished(people=1), None).certificates[0]
    address = f"/c/{certificate.code}"
    page = visit("centre").get(address).content.decode()
    assert "是服务中心认定的培训基地（测劳认〔2020〕north号，有效期 2020-01-06" in page
    take_step(record(), "remove", OFFICIAL, reason="严重违规", document="测撤〔2026〕1号")
    page = visit("centre").get(address).content.decode()
    assert "✓ 有效" in page
    assert "测劳认〔2020〕north号" in page, "on the day of the removal too, it was issued before"
    assert "已取消资格（测撤〔2026〕1号）" in page


def test_a_decision_against_a_base_counts_from_the_day_it_is_written_down(north, visit):
    certificate = issue_class(finished(people=1), None).certificates[0]
    take_step(
        record(), "remove", OFFICIAL, reason="严重违规", document="测撤〔2026〕2号",
        on=TODAY - timedelta(days=100),
    )  # fmt: skip
    page = visit("centre").get(f"/c/{certificate.code}").content.decode()
    assert "测劳认〔2020〕north号" in page
    assert "已取消资格（测撤〔2026〕2号）" in page
    with tenant_context(north), pytest.raises(ValidationError, match="已取消资格"):
        a_class(code="T-09", seed=9)
