"""How one enrolment is counted. Pure."""

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from certificates.figures.rules.counts import (
    CAME_OF_IT,
    CHAIN,
    KINDS,
    KNOWN,
    PROVED,
    WORK,
    Stand,
    counts_of,
    difference,
    headings_of,
    rates_of,
    reason_of,
)
from certificates.rules.employment import EVIDENCE

DAY = date(2026, 3, 31)
TRAINED = Stand(DAY, "sewing", "222403001", "S1-2026-01", "", "trained")
EMPLOYED = replace(
    TRAINED, reached="certified", value="employed", kind="outward", evidence="document",
    place="4403", certified_on=date(2026, 4, 3), employed_on=date(2026, 5, 1),
)  # fmt: skip
UNKNOWN = replace(TRAINED, reached="certified", value="unknown", certified_on=date(2026, 4, 3))


@st.composite
def stands(draw):
    reached = draw(st.sampled_from(CHAIN))
    day = st.dates(date(2025, 11, 1), date(2026, 12, 31))
    ended = draw(day)
    found = Stand(
        ended,
        draw(st.sampled_from(["sewing", "catering"])),
        draw(st.sampled_from(["222403001", "222403002"])),
        draw(st.sampled_from(["A", "B"])),
        draw(st.sampled_from(["", "spring"])),
        reached,
    )
    if reached != "certified":
        return found
    value = draw(st.sampled_from(CAME_OF_IT))
    works = value == "employed"
    certified = draw(day)
    return replace(
        found,
        value=value,
        kind=draw(st.sampled_from(KINDS)) if works else "",
        evidence=draw(st.sampled_from(EVIDENCE)) if value != "unknown" else "",
        place=draw(st.sampled_from(["", "4403"])) if works else "",
        certified_on=certified,
        employed_on=certified if works else None,
    )


def test_whoever_is_employed_is_counted_at_every_step_before():
    assert counts_of(EMPLOYED) == Counter(
        [*CHAIN, "employed", "work_outward", "known_document", "employed_document"]
    )


def test_unknown_is_not_unemployed_and_has_no_evidence():
    counts = counts_of(UNKNOWN)
    assert counts["unknown"] == 1
    assert counts["unemployed"] == 0
    assert not any(counts[name] for name in (*KNOWN, *PROVED))


def test_only_work_has_a_place():
    assert not [h for h in headings_of(UNKNOWN) if h[1] == "place"]
    assert headings_of(EMPLOYED)[2026, "place", "4403"]["employed"] == 1


def test_the_report_counts_each_event_in_its_own_month():
    rows = {
        key: counts for (_y, dim, key), counts in headings_of(EMPLOYED).items() if dim == "report"
    }
    assert rows == {
        "2026-03 222403001": Counter(["trained"]),
        "2026-04 222403001": Counter(["certified"]),
        "2026-05 222403001": Counter(["employed", "work_outward", "employed_document"]),
    }


@given(stands())
def test_what_came_of_the_certified_adds_up(stand):
    counts = counts_of(stand)
    assert sum(counts[name] for name in CAME_OF_IT) == counts["certified"]
    assert sum(counts[name] for name in WORK) == counts["employed"]
    assert sum(counts[name] for name in PROVED) == counts["employed"]
    assert sum(counts[name] for name in KNOWN) == counts["certified"] - counts["unknown"]


@given(st.lists(st.lists(stands(), min_size=1, max_size=5), max_size=6))
def test_differences_add_up_to_what_is_counted_anew(stories):
    kept: dict = {}
    for story in stories:
        for before, after in zip([None, *story], story, strict=False):
            for heading, counts in difference([(before, after)]).items():
                here = kept.setdefault(heading, Counter())
                for name, number in counts.items():
                    here[name] += number
    kept = {h: {n: c for n, c in counts.items() if c} for h, counts in kept.items()}
    kept = {h: counts for h, counts in kept.items() if counts}
    assert kept == difference([(None, story[-1]) for story in stories])


def test_a_rate_names_its_parts_and_the_evidence():
    counts = counts_of(EMPLOYED) + counts_of(UNKNOWN)
    rates = {rate.name: rate for rate in rates_of(counts)}
    assert (rates["employed"].over, rates["employed"].of, rates["employed"].percent) == (1, 2, 50.0)
    assert ("employed_document", 1) in rates["employed"].evidence
    assert rates["known"].percent == 50.0
    assert rates_of({})[0].percent is None


def test_the_reason_is_the_step_that_loses_more_people_than_usual():
    mean = {"enrolled": 100, "trained": 90, "qualified": 81, "certified": 81, "employed": 54}
    weak = {"enrolled": 50, "trained": 44, "qualified": 20, "certified": 20, "employed": 14}
    reason = reason_of(weak, mean, worst=True)
    assert reason is not None
    assert (reason.step, reason.lost, reason.of, reason.usual) == ("qualified", 24, 44, 10.0)
    assert reason_of(mean, mean, worst=True) is None
