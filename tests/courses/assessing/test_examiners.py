"""The examiner is not the trainer of the class: rule, service, database; and the policy that lets it be."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from courses.assessing.models import SittingExaminer
from courses.assessing.services.plan import add_examiner
from courses.assessing.shared.models import AssessmentPolicy
from courses.directory.models import RuleSet
from courses.services.assessment import ScoreEntry, enter_scores
from tenants.staff.roles import TITLES
from tests.courses.assessing.scene import a_sitting, user
from tests.story import a_class


@pytest.fixture
def both(north):
    """The trainer is an examiner too, as in a small base."""
    found = user("trainer")
    found.groups.add(Group.objects.get(name=TITLES["examiner"]))
    return user("trainer")


def test_a_sitting_before_the_trainer_is_refused(both):
    with pytest.raises(ValidationError, match="考评人不能是本班教师"):
        a_sitting(a_class(), examiners=[both])
    made = a_sitting(a_class("T-02", seed=9), opened=False)
    with pytest.raises(ValidationError, match="考评人不能是本班教师"):
        add_examiner(made, both)


def test_the_trainer_enters_no_scores_of_the_own_class(both):
    one = a_class()
    entry = {one.enrolments.first().pk: ScoreEntry(80, 80)}
    with pytest.raises(ValidationError, match="考评人不能是本班教师"):
        enter_scores(one, entry, one.ends_on, both)


def test_the_database_refuses_it_too(both):
    one = a_class()
    made = a_sitting(one, opened=False)
    enrolment = one.enrolments.first().pk
    for statement, params in (
        ("INSERT INTO assessing_sittingexaminer (sitting_id, user_id) VALUES (%s, %s)",
         [made.pk, both.pk]),
        (("INSERT INTO assessing_look (attempt_id, examiner_id, number, points, failed, score, note, at)"
         " VALUES (%s, %s, 1, '[]', '[]', 50, '', now())"), [made.attempts.first().pk, both.pk]),
        (("INSERT INTO courses_score (enrolment_id, theory, practice, assessed_on, reason,"
         " entered_by_id, entered_at) VALUES (%s, 80, 80, now(), '', %s, now())"),
         [enrolment, both.pk]),
    ):  # fmt: skip
        with (
            pytest.raises(IntegrityError, match="the examiner is the trainer"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, params)


def test_a_policy_may_let_the_trainer_examine(both):
    one = a_class()
    AssessmentPolicy.objects.create(rule_set=one.rule_set, apart=False)
    made = a_sitting(one, examiners=[both])
    assert SittingExaminer.objects.get(sitting=made).user == both


def test_a_policy_in_force_is_not_edited(north):
    old = RuleSet.objects.get()
    made = AssessmentPolicy.objects.create(rule_set=old)
    made.retakes = 5
    with pytest.raises(ValidationError, match="规则已生效"):
        made.full_clean()
    coming = RuleSet.objects.get()
    coming.pk, coming.version = None, 2
    coming.effective_from = timezone.localdate() + timedelta(days=30)
    coming.save()
    later = AssessmentPolicy.objects.create(rule_set=coming)
    later.retakes = 5
    later.full_clean()


def test_a_director_writes_the_policy_and_a_base_does_not(visit, north):
    director = visit("centre", "director")
    form = {"rule_set": RuleSet.objects.get().pk, "retakes": 2, "apart": "on",
            "practice_examiners": 2, "practice_gap": 10, "appeal_days": 5}  # fmt: skip
    assert director.post("/admin/assessment-policies/new/", form).status_code == 302
    assert AssessmentPolicy.objects.get().practice_gap == 10
    assert visit("north", "manager").get("/admin/assessment-policies/").status_code in (302, 404)


def test_somebody_who_may_not_examine_is_no_examiner(north):
    with pytest.raises(ValidationError, match="没有考评权限"):
        a_sitting(a_class(), examiners=[user("clerk")])
