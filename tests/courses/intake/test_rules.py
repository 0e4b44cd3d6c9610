"""Who may join a class, by the numbers of its rule set."""

import pytest

from courses.intake.rules import REFUSE, WARN, Facts, Leaving, Limits, judged, may_leave

DOCUMENT = "测劳转〔2026〕1号 v2"


def verdicts(limits, facts):
    found = judged(Limits(DOCUMENT, **limits), Facts(**facts))
    return [v.rule for v in found.refusals], [v.rule for v in found.warnings]


@pytest.mark.parametrize(
    ("age", "limits", "refused"),
    [
        (15, {}, True),
        (16, {}, False),
        (17, {"age_from": 18}, True),
        (60, {"age_to": 60}, False),
        (61, {"age_to": 60}, True),
        (90, {}, False),
    ],
)
def test_age_is_within_the_limits_of_the_rule_set(age, limits, refused):
    refusals, warnings = verdicts(limits, {"age": age})
    assert (refusals == ["intake_age"]) is refused
    assert warnings == []


@pytest.mark.parametrize("weight", ["off", WARN, REFUSE])
def test_a_rule_is_off_or_warns_or_refuses_as_the_rule_set_says(weight):
    limits = {"same_project": weight, "overlap": weight}
    facts = {"age": 30, "certificate": "A-2026-00001", "beside": ("T-02",)}
    both = ["intake_same_project", "intake_overlap"]
    refusals, warnings = verdicts(limits, facts)
    assert refusals == (both if weight == REFUSE else [])
    assert warnings == (both if weight == WARN else [])


@pytest.mark.parametrize(("had", "refused"), [(0, False), (1, False), (2, True), (3, True)])
def test_at_most_so_many_trainings_a_year(had, refused):
    facts = {"age": 30, "trainings": had, "year": 2026}
    assert verdicts({"trainings_per_year": 2}, facts)[0] == (
        ["intake_trainings_per_year"] if refused else []
    )


def test_no_limit_of_trainings_is_no_refusal_whatever_somebody_had():
    assert verdicts({}, {"age": 30, "trainings": 40, "year": 2026}) == ([], [])


def test_a_register_that_did_not_answer_is_a_warning_and_never_a_pass_in_silence():
    refusals, warnings = verdicts({"same_project": REFUSE}, {"age": 30, "unasked": "west"})
    assert (refusals, warnings) == ([], ["intake_other_registers"])


def test_every_refusal_carries_rule_value_threshold_source_and_two_languages():
    limits = Limits(DOCUMENT, 18, 55, REFUSE, REFUSE, 1)
    facts = Facts(age=61, certificate="A-1", beside=("T-02", "T-03"), trainings=1, year=2026)
    found = judged(limits, facts).refusals
    assert len(found) == 4
    for verdict in found:
        assert verdict.source == DOCUMENT
        assert all([verdict.rule, verdict.value, verdict.threshold, verdict.zh, verdict.en])
        assert verdict.en.isascii() or "、" in verdict.en
    by_rule = {verdict.rule: verdict for verdict in found}
    assert by_rule["intake_age"].value == "61"
    assert by_rule["intake_age"].threshold == "18–55"
    assert by_rule["intake_overlap"].value == "T-02、T-03"


def leaving(**facts):
    return may_leave(Leaving(**{"state": "enrolled", "class_finished": False} | facts))


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "withdrawn"},
        {"class_finished": True},
        {"certificate": "A-1"},
        {"goal": "T-02", "goal_finished": True},
        {"goal": "T-02", "same_project": False},
        {"goal": "T-02", "in_goal": True},
    ],
)
def test_each_thing_that_keeps_somebody_in_a_class_is_told_in_two_languages(facts):
    assert leaving() == leaving(goal="T-02") == leaving(state="waiting") == []
    [(zh, en)] = leaving(**facts)
    assert zh
    assert en.isascii()
