"""Plans that nobody could teach, and classes that cannot have ended."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.models import TrainingClass
from courses.services.assessment import ScoreEntry, enter_scores
from courses.services.classes import PlannedSession, plan_faults, set_class_state
from courses.services.pasted import read_pasted
from courses.services.roster import confirm_import, upload_roster
from tenants.staff.models import User
from tests.story import a_class, finished, ids, workbook

DAY = date(2026, 3, 2)


class Hours:
    theory_hours = practice_hours = 4
    minutes_per_hour = 45


def faults(*sessions):
    return plan_faults(Hours, DAY, DAY + timedelta(days=3), sessions, minutes_per_day=480)


def at(hour, minute=0, day=0, kind="theory", minutes=180):
    return PlannedSession(DAY + timedelta(days=day), time(hour, minute), kind, minutes)


def test_a_plan_that_can_be_taught_has_no_fault():
    assert faults(at(8, 30), at(13, 30, kind="practice")) == []


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        ([at(8), at(9, kind="practice")], "重叠"),
        ([at(8), at(8, kind="practice")], "重叠"),
        ([at(8), at(11, kind="practice"), at(14, minutes=121)], "每日上限 480"),
        ([at(8, day=4), at(8, kind="practice")], "不在班次日期之内"),
        ([at(8)], "补充课次"),
    ],
)
def test_a_plan_that_nobody_could_teach_is_refused_with_what_to_do(sessions, said):
    assert any(said in fault for fault in faults(*sessions))


def test_a_class_goes_forward_one_step_at_a_time(north):
    found = a_class()
    TrainingClass.objects.filter(pk=found.pk).update(state="open")
    with pytest.raises(ValidationError, match="先开始培训"):
        set_class_state(found, "finished")
    set_class_state(found, "in_session")
    with pytest.raises(ValidationError, match="倒退"):
        set_class_state(found, "open")
    TrainingClass.objects.filter(pk=found.pk).update(ends_on=timezone.localdate() + timedelta(1))
    found.refresh_from_db()
    with pytest.raises(ValidationError, match="还没有到"):
        set_class_state(found, "finished")


def test_a_class_begins_on_its_first_day(north):
    found = a_class()
    day = timezone.localdate() + timedelta(1)
    TrainingClass.objects.filter(pk=found.pk).update(state="open", starts_on=day, ends_on=day)
    found.refresh_from_db()
    with pytest.raises(ValidationError, match=f"开班日期 {day} 还没有到"):
        set_class_state(found, "in_session")
    TrainingClass.objects.filter(pk=found.pk).update(starts_on=timezone.localdate())
    set_class_state(found, "in_session")  # by the day that is kept, not by the one that was read


def test_nobody_joins_a_finished_class(north):
    found = a_class()
    more = workbook([("新学员", ids(1, seed=40)[0])])
    kept = upload_roster(found, "r.xlsx", more, None)
    set_class_state(found, "finished")
    for late in (lambda: confirm_import(kept), lambda: upload_roster(found, "r", more, None)):
        with pytest.raises(ValidationError, match="已结业"):
            late()


def test_an_assessment_lies_between_the_first_day_and_today(north):
    found = finished(people=1)
    entry = {found.enrolments.get().pk: ScoreEntry(70, 70, "更正")}
    examiner = User.objects.get(username="examiner")
    for day in (found.starts_on - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(ValidationError, match="考核日期"):
            enter_scores(found, entry, day, examiner)


def test_a_person_pasted_twice_is_a_fault_and_not_the_last_one(north):
    people = list(a_class(people=1).enrolments.select_related("trainee"))
    found, said = read_pasted("学员1\t80\t81\n学员1\t50\t51", people)
    assert found[people[0].pk]["theory"] == "80"
    assert "两行" in said[0]
