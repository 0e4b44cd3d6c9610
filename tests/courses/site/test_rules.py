"""What may be shown, and until when."""

from datetime import date

import pytest

from courses.site.blocks import label_weeks
from courses.site.rules import Consent, state_of

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("consent", "covers"),
    [
        (Consent(date(2026, 1, 1), date(2026, 11, 27)), True),
        (Consent(date(2026, 1, 1), date(2026, 11, 26)), False),
        (Consent(date(2026, 11, 27), date(2027, 1, 1)), True),
        (Consent(date(2026, 11, 28), date(2027, 1, 1)), False),
        (Consent(date(2026, 1, 1), date(2027, 1, 1), date(2026, 11, 27)), False),
        (Consent(date(2026, 1, 1), date(2027, 1, 1), date(2026, 11, 28)), True),
        (Consent(date(2026, 1, 1), date(2026, 11, 1), date(2026, 12, 1)), False),
    ],
)
def test_a_consent_covers_its_days_and_no_other(consent, covers):
    assert consent.covers(TODAY) is covers


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        (None, None, "good"),
        (date(2026, 1, 1), None, "good"),
        (date(2026, 12, 1), None, "not_yet"),
        (None, date(2026, 11, 26), "over"),
        (None, date(2026, 11, 27), "soon"),
        (None, date(2027, 1, 26), "soon"),
        (None, date(2027, 1, 27), "good"),
    ],
)
def test_an_end_is_seen_sixty_days_before(starts, ends, state):
    assert state_of(starts, ends, TODAY) == state


def test_weeks_follow_from_the_order_of_units():
    units = [{"weeks": 2}, {"weeks": 1}, {}, {"weeks": 3}]
    assert [(first, last) for _unit, first, last in label_weeks(units)] == [
        (1, 2),
        (3, 3),
        (4, 4),
        (5, 7),
    ]
