"""Waiting, moving up, transfer, withdrawal, coming back: each a row of history, and seen everywhere."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from certificates.figures.models import Figure
from certificates.services.evidence import cases_of
from certificates.services.issue import issue_class
from certificates.standing.models import Standing
from certificates.standing.services.rebuild import rebuild
from courses.fieldlog.services.pack import _people
from courses.fieldlog.services.paper import print_sheet
from courses.intake.models import ClassSize, EnrolmentChange
from courses.intake.services.enter import enrol_people
from courses.intake.services.places import (
    admit,
    move_up,
    set_places,
    take_back,
    transfer,
    withdraw,
)
from courses.intake.shared.models import YearlyTraining
from courses.models import Attendance, Enrolment, TrainingClass
from courses.services.assessment import ScoreEntry, enter_scores
from courses.services.classes import places_used, set_class_state
from tests.courses.intake.people import a_new_class, clerk, filled, names, newcomers
from tests.story import a_class, assessed, finished, taught

TODAY = timezone.localdate()


def steps(enrolment):
    rows = EnrolmentChange.objects.filter(enrolment=enrolment)
    return [(row.was, row.state) for row in rows.order_by("pk")]


def enrolled_in_figures():
    return sum(f.enrolled for f in Figure.objects.filter(dimension="total"))


@pytest.fixture
def full(north):
    """Two places, four people: the last two wait."""
    opened = a_new_class()
    set_places(opened, 2, clerk())
    return opened, filled(opened, 4)


def test_a_withdrawal_before_the_class_begins_lets_the_first_one_move_up(full):
    opened, people = full
    moved = withdraw(people[0], "work", "去外地", TODAY, clerk())
    assert names(moved) == ["学员3"]
    assert names(opened.enrolments.on_roll().order_by("pk")) == ["学员2", "学员3"]
    gone = Enrolment.objects.get(pk=people[0].pk)
    assert (gone.state, gone.left_on, gone.left_from) == ("withdrawn", TODAY, "enrolled")
    assert steps(gone) == [("", "enrolled"), ("enrolled", "withdrawn")]
    assert steps(people[2]) == [("", "waiting"), ("waiting", "enrolled")]
    last = EnrolmentChange.objects.filter(enrolment=gone).latest("pk")
    assert (last.why, last.words, last.by) == ("work", "去外地", clerk())


def test_once_the_class_has_begun_nobody_moves_up_by_itself(full):
    opened, people = full
    TrainingClass.objects.filter(pk=opened.pk).update(starts_on=TODAY, ends_on=TODAY)
    set_class_state(opened, "in_session")
    assert withdraw(people[0], "health", "", TODAY, clerk()) == []
    assert names(move_up(opened, clerk())) == ["学员3"]
    assert move_up(opened, clerk()) == []


def test_passing_somebody_over_takes_words_and_a_free_place(full):
    opened, people = full
    with pytest.raises(ValidationError, match="没有空余名额"):
        admit(people[2], "", clerk())
    with pytest.raises(ValidationError, match="越过"):
        admit(people[3], "", clerk())
    ClassSize.objects.create(training_class=opened, places=3, by=clerk())
    admit(people[3], "前一位联系不上", clerk())
    assert names(opened.enrolments.filter(state="waiting")) == ["学员3"]
    with pytest.raises(ValidationError, match="不在候补"):
        admit(people[3], "x", clerk())


def test_fewer_places_than_people_are_refused(full):
    opened, _people = full
    with pytest.raises(ValidationError, match="名额不能更少"):
        set_places(opened, 1, clerk())
    assert names(set_places(opened, 3, clerk())) == ["学员3"]


@pytest.mark.parametrize(
    ("why", "words", "days", "match"),
    [
        ("", "", 0, "请选择退班原因"),
        ("bored", "", 0, "请选择退班原因"),
        ("other", "  ", 0, "须写明原因"),
        ("work", "", 1, "退班日期"),
        ("work", "", -400, "退班日期"),
        ("work", "长" * 301, 0, "最多 300 字"),
    ],
)
def test_a_withdrawal_without_a_reason_or_with_an_impossible_day_is_refused(
    full, why, words, days, match
):
    _opened, people = full
    with pytest.raises(ValidationError, match=match):
        withdraw(people[0], why, words, TODAY + timedelta(days=days), clerk())
    people[0].refresh_from_db()
    assert people[0].state == "enrolled"


def test_a_transfer_keeps_the_history_and_the_person_counts_once(north):
    one, other = a_new_class("N-01"), a_new_class("N-02", starts_in=60)
    mine = filled(one, 2)[0]
    assert enrolled_in_figures() == 2
    new, moved = transfer(mine, other, "离家近", clerk())
    assert moved == []
    assert (new.state, new.training_class, new.trainee) == ("enrolled", other, mine.trainee)
    assert steps(mine) == [("", "enrolled"), ("enrolled", "transferred")]
    last = EnrolmentChange.objects.filter(enrolment=mine).latest("pk")
    assert (last.moved_to, last.words) == (new, "离家近")
    assert EnrolmentChange.objects.get(enrolment=new).moved_from == mine
    assert enrolled_in_figures() == 2, "once, in the other class"
    assert YearlyTraining.objects.count() == 2
    assert set(YearlyTraining.objects.values_list("slot", flat=True)) == {1}


def test_a_transfer_into_a_full_class_waits_there_and_frees_the_old_place(north):
    one, other = a_new_class("N-01"), a_new_class("N-02", starts_in=60)
    set_places(one, 2, None)
    people = filled(one, 3)
    set_places(other, 1, None)
    filled(other, 1, seed=8)
    new, moved = transfer(people[0], other, "离家近", clerk())
    assert new.state == "waiting"
    assert names(moved) == ["学员3"]


def test_a_transfer_is_refused_for_another_project_a_finished_class_and_without_words(north):
    one, other = a_new_class("N-01"), a_new_class("N-02", starts_in=60)
    mine = filled(one, 1)[0]
    with pytest.raises(ValidationError, match="转班原因"):
        transfer(mine, other, " ", clerk())
    with pytest.raises(ValidationError, match="已在"):
        transfer(mine, one, "x", clerk())
    TrainingClass.objects.filter(pk=other.pk).update(project_key="catering/basic")
    with pytest.raises(ValidationError, match="另一个项目"):
        transfer(mine, other, "x", clerk())
    TrainingClass.objects.filter(pk=other.pk).update(project_key=one.project_key, state="finished")
    with pytest.raises(ValidationError, match="已结业"):
        transfer(mine, other, "x", clerk())


def test_who_comes_back_goes_to_the_end_of_the_waiting_list_of_a_full_class(full):
    opened, people = full
    withdraw(people[0], "farming", "", TODAY, clerk())
    with pytest.raises(ValidationError, match="恢复的原因"):
        take_back(people[0], "", clerk())
    again = take_back(people[0], "收完秋了", clerk())
    assert again.state == "waiting"
    waiting = opened.enrolments.filter(state="waiting").order_by("queue")
    assert names(waiting) == ["学员4", "学员1"]
    with pytest.raises(ValidationError, match="无需恢复"):
        take_back(again, "x", clerk())


def test_moving_up_passes_over_who_is_no_longer_eligible(full):
    opened, people = full
    beside = a_new_class("N-02")
    enrol_people(beside, [newcomers(4)[2]], None)
    opened.rule_set.overlap = "refuse"
    opened.rule_set.save()
    moved = withdraw(people[0], "work", "", TODAY, clerk())
    assert names(moved) == ["学员4"]


# What the rest of the system makes of it.


def test_waiting_and_withdrawn_people_are_on_no_roll(full):
    opened, people = full
    withdraw(people[1], "work", "", TODAY, clerk())
    on_roll = ["学员1", "学员3"]
    assert [each["name"] for each in _people([opened.pk])] == on_roll
    assert [case.enrolment.trainee.name for case in cases_of(opened)] == on_roll
    sheet = print_sheet(opened.sessions.first(), clerk())
    assert names(row.enrolment for row in sheet.rows.order_by("number")) == on_roll
    assert places_used(opened.designation, opened.project.trade) == 2
    TrainingClass.objects.filter(pk=opened.pk).update(starts_on=TODAY)
    opened.refresh_from_db()
    with pytest.raises(ValidationError, match="名单中没有此人"):
        enter_scores(opened, {people[1].pk: ScoreEntry(80, 80)}, TODAY, clerk())


def test_a_withdrawn_person_keeps_past_attendance_and_gets_no_certificate(north):
    one = a_class(people=3)
    taught(one)
    assessed(one)
    mine = one.enrolments.order_by("pk").first()
    before = list(Attendance.objects.filter(enrolment=mine).values_list("pk", "minutes"))
    withdraw(mine, "family", "", TODAY, clerk())
    assert list(Attendance.objects.filter(enrolment=mine).values_list("pk", "minutes")) == before
    set_class_state(one, "finished")
    issued = issue_class(one, None)
    assert len(issued.certificates) == 2
    [case] = cases_of(one, [mine])
    assert [v.rule for v in case.refusals if v.rule == "on_roll"] == []  # as it was read before
    [case] = cases_of(one, [Enrolment.objects.get(pk=mine.pk)])
    [refusal] = [v for v in case.refusals if v.rule == "on_roll"]
    assert (refusal.value, refusal.threshold) == ("已退班", "在班")


def test_the_figures_keep_who_gave_up_after_the_beginning_and_drop_who_never_began(north):
    begun = a_class(people=3)
    coming = a_new_class("N-02", starts_in=60)
    later = filled(coming, 2)
    set_places(coming, 2, None)
    enrol_people(coming, newcomers(1, seed=9), None)  # waits
    assert enrolled_in_figures() == 5
    withdraw(begun.enrolments.first(), "work", "", TODAY, clerk())
    withdraw(later[0], "work", "", TODAY, clerk())  # the waiting one moves up
    assert enrolled_in_figures() == 5
    withdraw(later[1], "work", "", TODAY, clerk())
    assert enrolled_in_figures() == 4
    assert rebuild(check=True).differences == []
    assert Standing.objects.count() == Enrolment.objects.counted().count() == 4
    gave_up = begun.enrolments.get(state="withdrawn")
    assert Standing.objects.get(enrolment=gave_up).reached == "enrolled"


def test_who_holds_a_certificate_stays_in_the_class_whoever_writes(north):
    one = finished(people=1)
    issue_class(one, None)
    mine = one.enrolments.get()
    with pytest.raises(ValidationError, match=r"已签发证书.*先撤销|班次已结业"):
        withdraw(mine, "work", "", TODAY, clerk())
    with pytest.raises(IntegrityError, match="keeps it in the class"), transaction.atomic():
        Enrolment.objects.filter(pk=mine.pk).update(
            state="withdrawn", left_on=TODAY, left_from="enrolled"
        )


def test_the_database_issues_to_nobody_off_the_roll(north):

    from certificates.services.evidence import cases_of as judge
    from certificates.services.issue import locked_sequence, write

    one = finished(people=1)
    mine = one.enrolments.get()
    [case] = judge(one)
    Enrolment.objects.filter(pk=mine.pk).update(
        state="withdrawn", left_on=TODAY, left_from="enrolled"
    )
    with pytest.raises(IntegrityError, match="not on the roll"), transaction.atomic():
        write(case, locked_sequence(TODAY.year), None, TODAY)


def test_the_database_keeps_places_person_class_and_history(full):
    _opened, people = full
    with pytest.raises(IntegrityError, match="places are taken"), transaction.atomic():
        Enrolment.objects.filter(pk=people[2].pk).update(state="enrolled", queue=None)
    with pytest.raises(IntegrityError, match="a row of its own"), transaction.atomic():
        Enrolment.objects.filter(pk=people[0].pk).update(training_class=a_new_class("N-05"))
    for facts in (
        {"state": "waiting"},
        {"queue": 9},
        {"state": "withdrawn", "left_from": "enrolled"},
        {"left_on": TODAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrolment.objects.filter(pk=people[0].pk).update(**facts)
    change = EnrolmentChange.objects.first()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows = EnrolmentChange.objects.filter(pk=change.pk)
        rows._raw_delete(rows.db)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentChange.objects.create(enrolment=people[0], state="withdrawn", on=TODAY)
