"""What stands of one person in one session, out of all that was said. The same in any order.

Nothing that was said is deleted here or anywhere: a claim that loses stays in the log, and is named.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

#: How far two devices' minutes of a late or early mark may differ and still agree.
SAME_MINUTES = 10
#: Stronger evidence first among claims that agree.
STRENGTH = {"card": 5, "tap": 4, "all": 3, "desk": 2, "paper": 1}
AWAY = ("excused", "absent")
ELSEWHERE = "elsewhere:"  # begins the name of a presence at another base


@dataclass(frozen=True)
class Claim:
    """One mark. `origin` is who speaks: a device, the desk, a sheet; `order` is its place there.

    `signed`: the person has signed for this session on the same device. `late`: the device had
    been revoked before.
    """

    hash: str
    origin: str
    source: str
    order: tuple[int, str]
    mark: str
    minutes: int
    how: str = "tap"
    signed: bool = False
    late: bool = False

    @property
    def strength(self) -> int:
        return STRENGTH.get(self.how, 0) + (10 if self.signed else 0)


@dataclass(frozen=True)
class Decided:
    """A supervisor's decision, with the claims that it was made in sight of."""

    hash: str
    at: datetime
    mark: str
    minutes: int
    seen: frozenset[str]


@dataclass(frozen=True)
class Settled:
    """`minutes` count only when `why` is empty; `said_minutes` are those before a dispute."""

    mark: str
    said_minutes: int
    why: tuple[str, ...]
    source: str
    basis: tuple[str, ...]
    claims: tuple[str, ...] = field(default=())

    @property
    def minutes(self) -> int:
        return 0 if self.why else self.said_minutes


def words(claims: Iterable[Claim]) -> list[Claim]:
    """The newest claim of each origin, in an order that does not depend on arrival."""
    newest: dict[str, Claim] = {}
    for claim in claims:
        if claim.origin not in newest or newest[claim.origin].order < claim.order:
            newest[claim.origin] = claim
    return sorted(newest.values(), key=lambda each: (-each.strength, each.hash))


def agree(one: Claim | Decided, other: Claim) -> bool:
    if one.mark != other.mark:
        return False
    return one.mark in AWAY or abs(one.minutes - other.minutes) <= SAME_MINUTES


def settle(
    claims: Collection[Claim],
    decisions: Collection[Decided],
    held_minutes: int | None = None,
    clashes: Collection[str] = (),
) -> Settled | None:
    """The mark that stands, or why none does. None when nobody has said anything.

    `clashes` name sessions in which the same person was marked at the same time: `session:<id>` of
    this base, `elsewhere:<digest>` of another. They are nothing to a mark without minutes. Credited
    minutes are never more than were held.
    """
    spoken = words(claims)
    if not spoken and not decisions:
        return None
    latest = max(decisions, key=lambda each: (each.at, each.hash), default=None)
    known = latest.seen if latest else frozenset()
    differ = ""
    if latest:
        if any(claim.hash not in known and not agree(latest, claim) for claim in spoken):
            differ = "said_after_decision"
        mark, minutes, source = latest.mark, latest.minutes, "desk"
        basis: tuple[str, ...] = (latest.hash,)
    else:
        first = spoken[0]
        same = [claim for claim in spoken if agree(first, claim)]
        if len(same) < len(spoken):
            differ = "devices_disagree"
        mark, source = first.mark, first.source
        minutes = min(claim.minutes for claim in same)
        basis = tuple(claim.hash for claim in same)
    if held_minutes is not None and not latest:
        minutes = min(minutes, held_minutes)
    if mark in AWAY:
        minutes = 0
    if not minutes:  # whoever was not here may well have been there
        clashes = ()
    late = any(claim.late and claim.hash not in known for claim in spoken)
    why = [*(["device_revoked"] if late else []), *_places(clashes, known)]
    if differ:
        why.append(differ)
    return Settled(
        mark=mark,
        said_minutes=minutes,
        why=tuple(why),
        source=source,
        basis=basis,
        claims=(*sorted(claim.hash for claim in claims), *sorted(clashes)),
    )


def _places(clashes: Collection[str], known: Collection[str]) -> list[str]:
    """What disputes a mark of somebody who was seen in two places, as far as nobody has decided it."""
    unknown = [clash for clash in clashes if clash not in known]
    here = any(not clash.startswith(ELSEWHERE) for clash in unknown)
    there = any(clash.startswith(ELSEWHERE) for clash in unknown)
    return [*(["two_places"] if here else []), *(["elsewhere"] if there else [])]


def capped(minutes_by_day: Iterable[tuple[str, str, int]], most_a_day: int) -> dict[str, int]:
    """Minutes by kind out of (day, kind, minutes) in the order of the sessions, no more a day than
    the rule set allows.
    """
    left: dict[str, int] = {}
    found: dict[str, int] = {}
    for day, kind, minutes in minutes_by_day:
        counted = min(minutes, left.setdefault(day, most_a_day))
        left[day] -= counted
        found[kind] = found.get(kind, 0) + counted
    return found
