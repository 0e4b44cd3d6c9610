"""When a class's time is over, and what a list of what goes is called. Pure.

Years come from the rule set that the class pinned: the archive's term runs from its last day.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


def expires_on(ends_on: date, years: int) -> date:
    """The last day on which everything is kept."""
    try:
        return ends_on.replace(year=ends_on.year + years)
    except ValueError:  # 29 February
        return date(ends_on.year + years, 3, 1)


def is_over(ends_on: date, years: int, today: date) -> bool:
    return today > expires_on(ends_on, years)


@dataclass(frozen=True)
class Plan:
    """What goes, by the keys of its rows; `pictures` by the hashes of their files.

    `people` lose number, last four places, phone, sex and village; `photos` are of enrolments, `walk_ins`
    readings of the field log, `rosters` uploaded files, `applications` for a course lose the same and the digest.
    """

    classes: Sequence[int] = ()
    people: Sequence[int] = ()
    photos: Sequence[int] = ()
    rosters: Sequence[int] = ()
    walk_ins: Sequence[int] = ()
    pictures: Sequence[str] = ()
    applications: Sequence[int] = ()
    names: Mapping[str, Sequence[str]] = field(default_factory=dict, compare=False)

    @property
    def keys(self) -> dict[str, list[int] | list[str]]:
        """Without names: what is written down of a deletion."""
        return {
            "classes": sorted(self.classes),
            "people": sorted(self.people),
            "photos": sorted(self.photos),
            "rosters": sorted(self.rosters),
            "walk_ins": sorted(self.walk_ins),
            "pictures": sorted(self.pictures),
            "applications": sorted(self.applications),
        }

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(keys) for name, keys in self.keys.items()}

    @property
    def is_empty(self) -> bool:
        return not any(n for name, n in self.counts.items() if name != "classes")

    @property
    def digest(self) -> str:
        """SHA-256 over the keys: whoever confirms it has seen just this list."""
        text = json.dumps(self.keys, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
