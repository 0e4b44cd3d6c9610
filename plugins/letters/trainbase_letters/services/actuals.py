"""Actual numbers: counted from the ledgers of the centre's bases, never typed.

A base whose ledger cannot be read is named, and then no assessment is made: a sum without it would
be too small.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from lms.plugin import bases_of, in_tenant, ledger
from trainbase_letters import rules

log = logging.getLogger("trainbase.letters")
KEPT = 600  # seconds that the board may be behind


@dataclass(frozen=True)
class Actuals:
    year: int
    tally: rules.Tally
    as_of: datetime
    unread: tuple[str, ...] = ()

    @cached_property
    def keys(self) -> list[tuple[str, str]]:
        return sorted(self.tally)

    def of(self, scope: Iterable[rules.Clause]) -> rules.Counts:
        return rules.measure(scope, self.tally, self.keys)


def actuals(year: int, fresh: bool = False) -> Actuals:
    """What all bases have recorded of `year`; at most ten minutes old, or of this moment."""
    key = f"letters.actuals.{year}"
    found = None if fresh else cache.get(key)
    if found is None:
        found = _count(year)
        cache.set(key, found, KEPT if not found.unread else 30)
    return found


def _count(year: int) -> Actuals:
    """Asks for classes of all years before too: a certificate or a job may come years later."""
    tally: rules.Tally = {}
    unread = []
    for base in list(bases_of()):
        try:
            with in_tenant(base), transaction.atomic():
                lines = ledger(date(rules.FIRST_YEAR, 1, 1), date(year, 12, 31))
        except Exception:
            log.exception("the ledger of %s cannot be read", base)
            unread.append(base.name)
        else:
            rules.add_lines(tally, lines, year)
    return Actuals(year, tally, timezone.now(), tuple(unread))
