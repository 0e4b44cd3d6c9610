"""Practice by checklist: apart, averaged, a third look, a critical item."""

import pytest
from django.core.exceptions import ValidationError

from courses.assessing.models import Look
from courses.assessing.services.plan import add_examiner
from courses.assessing.services.practice import look
from courses.assessing.services.standing import result_of
from courses.assessing.shared.models import AssessmentPolicy
from tests.courses.assessing.scene import a_practice, a_sitting, closed, user
from tests.story import a_class


@pytest.fixture
def two(north):
    """A class whose practice takes two examiners: examiner and manager."""
    one = a_class(people=2)
    AssessmentPolicy.objects.create(rule_set=one.rule_set, practice_examiners=2, practice_gap=10)
    return a_practice(one, ("examiner", "manager"))


def by(name, sitting, points, failed=(), n=0):
    attempt = sitting.attempts.order_by("pk")[n]
    return look(sitting, attempt.pk, points, failed, "", user(name))


def test_one_examiner_is_enough_where_the_policy_says_so(north):
    practice = a_practice(a_class(people=1))
    assert by("examiner", practice, [40, 20, 20]).score == 80
    assert result_of(practice.attempts.get()).score == 80


def test_two_looks_are_averaged(two):
    assert by("examiner", two, [40, 20, 20]).needs == 1
    assert by("manager", two, [40, 20, 30]).score == 85
    assert result_of(two.attempts.first()).score == 85


def test_two_who_differ_wait_for_a_third(two):
    by("examiner", two, [40, 20, 40])
    assert by("manager", two, [20, 20, 20]).needs == 1
    with pytest.raises(ValidationError, match="已经给此人评过分"):
        by("manager", two, [40, 20, 40])
    with pytest.raises(ValidationError, match="还有人没有评完"):
        closed(two)
    third = user("clerk")
    third.groups.add(*user("examiner").groups.all())
    add_examiner(two, user("clerk"))
    assert by("clerk", two, [30, 20, 40]).score == 95, "(100 + 90) / 2: the nearer and the third"
    assert Look.objects.filter(attempt=two.attempts.first()).count() == 3


def test_a_critical_item_fails_whatever_the_points(two):
    by("examiner", two, [40, 20, 40], failed=[1])
    found = by("manager", two, [40, 20, 38], failed=[1])
    assert found.failed
    result = result_of(two.attempts.first())
    assert (result.score, result.failed) == (59, True)


def test_a_checklist_that_is_changed_later_leaves_the_sitting_as_it_was(north):
    practice = a_practice(a_class(people=1))
    from courses.assessing.models import ChecklistItem

    ChecklistItem.objects.all().delete()
    practice.refresh_from_db()
    assert [item.points for item in practice.checklist] == [40, 20, 40]


def test_two_examiners_are_asked_for_when_the_sitting_is_made(north):
    one = a_class(people=1)
    AssessmentPolicy.objects.create(rule_set=one.rule_set, practice_examiners=2)
    with pytest.raises(ValidationError, match="须有 2 位考评人"):
        a_practice(one)


def test_only_the_score_may_be_typed(north):
    from courses.assessing.services.typed import Typed, enter_typed

    one = a_class(people=2)
    practice = a_sitting(one, how="scores", part="practice")
    first, second = practice.attempts.all()
    with pytest.raises(ValidationError, match="0 到 100"):
        enter_typed(practice, {first.pk: Typed(score="101")}, user("examiner"))
    typed = {first.pk: Typed(score="88.5"), second.pk: Typed()}
    assert enter_typed(practice, typed, user("examiner")) == 1
    assert result_of(first).score == 88.5


def test_another_examiners_look_is_not_shown_before_the_end(two, visit):
    by("examiner", two, [40, 20, 40])
    attempt = two.attempts.first()
    page = visit("north", "manager").get(f"/desk/sittings/{two.pk}/people/{attempt.pk}/")
    said = page.content.decode()
    assert "另有 1 位考评人已评分" in said
    assert "100.0" not in said
