"""Whether what is written may still be shown, or still holds."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

#: Days before an end on which whoever publishes is told of it.
SOON = 60
State = Literal["not_yet", "good", "soon", "over"]


@dataclass(frozen=True)
class Consent:
    """What somebody has allowed: from and until a day (both included), unless taken back."""

    given_on: date
    until: date
    withdrawn_on: date | None = None

    @property
    def last_day(self) -> date:
        """The last day on which the story may be shown; the day of a withdrawal is none."""
        if self.withdrawn_on is None:
            return self.until
        return min(self.until, date.fromordinal(self.withdrawn_on.toordinal() - 1))

    def covers(self, today: date) -> bool:
        return self.given_on <= today <= self.last_day


def state_of(starts: date | None, ends: date | None, today: date) -> State:
    """How something that holds from `starts` to `ends` (both included, None is open) stands today."""
    if ends is not None and ends < today:
        return "over"
    if starts is not None and starts > today:
        return "not_yet"
    if ends is not None and (ends - today).days <= SOON:
        return "soon"
    return "good"
