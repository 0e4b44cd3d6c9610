"""From a blueprint to scores: drawn, sat on a phone, closed, retaken."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.assessing.models import (
    Answer,
    Attempt,
    AttemptEvent,
    Question,
    QuestionVersion,
    Result,
    Sitting,
)
from courses.assessing.services import hold, sit
from courses.assessing.services.plan import NotEnough
from courses.assessing.services.standing import result_of, standings
from courses.models import Score
from courses.services.assessment import ScoreEntry, enter_scores
from tests.courses.assessing.scene import (
    FULL,
    a_bank,
    a_blueprint,
    a_practice,
    a_sitting,
    closed,
    right,
    sat,
    scores_of,
    user,
)
from tests.story import a_class


def first(sitting, n=0):
    return sitting.attempts.order_by("enrolment_id")[n]


def later(sitting, minutes):
    """As if everybody had begun `minutes` earlier."""
    for attempt in sitting.attempts.filter(state="started"):
        attempt.started_at -= timedelta(minutes=minutes)
        attempt.ends_at -= timedelta(minutes=minutes)
        attempt.save()


def test_a_paper_is_drawn_by_its_blueprint_and_the_same_seed_draws_it_again(north):
    one = a_class()
    made = a_sitting(one, seed="abc", opened=False)
    asked = [q.version.question_id for q in made.questions.order_by("place")]
    assert len(asked) == len(set(asked)) == 10
    assert list(made.questions.values_list("points", flat=True)) == [10] * 10
    made.attempts.all().delete()
    again = a_sitting(one, seed="abc", opened=False)
    assert [q.version.question_id for q in again.questions.order_by("place")] == asked
    again.attempts.all().delete()
    other = a_sitting(one, opened=False)
    assert len(other.seed) == 32
    assert [q.version.question_id for q in other.questions.order_by("place")] != asked


def test_each_examinee_reads_the_same_questions_in_another_order(north):
    made = a_sitting(a_class(people=6))
    papers = [[line.question.pk for line in sit.lines(a)] for a in made.attempts.all()]
    assert len({tuple(paper) for paper in papers}) > 1
    assert {tuple(sorted(paper)) for paper in papers} == {tuple(sorted(papers[0]))}
    again = [[line.question.pk for line in sit.lines(a)] for a in made.attempts.all()]
    assert again == papers


def test_too_few_questions_refuse_the_sitting_and_leave_nothing(north):
    a_bank(each=2)
    a_blueprint()
    with pytest.raises(NotEnough, match="要 4 题，只有 2 题"):
        a_sitting(a_class())
    assert not Sitting.objects.exists()
    assert not QuestionVersion.objects.exists()


def test_a_retired_question_is_not_drawn(north):
    a_bank(each=4)
    a_blueprint()
    Question.objects.filter(kind="single").first().delete()
    gone = Question.objects.filter(kind="judge")[:2]
    Question.objects.filter(pk__in=[q.pk for q in gone]).update(state="retired")
    with pytest.raises(NotEnough, match="判断题要 3 题，只有 2 题"):
        a_sitting(a_class())


def test_a_question_that_is_changed_stays_as_it_was_asked(north):
    one = a_class()
    made = a_sitting(one)
    asked = made.questions.get(place=1).version
    question = asked.question
    question.text, question.answer = "改过的题", "B"
    question.save()
    assert made.questions.get(place=1).version.text == asked.text
    attempt = sat(first(made))
    assert result_of(attempt).score == FULL, "graded by what was asked"
    made.attempts.exclude(pk=attempt.pk).delete()
    closed(made)
    Question.objects.exclude(pk=question.pk).filter(kind="single").update(topic="z")
    later_one = a_sitting(one)
    versions = QuestionVersion.objects.filter(question=question)
    if later_one.questions.filter(version__question=question).exists():
        assert [v.number for v in versions] == [1, 2]
    assert asked.text != "改过的题"


def test_theory_and_practice_end_as_one_score_when_both_are_there(north):
    one = a_class(people=2)
    theory = a_sitting(one)
    for n, wrong in enumerate((2, 0)):
        sat(first(theory, n), wrong)
    closed(theory)
    assert scores_of(one) == {}, "practice is missing"
    practice = a_practice(one)
    from courses.assessing.services.practice import look

    for attempt, points in zip(practice.attempts.all(), ([40, 20, 30], [20, 20, 20])):
        look(practice, attempt.pk, points, [], "", user("examiner"))
    assert closed(practice) == 2
    pks = list(one.enrolments.order_by("id").values_list("pk", flat=True))
    assert scores_of(one) == {pks[0]: (80, 90), pks[1]: (100, 60)}
    assert Score.objects.count() == 2


def test_a_sitting_tells_the_chain_that_somebody_has_moved(north):
    from courses.moments import chain_moved, scores_entered

    one, told = a_class(people=1), []
    enrolment = one.enrolments.get().pk
    enter_scores(one, {enrolment: ScoreEntry(40, 80)}, one.ends_on, user("examiner"))

    def hear(sender, enrolments, **kwargs):
        told.append(set(enrolments))

    for moment in (chain_moved, scores_entered):
        moment.connect(hear)
    try:
        theory = a_sitting(one)
        sat(first(theory))
        closed(theory)
    finally:
        for moment in (chain_moved, scores_entered):
            moment.disconnect(hear)
    assert told == [{enrolment}, {enrolment}]
    assert scores_of(one) == {enrolment: (100, 80)}, "the practice that was entered by hand stays"
    assert Score.objects.latest("pk").reason == "补考"


def test_whoever_has_failed_sits_again_once_and_every_attempt_is_kept(north):
    one = a_class(people=2)
    theory = a_sitting(one)
    sat(first(theory, 0), wrong=8), sat(first(theory, 1))
    closed(theory)
    failed, passed = standings(one, "theory").values()
    assert (failed.score, failed.passed, failed.used, failed.may.ok) == (20, False, 1, True)
    assert not passed.may.ok
    retake = a_sitting(one)
    assert retake.attempts.get().number == 2
    assert retake.seed != theory.seed
    sat(retake.attempts.get(), wrong=6)
    closed(retake)
    found = standings(one, "theory")[failed.attempts[0].enrolment_id]
    assert (found.score, found.used, found.may.ok) == (40, 2, False)
    assert "最多补考 1 次" in found.may.zh
    with pytest.raises(ValidationError, match="没有人可以参加"):
        a_sitting(one)
    assert [a.number for a in found.attempts] == [1, 2]


def test_nobody_is_in_two_sittings_of_a_part_at_once(north):
    one = a_class(people=2)
    a_sitting(one, opened=False)
    with pytest.raises(ValidationError, match="已排在别的场次"):
        a_sitting(one)


def test_absent_people_have_no_score_and_keep_their_retakes(north):
    one = a_class(people=2)
    theory = a_sitting(one)
    examiner = user("examiner")
    hold.mark_absent(theory, first(theory).pk, examiner)
    hold.mark_absent(theory, first(theory).pk, examiner, absent=False)
    assert first(theory).state == "waiting"
    sat(first(theory, 1))
    with pytest.raises(ValidationError, match="现在有 1 人没有结果"):
        hold.close(theory, 0, examiner)
    hold.close(theory, 1, examiner)
    found = standings(one, "theory")[first(theory).enrolment_id]
    assert (found.score, found.used, found.may.ok) == (None, 0, True)
    whats = list(AttemptEvent.objects.filter(attempt=first(theory)).values_list("what", flat=True))
    assert whats == ["absent", "came_late", "absent"]


def test_cheating_makes_the_result_void_for_a_reason_and_uses_the_attempt_up(north):
    one = a_class(people=1)
    theory = a_sitting(one)
    attempt = sat(first(theory))
    with pytest.raises(ValidationError, match="请写明作废原因"):
        hold.void(theory, attempt.pk, " ", user("examiner"))
    hold.void(theory, attempt.pk, "携带纸条", user("examiner"))
    attempt.refresh_from_db()
    assert attempt.state == "void"
    assert [r.score for r in attempt.results.all()] == [100, 0]
    closed(theory)
    assert standings(one, "theory")[attempt.enrolment_id].used == 1


def test_cheating_that_is_found_later_takes_a_manager_and_changes_the_score(north):
    one = a_class(people=1)
    theory = a_sitting(one)
    attempt = sat(first(theory))
    enter_scores(one, {attempt.enrolment_id: ScoreEntry(90, 80)}, one.ends_on, user("examiner"))
    closed(theory)
    assert scores_of(one)[attempt.enrolment_id] == (100, 80)
    with pytest.raises(ValidationError, match="已结束"):
        hold.void(theory, attempt.pk, "替考", user("examiner"))
    hold.void(theory, attempt.pk, "替考", user("manager"))
    assert scores_of(one)[attempt.enrolment_id] == (0, 80)
    assert "替考" in Score.objects.latest("pk").reason


def test_the_server_keeps_the_time_and_what_was_saved_counts(north):
    theory = a_sitting(a_class(people=1))
    attempt = first(theory)
    door = sit.enter(attempt)
    begun = sit.begin(attempt.pk, door)
    assert begun.ends_at - begun.started_at == timedelta(minutes=30)
    sit.save(attempt.pk, door, right(begun, wrong=5))
    later(theory, 31)
    sit.save(attempt.pk, door, right(begun))  # too late: not taken
    attempt.refresh_from_db()
    assert (attempt.state, result_of(attempt).score) == ("done", 50)
    assert attempt.done_at == attempt.ends_at
    assert attempt.events.last().what == "time_over"


def test_twenty_seconds_of_grace_are_for_what_is_on_its_way(north):
    theory = a_sitting(a_class(people=1))
    attempt = first(theory)
    door = sit.enter(attempt)
    begun = sit.begin(attempt.pk, door)
    Attempt.objects.update(ends_at=timezone.now() - timedelta(seconds=10))
    sit.save(attempt.pk, door, right(begun))
    sit.hand_in(attempt.pk, door)
    assert result_of(Attempt.objects.get()).score == FULL


def test_whoever_walked_away_is_taken_in_when_somebody_looks(north):
    theory = a_sitting(a_class(people=2))
    for n in (0, 1):
        sit.begin(first(theory, n).pk, sit.enter(first(theory, n)))
    later(theory, 40)
    assert hold.finish_overdue(theory) == 2
    assert hold.finish_overdue(theory) == 0


def test_a_paper_is_handed_in_once_and_stays_as_it_was(north):
    theory = a_sitting(a_class(people=1))
    attempt = first(theory)
    door = sit.enter(attempt)
    begun = sit.begin(attempt.pk, door)
    sit.save(attempt.pk, door, right(begun, wrong=3))
    sit.hand_in(attempt.pk, door)
    sit.hand_in(attempt.pk, door)
    sit.save(attempt.pk, door, right(begun))
    assert Result.objects.filter(attempt=attempt).count() == 1
    assert result_of(attempt).score == 70
    assert Answer.objects.filter(attempt=attempt).count() == 10


def test_the_phone_that_came_in_last_is_the_one_that_saves(north):
    theory = a_sitting(a_class(people=1))
    attempt = first(theory)
    lost = sit.enter(attempt)
    begun = sit.begin(attempt.pk, lost)
    sit.save(attempt.pk, lost, right(begun, wrong=4))
    found = sit.enter(attempt)
    with pytest.raises(sit.Elsewhere):
        sit.save(attempt.pk, lost, right(begun))
    again = sit.save(attempt.pk, found, {})
    assert sum(bool(line.chosen) for line in sit.lines(again)) == 10, "what was saved is there"
    assert attempt.events.filter(what="came_back").count() == 1


def test_only_the_examiners_of_a_sitting_hold_it(north):
    theory = a_sitting(a_class(), opened=False)
    for who in ("manager", "clerk", "trainer"):
        with pytest.raises(ValidationError, match="不是这一场的考评人"):
            hold.open_sitting(theory, user(who))


def test_a_sitting_opens_on_its_day(north):
    tomorrow = timezone.localdate() + timedelta(days=1)
    theory = a_sitting(a_class(), opened=False, on=tomorrow)
    with pytest.raises(ValidationError, match="还没有到"):
        hold.open_sitting(theory, user("examiner"))
