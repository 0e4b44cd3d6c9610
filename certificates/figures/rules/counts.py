"""How one enrolment is counted: in which columns, and under which headings. Pure.

A figure is a number of enrolments under one heading of one base: no name, no key of a person. What
changes is added as a difference, so that figures which are kept and figures which are counted anew
are the same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from certificates.rules.employment import EVIDENCE

#: Steps of the chain, each within the one before; then what came of the certified, apart from each other.
CHAIN = ("enrolled", "trained", "qualified", "certified")
CAME_OF_IT = ("employed", "unknown", "unemployed", "studying", "not_seeking")
STEPS = (*CHAIN, *CAME_OF_IT)
#: The kinds of work of those who are employed.
KINDS = ("local", "outward", "overseas", "self_employed", "flexible")
WORK = tuple(f"work_{kind}" for kind in KINDS)
#: The evidence of what is known, and that of the employed among it.
KNOWN = tuple(f"known_{each}" for each in EVIDENCE)
PROVED = tuple(f"employed_{each}" for each in EVIDENCE)
COLUMNS = (*STEPS, *WORK, *KNOWN, *PROVED)

#: Headings of those whose class ended in the year.
COHORT = ("total", "trade", "township", "class", "month", "programme", "place")
#: The heading of the monthly report: what happened in a month, by township.
REPORT = "report"

Counts = Counter[str]
#: Year, dimension, key.
Heading = tuple[int, str, str]


@dataclass(frozen=True)
class Stand:
    """Where one enrolment stands, with all that decides where it is counted.

    `township` are the nine digits of the trainee's own, or else of the class's. `value`, `kind` and
    `evidence` are of the outcome that counts; `place` is the prefecture of the work, four digits.
    `certified_on` is the day of the first version of the certificate, `employed_on` the first day on
    which the holder was both certified and at work.
    """

    ended_on: date
    trade: str
    township: str
    class_code: str
    programme: str
    reached: str
    value: str = ""
    kind: str = ""
    evidence: str = ""
    place: str = ""
    certified_on: date | None = None
    employed_on: date | None = None


def counts_of(stand: Stand) -> Counts:
    """The columns in which it is counted, once in each."""
    found = Counter(CHAIN[: CHAIN.index(stand.reached) + 1])
    if stand.reached != "certified":
        return found
    found[stand.value] += 1
    if stand.value != "unknown":
        found[f"known_{stand.evidence}"] += 1
    if stand.value == "employed":
        found[f"work_{stand.kind}"] += 1
        found[f"employed_{stand.evidence}"] += 1
    return found


def headings_of(stand: Stand) -> dict[Heading, Counts]:
    """Every heading under which it is counted."""
    counts, year = counts_of(stand), stand.ended_on.year
    found = {
        (year, "total", ""): counts,
        (year, "trade", stand.trade): counts,
        (year, "township", stand.township): counts,
        (year, "class", stand.class_code): counts,
        (year, "month", f"{stand.ended_on:%Y-%m}"): counts,
        (year, "programme", stand.programme): counts,
    }
    if counts["employed"]:
        found[(year, "place", stand.place)] = counts
    for day, columns in (
        (stand.ended_on if counts["trained"] else None, ("trained",)),
        (stand.certified_on, ("certified",)),
        (stand.employed_on, ("employed", *WORK, *PROVED)),
    ):
        if day is not None:
            heading = (day.year, REPORT, f"{day:%Y-%m} {stand.township}")
            happened = Counter({name: counts[name] for name in columns if counts[name]})
            found[heading] = found.get(heading, Counter()) + happened
    return found


def difference(
    changes: Iterable[tuple[Stand | None, Stand | None]],
) -> dict[Heading, dict[str, int]]:
    """What to add under each heading, when each first of a pair becomes the second."""
    found: dict[Heading, Counts] = {}
    people: Counter[Stand] = Counter()  # a whole class stands at the same few places
    for before, after in changes:
        for stand, sign in ((before, -1), (after, 1)):
            if stand:
                people[stand] += sign
    for stand, times in people.items():
        for heading, counts in headings_of(stand).items() if times else ():
            here = found.setdefault(heading, Counter())
            for name, number in counts.items():
                here[name] += times * number
    kept = {heading: {n: c for n, c in counts.items() if c} for heading, counts in found.items()}
    return {heading: counts for heading, counts in kept.items() if counts}


@dataclass(frozen=True)
class Rate:
    """A share that says of what: numerator, denominator, and the evidence of the numerator."""

    name: str
    over: int
    of: int
    evidence: tuple[tuple[str, int], ...] = ()

    @property
    def percent(self) -> float | None:
        """One decimal; None of nobody."""
        return round(100 * self.over / self.of, 1) if self.of else None


def rates_of(counts: Mapping[str, int]) -> list[Rate]:
    """Unknown is in the denominator of the employed, and it is nobody's unemployment."""

    def mix(columns: Iterable[str]) -> tuple[tuple[str, int], ...]:
        return tuple((name, counts.get(name, 0)) for name in columns)

    known = counts.get("certified", 0) - counts.get("unknown", 0)
    return [
        Rate("trained", counts.get("trained", 0), counts.get("enrolled", 0)),
        Rate("qualified", counts.get("qualified", 0), counts.get("trained", 0)),
        Rate("certified", counts.get("certified", 0), counts.get("qualified", 0)),
        Rate("known", known, counts.get("certified", 0), mix(KNOWN)),
        Rate("employed", counts.get("employed", 0), counts.get("certified", 0), mix(PROVED)),
    ]


#: Where people are lost: from which column to which.
LOSSES = (
    ("enrolled", "trained"),
    ("trained", "qualified"),
    ("qualified", "certified"),
    ("certified", "employed"),
)


@dataclass(frozen=True)
class Reason:
    """The step at which a group falls farthest behind, or ahead of, all groups together.

    `lost` of `of` were lost there, `usual` percent of all are; `people` is how many more than usual.
    """

    step: str
    lost: int
    of: int
    usual: float
    people: float


def reason_of(counts: Mapping[str, int], mean: Mapping[str, int], worst: bool) -> Reason | None:
    """The step that moves the group away from the mean the most, in people. None when none does."""
    found = []
    for before, after in LOSSES:
        of, lost = counts[before], counts[before] - counts[after]
        if of and mean[before]:
            usual = (mean[before] - mean[after]) / mean[before]
            found.append(Reason(after, lost, of, round(100 * usual, 1), lost - usual * of))
    found = [each for each in found if (each.people > 0) is worst and round(each.people, 1)]
    if not found:
        return None
    return max(found, key=lambda each: abs(each.people))
