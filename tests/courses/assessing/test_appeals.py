"""Appeals: decided for a reason, a new row each time, and what follows for a certificate."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction

from certificates.models import Certificate, Reevaluation
from certificates.services.correct import correct
from certificates.services.issue import issue_class
from certificates.services.reevaluate import decide as decide_change
from courses.assessing.models import AppealDecision
from courses.assessing.services.appeals import appeal, decide, open_appeals
from courses.assessing.services.standing import result_of
from courses.assessing.shared.models import AssessmentPolicy
from courses.models import Score
from courses.services.assessment import ScoreEntry, enter_scores
from courses.services.classes import set_class_state
from tests.courses.assessing.scene import a_sitting, closed, sat, scores_of, user
from tests.story import a_class, taught


@pytest.fixture
def done(north):
    """One of a closed theory sitting with 70, whose practice was entered as 80."""
    one = a_class(people=1)
    taught(one)
    enrolment = one.enrolments.get().pk
    enter_scores(one, {enrolment: ScoreEntry(50, 80)}, one.ends_on, user("examiner"))
    theory = a_sitting(one, on=one.ends_on)
    attempt = sat(theory.attempts.get(), wrong=3)
    closed(theory)
    attempt = theory.attempts.get()
    assert scores_of(one) == {enrolment: (70, 80)}
    return attempt


def test_an_upheld_appeal_writes_a_new_result_and_a_new_score(done):
    made = appeal(done, "第 3 题按教材也对", user("clerk"))
    assert list(open_appeals()) == [made]
    decide(made, Decimal(80), "教材第 12 页可证", user("manager"))
    assert [r.score for r in done.results.all()] == [70, 80]
    one = done.sitting.training_class
    assert scores_of(one)[done.enrolment_id] == (80, 80)
    assert Score.objects.latest("pk").reason == "申诉复核：教材第 12 页可证"
    assert not open_appeals().exists()
    with pytest.raises(ValidationError, match="已有裁定"):
        decide(made, None, "再看", user("manager"))


def test_a_refused_appeal_changes_nothing(done):
    before = Score.objects.count()
    decide(appeal(done, "我觉得不对"), None, "复核无误", user("manager"))
    assert Score.objects.count() == before
    assert result_of(done).score == 70


def test_an_appeal_takes_a_reason_of_both_sides(done):
    with pytest.raises(ValidationError, match="请写明申诉理由"):
        appeal(done, "  ")
    made = appeal(done, "不对")
    with pytest.raises(ValidationError, match="请写明理由"):
        decide(made, None, " ", user("manager"))
    with pytest.raises(ValidationError, match="与原分数相同"):
        decide(made, Decimal(70), "一样", user("manager"))


def test_appeals_end_after_the_days_of_the_policy(done):
    AssessmentPolicy.objects.create(rule_set=done.sitting.training_class.rule_set, appeal_days=0)
    with pytest.raises(ValidationError, match="已超过 0 天"):
        appeal(done, "晚了")


def test_results_appeals_and_answers_stay_as_they_are_in_the_database(done):
    decide(appeal(done, "不对"), None, "无误", user("manager"))
    for table in ("result", "appeal", "appealdecision", "attemptevent", "sittingquestion",
                  "questionversion"):  # fmt: skip
        for statement in (
            f"DELETE FROM assessing_{table}",
            f"UPDATE assessing_{table} SET id = id",
        ):
            with (
                pytest.raises(ProgrammingError, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    for statement in ("DELETE FROM assessing_answer", "UPDATE assessing_answer SET chosen = 'A'"):
        with (
            pytest.raises(IntegrityError, match="it was handed in"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert AppealDecision.objects.count() == 1


def certified(attempt):
    one = attempt.sitting.training_class
    set_class_state(one, "finished")
    issue_class(one, user("manager"))
    return Certificate.objects.get()


def test_a_score_that_falls_below_the_mark_after_the_issue_waits_for_a_person(done):
    certificate = certified(done)
    decide(appeal(done, "多算了"), Decimal(50), "重复计分", user("manager"))
    found = Reevaluation.objects.get()
    assert (found.state, found.eligible) == ("open", False)
    assert found.differs == [
        {
            "score": True,
            "before": {"theory": "70.0", "practice": "80.0"},
            "after": {"theory": "50.0", "practice": "80.0"},
        }
    ]
    certificate.refresh_from_db()
    assert certificate.status == "valid", "never silently"
    asked = decide_change(found, "revoke", "成绩复核后不及格", user("manager"))
    assert asked.certificate.revocations.get().code == "other"


def test_a_better_score_after_the_issue_is_looked_at_and_corrected_by_a_new_version(done):
    certificate = certified(done)
    decide(appeal(done, "少算了"), Decimal(90), "补计", user("manager"))
    assert Reevaluation.objects.get().eligible
    newer = correct(certificate, certificate.holder_name, "成绩复核", user("manager"))
    assert newer.theory_score == 90
    certificate.refresh_from_db()
    assert certificate.status == "superseded"


def test_a_score_that_comes_back_to_what_was_certified_leaves_nothing_to_decide(done):
    certified(done)
    one = done.sitting.training_class
    for score in (40, 70):
        entry = {done.enrolment_id: ScoreEntry(score, 80, "录入有误")}
        enter_scores(one, entry, one.ends_on, user("examiner"))
    assert Reevaluation.objects.get().state == "undone"


def test_the_pages_of_appeals(done, visit):
    clerk, manager = visit("north", "clerk"), visit("north", "manager")
    address = f"/desk/attempts/{done.pk}/appeal/"
    assert clerk.get(address).status_code == 200
    sent = clerk.post(address, {"text": "有一题没有存上"})
    made = open_appeals().get()
    assert sent.url == f"/desk/appeals/{made.pk}/"
    assert clerk.post(sent.url, {"score": "80", "reason": "x"}).status_code == 403
    assert "成绩申诉待裁定" not in clerk.get("/desk/").content.decode(), "who cannot decide it"
    assert "<strong>1</strong> 成绩申诉待裁定" in manager.get("/desk/").content.decode()
    page = manager.get(sent.url).content.decode()
    assert "答卷" in page
    assert "有一题没有存上" in manager.get("/desk/appeals/").content.decode()
    wrong = manager.post(sent.url, {"score": "很高", "reason": "x"})
    assert "0 到 100" in wrong.content.decode()
    assert manager.post(sent.url, {"score": "75.5", "reason": "查到断网"}).status_code == 302
    assert result_of(type(done).objects.get(pk=done.pk)).score == Decimal("75.5")
    assert manager.get("/desk/appeals/?format=xlsx")["Content-Type"].endswith("sheet")
    assert visit("north", "trainer").get("/desk/appeals/").status_code == 403
