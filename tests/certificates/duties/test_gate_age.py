"""How old a certificate is when the gate looks back at it."""

import pytest
from django.core.exceptions import ValidationError

from tests.certificates.duties.gating import done, opened, rule_set
from tests.certificates.duties.scene import certified


def test_certificates_that_are_too_young_or_too_old_do_not_count(north):
    rule_set(gate="refuse", gate_after_days=90, gate_window_days=200)
    for n, days in enumerate((89, 201)):
        done(certified(code=f"T-{n}", people=1, seed=n + 1, days_ago=days))
    opened()
    done(certified(code="T-8", people=1, seed=8, days_ago=90))
    with pytest.raises(ValidationError, match="0/1"):
        opened("NEXT-02")
