"""People join a class one by one or many at once, by the rules of the class."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.services.issue import issue_class
from courses.directory.models import RuleSet
from courses.intake.models import EnrolmentChange
from courses.intake.services import yearly
from courses.intake.services.enter import Newcomer, enrol_people, judge_people
from courses.intake.services.places import set_places
from courses.intake.shared.models import YearlyTraining
from courses.models import Enrolment, Trainee
from tests.cast import base
from tests.courses.intake.people import (
    a_new_class,
    clerk,
    designated_places,
    filled,
    names,
    newcomers,
)
from tests.story import finished, ids


def rules(**changes):
    """The rule set of the cast, which classes have not pinned yet."""
    RuleSet.objects.update(**changes)


def said(admissions):
    return [[verdict.rule for verdict in each.refusals] for each in admissions]


def test_judging_says_everything_and_writes_nothing(north):
    opened = a_new_class()
    [found] = judge_people(opened, newcomers(1))
    assert found.ok
    assert (found.state, found.enrolment) == ("", None)
    assert not Trainee.objects.exists()
    [bad] = judge_people(opened, [Newcomer("李四", "222403198001010011")])
    assert [v.rule for v in bad.refusals] == ["roster_id_check_digit"]
    assert bad.refusals[0].source == "GB 11643-1999"


def test_who_is_refused_keeps_nobody_else_out(north):
    opened = a_new_class()
    good, other = newcomers(2)
    done = enrol_people(opened, [good, Newcomer("王五", "12"), other, good], clerk())
    assert [each.state for each in done] == ["enrolled", "", "enrolled", ""]
    assert said(done) == [[], ["roster_id_format"], [], ["roster_duplicate_same_name"]]
    change = EnrolmentChange.objects.filter(enrolment=done[0].enrolment).get()
    assert (change.was, change.state, change.by) == ("", "enrolled", clerk())


def test_a_full_class_lets_the_rest_wait_in_their_order_and_nobody_overtakes_them(north):
    opened = a_new_class()
    set_places(opened, 2, None)
    people = filled(opened, 4)
    assert [p.state for p in people] == ["enrolled", "enrolled", "waiting", "waiting"]
    set_places(opened, 4, None)  # both move up
    assert opened.enrolments.on_roll().count() == 4
    late = enrol_people(opened, newcomers(1, seed=9), None)
    assert late[0].state == "waiting"


def test_a_class_without_places_takes_as_many_as_the_designation_allows(north):
    opened = a_new_class()
    assert {p.state for p in filled(opened, 12)} == {"enrolled"}


def test_the_age_is_that_of_the_first_day_by_the_rule_set_of_the_class(north):
    rules(age_from=18, age_to=55)
    opened = a_new_class()
    assert opened.rule_set.age_to == 55
    old = "222403196001010000"[:17]
    from stdnum.cn.ric import calc_check_digit

    number = old + calc_check_digit(old + "0")
    [found] = judge_people(opened, [Newcomer("李四", number)])
    [verdict] = found.refusals
    assert verdict.rule == "intake_age"
    assert verdict.threshold == "18–55"
    assert verdict.source == str(opened.rule_set)


@pytest.mark.parametrize(
    ("weight", "state"), [("refuse", ""), ("warn", "enrolled"), ("off", "enrolled")]
)
def test_a_certificate_of_the_same_project_at_any_base_counts(north, south, weight, state):
    rules(same_project=weight)
    with tenant_context(base("south")):
        held = issue_class(finished(people=1, seed=3), None).certificates[0]
    with tenant_context(base("north")):
        opened = a_new_class()
        [done] = enrol_people(opened, [Newcomer("学员1", ids(1, 3)[0])], None)
        assert done.state == state
        told = [*done.refusals, *done.warnings]
        assert [v.value for v in told] == ([] if weight == "off" else [held.number])


def test_another_class_of_this_base_at_the_same_time_is_told_with_its_code(north):
    one = a_new_class("N-01")
    filled(one, 1)
    beside, later = a_new_class("N-02"), a_new_class("N-03", starts_in=60)
    [warned] = judge_people(beside, newcomers(1))
    assert [v.value for v in warned.warnings] == ["N-01"]
    assert judge_people(later, newcomers(1))[0].warnings == ()
    rules(overlap="refuse")
    beside.rule_set.refresh_from_db()
    assert said(judge_people(beside, newcomers(1))) == [["intake_overlap"]]


def test_trainings_of_a_year_are_counted_over_all_bases(north):
    rules(trainings_per_year=1)
    who = newcomers(1)
    with tenant_context(base("south")):
        assert enrol_people(a_new_class("S-01"), who, None)[0].ok
    with tenant_context(base("north")):
        opened = a_new_class("N-01")
        done = enrol_people(opened, who, None)
        assert said(done) == [["intake_trainings_per_year"]]
        assert (done[0].refusals[0].value, done[0].refusals[0].threshold) == ("1", "1")
        assert not Enrolment.objects.exists()
    with tenant_context(base("south")):
        from courses.intake.services.places import withdraw

        mine = Enrolment.objects.get()
        withdraw(mine, "work", "", timezone.localdate(), None)
    with tenant_context(base("north")):
        assert enrol_people(opened, who, None)[0].ok, "the place of the year is free again"


def test_what_all_bases_share_is_a_digest_of_its_own_purpose_and_no_name(north):
    opened = a_new_class()
    filled(opened, 1)
    row = YearlyTraining.objects.get()
    trainee = Trainee.objects.get()
    from courses.services.identity import presence_digest, register_digest

    others = [bytes(trainee.id_digest), register_digest(trainee), presence_digest(trainee)]
    assert bytes(row.person) not in others
    assert (row.year, row.slot) == (opened.starts_on.year, 1)
    before = list(YearlyTraining.objects.values_list("person", "year", "slot"))
    yearly.renew()
    assert list(YearlyTraining.objects.values_list("person", "year", "slot")) == before
    YearlyTraining.objects.update(year=opened.starts_on.year - 4)
    assert yearly.prune() == 1


def test_two_bases_cannot_take_the_same_place_of_a_year(north):
    opened = a_new_class()
    filled(opened, 1)
    row = YearlyTraining.objects.get()
    with pytest.raises(Exception, match="yearly_slot_once"):
        YearlyTraining.objects.create(
            tenant=base("south"), enrolment=1, person=row.person, year=row.year, slot=row.slot
        )


def test_nobody_joins_a_finished_class_and_no_more_than_the_designation_has(north):
    over = finished(people=1)
    with pytest.raises(ValidationError, match="班次已结业"):
        enrol_people(over, newcomers(1), None)
    designated_places(3)
    with pytest.raises(ValidationError):
        enrol_people(a_new_class(), newcomers(3), None)
    assert Enrolment.objects.count() == 1


def test_whoever_waits_or_left_is_told_so_and_not_enrolled_twice(north):
    opened = a_new_class()
    set_places(opened, 1, None)
    filled(opened, 2)
    assert said(judge_people(opened, newcomers(2))) == [
        ["roster_already_in_class"],
        ["roster_waiting_here"],
    ]
    assert names(opened.enrolments.filter(state="waiting")) == ["学员2"]
    other = replace(newcomers(1)[0], name="别人")
    assert said(judge_people(a_new_class("N-09", 90), [other])) == [["roster_known_other_name"]]
