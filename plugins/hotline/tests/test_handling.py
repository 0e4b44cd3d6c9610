"""A complaint is handled: stamps, hand-over, closing, re-opening, two at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hotline_cast import department, filed, person
from trainbase_hotline import clock
from trainbase_hotline.models import Complaint, Step
from trainbase_hotline.services import handling

HOUR = timedelta(hours=1)


@pytest.fixture
def case(hotline):
    return filed()


def refused(act, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        act(*args, **kwargs)
    (said,) = caught.value.messages
    assert " / " in said
    return said


def after(case, hours):
    return clock.at(case.received_at + timedelta(hours=hours))


def both(case, clerk):
    handling.answer(case.pk, clerk, case.version, "已联系单位")
    handling.give_opinion(case.pk, clerk, case.version + 1, "单位十日内付清")
    case.refresh_from_db()


def test_a_stamp_has_the_servers_time_and_a_name(case, clerk):
    before = timezone.now()
    step = handling.answer(case.pk, clerk, 1, "已联系单位")
    case.refresh_from_db()
    assert before <= step.at <= timezone.now() and step.by == clerk and not step.late
    assert case.answered_at == step.at and step.due_at == case.answer_due_at


def test_a_late_stamp_is_marked_late(case, clerk):
    with after(case, 24):
        assert not handling.answer(case.pk, clerk, 1, "按时").late
    with after(case, 24.01):
        assert handling.give_opinion(case.pk, clerk, 2, "迟了").late


def test_no_verb_takes_a_time(case):
    import inspect

    for verb in (handling.answer, handling.give_opinion, handling.close, handling.reopen):
        assert set(inspect.signature(verb).parameters) <= {
            "pk",
            "by",
            "seen",
            "text",
            "satisfaction",
        }


def test_a_late_stamp_cannot_be_called_in_time(case, clerk):
    with pytest.raises(IntegrityError, match="hotline_late_is_late"), transaction.atomic():
        Step.objects.create(
            complaint=case, number=9, round=1, kind="answered", by=clerk,
            at=case.answer_due_at + HOUR, due_at=case.answer_due_at, late=False,
        )  # fmt: skip


def test_a_stamp_needs_a_named_handler(case):
    with pytest.raises(IntegrityError, match="hotline_stamp_by_somebody"), transaction.atomic():
        Step.objects.create(
            complaint=case, number=9, round=1, kind="noted", at=clock.now(), text="谁写的？"
        )


def test_a_second_stamp_is_refused_and_the_first_stays(case, clerk):
    first = handling.answer(case.pk, clerk, 1, "已联系单位")
    assert "时间不能更改" in refused(handling.answer, case.pk, clerk, 2, "再来一次")
    case.refresh_from_db()
    assert case.answered_at == first.at and case.version == 2


def test_history_is_not_changed_or_deleted(case, clerk):
    step = handling.answer(case.pk, clerk, 1, "已联系单位")
    step.text = "改写"
    with pytest.raises(RuntimeError):
        step.save()
    with pytest.raises(RuntimeError):
        step.delete()
    with pytest.raises(RuntimeError):
        Step.objects.all().delete()


def test_whoever_is_second_is_told_what_changed(case, clerk):
    handling.note(case.pk, person("manager"), 1, "已打电话")
    with pytest.raises(handling.Changed) as caught:
        handling.answer(case.pk, clerk, 1, "已联系单位")
    (said,) = caught.value.messages
    assert "管理员甲" in said and "办理记录" in said and " / " in said
    case.refresh_from_db()
    assert case.answered_at is None


def test_the_first_department_needs_no_reason_and_a_hand_over_does(case, clerk, office):
    handling.assign(case.pk, office, clerk, 1)
    other = department("法律援助联络点")
    assert "理由" in refused(handling.assign, case.pk, other, clerk, 2)
    step = handling.assign(case.pk, other, clerk, 2, "需要法律援助")
    assert (step.kind, step.from_department, step.to_department) == ("handed_over", office, other)
    assert "另一个部门" in refused(handling.assign, case.pk, other, clerk, 3, "又来")


def test_a_department_that_is_switched_off_gets_nothing(case, clerk, office):
    office.active = False
    office.save()
    assert "停用" in refused(handling.assign, case.pk, office, clerk, 1)


def test_closing_before_the_opinion_is_refused(case, clerk):
    handling.answer(case.pk, clerk, 1, "已联系单位")
    assert "处理意见" in refused(handling.close, case.pk, clerk, 2, "satisfied")


def test_the_database_closes_nothing_without_both_stamps(case):
    with pytest.raises(IntegrityError, match="hotline_closed_has_both"), transaction.atomic():
        Complaint.objects.filter(pk=case.pk).update(
            state="closed", closed_at=clock.now(), satisfaction="not"
        )


def test_closing_asks_for_the_satisfaction(case, clerk):
    both(case, clerk)
    assert "满意度" in refused(handling.close, case.pk, clerk, case.version, "")
    step = handling.close(case.pk, clerk, case.version, "partly", "还差两百")
    assert step.satisfaction == "partly"
    assert "重新办理" in refused(handling.note, case.pk, clerk, case.version + 1, "补充")


def test_reopening_starts_a_round_with_both_stamps_due_again(case, clerk):
    both(case, clerk)
    handling.close(case.pk, clerk, 3, "not")
    assert "请填写内容" in refused(handling.reopen, case.pk, clerk, 4, "  ")
    with after(case, 100):
        handling.reopen(case.pk, clerk, 4, "单位没有付")
    case.refresh_from_db()
    assert (case.round, case.answered_at, case.opinion_at) == (2, None, None)
    assert case.answer_due_at == case.received_at + 124 * HOUR
    with after(case, 130):
        assert handling.answer(case.pk, clerk, 5, "又联系了单位").late
    assert case.steps.filter(kind="answered").count() == 2


def test_what_is_open_is_not_reopened(case, clerk):
    assert "还在办理" in refused(handling.reopen, case.pk, clerk, 1, "理由")


@pytest.mark.parametrize(
    "text", ["请找教务员甲", "金大山您好", "打 13900000001", "  ", "长" * 1001]
)
def test_a_public_text_that_names_somebody_or_says_nothing_is_refused(case, clerk, text):
    refused(handling.answer, case.pk, clerk, 1, text)
    case.refresh_from_db()
    assert case.answered_at is None and case.version == 1


def test_a_bad_attachment_leaves_no_step(case, clerk):
    refused(handling.attach, case.pk, clerk, 1, [SimpleUploadedFile("a.exe", b"MZ")])
    refused(handling.attach, case.pk, clerk, 1, [])
    assert case.steps.count() == 1


def test_a_clock_that_was_set_back_dates_no_stamp_before_its_complaint(case, clerk):
    with after(case, -3):
        step = handling.answer(case.pk, clerk, 1, "已联系单位")
    assert step.at == case.received_at


def test_the_rows_of_the_database_are_numbered_without_gaps(case, clerk):
    both(case, clerk)
    handling.note(case.pk, clerk, 3, "备忘")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM hotline_step ORDER BY number")
        assert [row[0] for row in cursor.fetchall()] == [1, 2, 3, 4]
