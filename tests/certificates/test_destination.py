"""What counts of everything that was said of a holder."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates import rules
from certificates.rules.employment import EVIDENCE, VALUES, WORK, Said, destination_of

SPRING, AUTUMN = date(2026, 3, 1), date(2026, 9, 1)
KINDS = (*VALUES, "unreachable", "unknown")
said = st.builds(
    Said, st.just(0), st.sampled_from(KINDS), st.sampled_from(EVIDENCE), st.just(SPRING)
)
histories = st.lists(said, max_size=8).map(
    lambda rows: [Said(n, r.kind, r.evidence, r.started_on) for n, r in enumerate(rows)]
)


def test_a_weaker_word_that_comes_later_contests_and_does_not_win():
    known = destination_of(
        [Said(1, "local", "document", SPRING), Said(2, "unemployed", "self_reported")]
    )
    assert (known.value, known.key, known.contested) == ("employed", 1, (2,))


def test_the_same_said_again_contests_nothing():
    known = destination_of(
        [Said(1, "local", "document", SPRING), Said(2, "local", "self_reported", SPRING)]
    )
    assert known.contested == ()


def test_of_equal_evidence_the_latest_counts():
    known = destination_of(
        [Said(1, "local", "liaison_call", SPRING), Said(2, "unemployed", "liaison_call")]
    )
    assert (known.value, known.contested) == ("unemployed", ())


def test_whoever_overrules_by_name_wins_with_weaker_evidence():
    known = destination_of(
        [
            Said(1, "local", "document", SPRING),
            Said(2, "unemployed", "self_reported", over=frozenset({1})),
        ]
    )
    assert (known.value, known.worked_from) == ("unemployed", None), "what was wrong was no work"


def test_a_job_that_was_left_was_work_and_is_unknown_now():
    history = [
        Said(1, "flexible", "self_reported", SPRING),
        Said(2, "local", "document", AUTUMN),
        Said(3, "unknown", "liaison_call", over=frozenset({2})),
    ]
    known = destination_of(history, ended=frozenset({2}))
    assert (known.value, known.worked_from) == ("unknown", SPRING)


def test_an_objection_makes_it_unknown():
    known = destination_of([Said(1, "local", "employer_confirmed", SPRING, objected=True)])
    assert (known.value, known.worked_from) == ("unknown", None)
    assert "异议" in rules.employed(known).zh


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_a_stronger_word_never_loses_to_a_weaker_one(history):
    known = destination_of(history)
    telling = [row for row in history if row.kind in VALUES]
    if not telling:
        assert known.value == "unknown"
        return
    strongest = max(EVIDENCE.index(row.evidence) for row in telling)
    assert EVIDENCE.index(known.evidence) == strongest
    assert all(history[key].kind != known.kind for key in known.contested)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_calls_that_reached_nobody_change_nothing(history):
    silent = [row for row in history if row.kind in VALUES]
    whole, without = destination_of(history), destination_of(silent)
    assert (whole.key, whole.value) == (without.key, without.value)
    assert (whole.value == "employed") == (whole.kind in WORK)
