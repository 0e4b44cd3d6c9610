"""Counting a year, proposing, deciding, appealing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from letters_cast import all_targets
from test_letters import refused
from trainbase_letters.models import Assessment, LettersSettings
from trainbase_letters.services import actuals, assessments, letters, standing

pytestmark = pytest.mark.django_db
NOW = date.today().year
LAST = NOW - 1


@pytest.fixture
def missed(towns, signed, ledger, director):
    """Last year: 3 of 5 were trained."""
    letter = signed(towns["other"], LAST, trained=5)
    ledger(towns["other"].division.code, 3, LAST)
    return assessments.propose(letter, director)


def test_numbers_come_from_the_ledger_alone(missed):
    line = next(line for line in missed.lines if line["metric"] == "trained")
    assert (line["actual"], line["target"], line["percent"], line["missed"]) == (3, 5, 60, True)


def test_the_first_missed_year_proposes_the_first_step(missed):
    assert (missed.in_row, missed.step, missed.step_zh) == (1, 1, "不得提拔、不得评优")


def test_a_met_year_proposes_nothing_and_is_settled(towns, signed, ledger, director):
    letter = signed(towns["other"], LAST, trained=3, employed=3)
    ledger(towns["other"].division.code, 3, LAST)
    found = assessments.propose(letter, director)
    assert (found.missed, found.step) == (False, None)
    assert standing.is_settled(found)
    with pytest.raises(ValidationError) as error:
        assessments.decide(found, "confirmed", "没有理由", director)
    refused(error)


def test_a_year_that_is_not_over_is_not_assessed_unless_the_centre_sets_it(
    towns, signed, ledger, director
):
    letter = signed(towns["other"], NOW, trained=5)
    with pytest.raises(ValidationError) as error:
        assessments.propose(letter, director)
    assert str(date(NOW + 1, 1, 1)) in refused(error)
    early = (date(NOW + 1, 1, 1) - date.today()).days
    LettersSettings.objects.create(early_days=early)
    assert assessments.propose(letter, director).missed


def test_a_draft_is_not_assessed(towns, director, ledger):
    letter = letters.draft(towns["other"], LAST, all_targets(trained=5), director)
    with pytest.raises(ValidationError) as error:
        assessments.propose(letter, director)
    refused(error)


def test_nothing_is_assessed_while_a_ledger_cannot_be_read(towns, signed, director, monkeypatch):
    letter = signed(towns["other"], LAST, trained=5)

    def broken(starts, ends):
        raise OSError("disk")

    monkeypatch.setattr(actuals, "ledger", broken)
    with pytest.raises(ValidationError) as error:
        assessments.propose(letter, director)
    assert "测试基地north" in refused(error)
    assert not Assessment.objects.exists()


def test_the_ladder_climbs_over_three_years_in_a_row(towns, signed, ledger, director):
    steps = []
    for year in (LAST - 2, LAST - 1, LAST):
        found = assessments.propose(signed(towns["other"], year, trained=5), director)
        steps.append((found.in_row, found.step_zh))
        assessments.decide(found, "confirmed", "没有完成", director)
    assert steps == [(1, "不得提拔、不得评优"), (2, "黄牌警告"), (3, "建议免职")]


def test_an_exception_breaks_the_row(towns, signed, ledger, director):
    first = assessments.propose(signed(towns["other"], LAST - 1, trained=5), director)
    assessments.decide(first, "exception", "洪灾", director)
    assert assessments.propose(signed(towns["other"], LAST, trained=5), director).in_row == 1


def test_an_upheld_appeal_breaks_the_row_too(towns, signed, ledger, director):
    first = assessments.propose(signed(towns["other"], LAST - 1, trained=5), director)
    decision = assessments.decide(first, "confirmed", "没有完成", director)
    said = assessments.appeal(decision, "乙镇长", date.today(), "台账有误", director)
    second = signed(towns["other"], LAST, trained=5)
    with pytest.raises(ValidationError) as error:
        assessments.propose(second, director)
    assert str(LAST - 1) in refused(error), "an open appeal leaves the year before open"
    assessments.answer(said, "upheld", "核实属实", director)
    assert assessments.propose(second, director).in_row == 1


def test_a_decision_is_taken_once_and_says_by_whom(missed, people):
    assessments.decide(missed, "confirmed", "没有完成", people["director"])
    with pytest.raises(ValidationError) as error:
        assessments.decide(missed, "exception", "再决定一次", people["officer"])
    assert str(people["director"]) in refused(error)


def test_a_decision_on_an_assessment_that_was_replaced_is_refused(missed, towns, ledger, director):
    ledger(towns["other"].division.code, 1, LAST)
    again = assessments.propose(missed.letter, director)
    assert again.number == 2
    with pytest.raises(ValidationError) as error:
        assessments.decide(missed, "confirmed", "没有完成", director)
    refused(error)


@pytest.mark.parametrize(("kind", "reason"), [("confirmed", " "), ("maybe", "好"), ("confirmed", "长" * 401)])  # fmt: skip
def test_a_decision_without_reason_or_kind_is_refused(missed, director, kind, reason):
    with pytest.raises(ValidationError) as error:
        assessments.decide(missed, kind, reason, director)
    refused(error)


def test_an_appeal_is_recorded_once_and_answered_once(missed, director):
    decision = assessments.decide(missed, "confirmed", "没有完成", director)
    for day in (date.today() + timedelta(1), date.today() - timedelta(30)):
        with pytest.raises(ValidationError) as error:
            assessments.appeal(decision, "乙镇长", day, "不服", director)
        refused(error)
    said = assessments.appeal(decision, "乙镇长", date.today(), "不服", director)
    with pytest.raises(ValidationError) as error:
        assessments.appeal(decision, "乙镇长", date.today(), "还是不服", director)
    refused(error)
    assert not standing.is_settled(standing.assessments([missed.letter])[missed.letter_id])
    assessments.answer(said, "rejected", "台账无误", director)
    with pytest.raises(ValidationError) as error:
        assessments.answer(said, "upheld", "改主意", director)
    refused(error)
    assert standing.holds(standing.assessments([missed.letter])[missed.letter_id])


def test_an_exception_leaves_nothing_to_appeal_against(missed, director):
    decision = assessments.decide(missed, "exception", "洪灾", director)
    with pytest.raises(ValidationError) as error:
        assessments.appeal(decision, "乙镇长", date.today(), "不服", director)
    refused(error)


def test_a_decided_year_cannot_get_another_letter(missed, towns, director):
    assessments.decide(missed, "confirmed", "没有完成", director)
    for act in (
        lambda: letters.draft(towns["other"], LAST, all_targets(trained=1), director, "改小"),
        lambda: letters.withdraw(missed.letter, director, "不要了"),
        lambda: assessments.propose(missed.letter, director),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        refused(error)


def test_what_is_missed_is_the_centres_own_setting(towns, signed, ledger, director):
    LettersSettings.objects.create(judge_trained=False, threshold=50)
    letter = signed(towns["other"], LAST, trained=100, certified=6)
    ledger(towns["other"].division.code, 3, LAST)
    found = assessments.propose(letter, director)
    assert not found.missed and found.threshold == 50


def test_settings_that_judge_nothing_or_cannot_be_read_are_refused(centre):
    bad = LettersSettings(
        judge_trained=False, judge_certified=False, judge_employed=False, ladder="只有中文"
    )
    with pytest.raises(ValidationError) as error:
        bad.full_clean()
    refused(error)
    assert {"ladder", "judge_trained"} <= set(error.value.message_dict)


def test_a_whole_year_is_assessed_at_once_and_says_what_failed(towns, signed, ledger, director):
    signed(towns["top"], LAST, trained=5)
    signed(towns["other"], LAST - 1, trained=5)
    signed(towns["other"], LAST, trained=5)
    done, faults = assessments.propose_all(LAST, director)
    assert done == 1
    assert len(faults) == 1 and "乙镇" in faults[0] and str(LAST - 1) in faults[0]


def test_what_was_signed_is_what_is_counted_when_the_unit_is_moved(towns, signed, ledger, director):
    letter = signed(towns["other"], LAST, trained=3)
    ledger(towns["other"].division.code, 3, LAST)
    towns["other"].division = towns["a"].division
    towns["other"].save()
    assert not assessments.propose(letter, director).missed


def test_the_real_ledgers_of_all_bases_are_read(centre):
    found = actuals.actuals(LAST, fresh=True)
    assert (found.tally, found.unread) == ({}, ())


def test_a_ledger_that_breaks_the_database_query_breaks_no_other(centre, monkeypatch):
    from lms.plugin import Division

    def broken(starts, ends):
        return list(Division.objects.extra(where=["1/0 = 1"]))

    monkeypatch.setattr(actuals, "ledger", broken)
    assert len(actuals.actuals(LAST, fresh=True).unread) == 2
    assert Division.objects.exists()
