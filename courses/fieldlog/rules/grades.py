"""Flags and trust grade of a session's log: the same for the same facts, in whatever order they came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from courses.fieldlog.rules.flags import GRAVE, LITTLE, MUCH, Flag, weight_of
from courses.fieldlog.rules.patterns import Touch, in_rhythm, is_copy, too_fast
from courses.fieldlog.rules.places import VAGUE, Spot, metres_too_far

#: A trip takes some days, and its phone is handed in within the week.
LATE = timedelta(days=7)
#: Lists are taken along before each trip; a fortnight is more than one.
OLD_PACK = timedelta(days=14)
#: Weather and roads move a session by hours; a half day is another session.
OFF_PLAN = timedelta(hours=4)
SHORT_PERCENT = 80  # of the planned minutes
#: So many small questions are a large one.
MANY = 4


@dataclass(frozen=True)
class Called:
    """One roll call: how many were asked and here, and how many marks contradict it."""

    asked: int
    here: int
    contradicted: int


@dataclass(frozen=True)
class Evidence:
    """What is known of how a session was recorded. Counts are of people unless they say other.

    `sources` are those of what the mark of each person who counts rests on: the strongest word, or a
    decision, which is the desk's. `photos` are those that have arrived and are pictures. `touches` are of each
    phone; `others` are those of the same phone in other sessions of the class. `packs` are how old
    each phone's list was.
    """

    sources: frozenset[str] = frozenset()
    phone: bool = False
    closed: bool = True
    countersigned: bool = False
    clock_wrong: bool = False
    chain_wrong: bool = False
    chain_forked: bool = False
    revoked: bool = False
    present: int = 0
    disputed: int = 0
    two_places: int = 0
    elsewhere: int = 0
    walk_ins: int = 0
    headcount: int | None = None
    planned_minutes: int = 0
    held_minutes: int | None = None
    photos: int = 0
    photos_missing: int = 0
    photos_no_picture: int = 0
    photos_twice: int = 0
    photos_elsewhere: int = 0
    signatures_repeated: int = 0
    numbers_missing: int = 0
    opened_by: int = 1
    same_slot: tuple[str, ...] = ()
    trainer_at: tuple[str, ...] = ()
    trainer_elsewhere: int = 0  # sessions of other bases
    planned_at: datetime | None = None
    begun_at: datetime | None = None
    first_arrival: datetime | None = None
    held_on: date | None = None
    class_days: tuple[date, date] | None = None
    in_season: bool = True
    designated: str = ""  # why not, as a code; empty when it was
    packs: tuple[timedelta, ...] = ()
    village: Spot | None = None
    spots: tuple[Spot, ...] = ()
    roll_calls: tuple[Called, ...] = ()
    touches: tuple[tuple[Touch, ...], ...] = ()
    others: tuple[tuple[str, tuple[Touch, ...]], ...] = field(default=())


def flags_of(evidence: Evidence) -> list[Flag]:
    """Every question that the evidence raises, in the order of their codes."""
    found = [
        *_of_log(evidence),
        *_of_people(evidence),
        *_of_time(evidence),
        *_of_pictures(evidence),
        *_of_place(evidence),
        *_of_touches(evidence),
    ]
    return sorted([code, detail] for code, detail in found)


Found = Iterable[tuple[str, str]]


def _of_log(e: Evidence) -> Found:
    for code, is_so in (
        ("chain_wrong", e.chain_wrong),
        ("chain_forked", e.chain_forked),
        ("clock_wrong", e.clock_wrong),
        ("device_revoked", e.revoked),
        ("not_closed", e.phone and not e.closed),
    ):
        if is_so:
            yield code, ""
    if e.numbers_missing:
        yield "numbers_missing", str(e.numbers_missing)
    if e.opened_by > 1:
        yield "opened_twice", str(e.opened_by)
    if old := [age for age in e.packs if age > OLD_PACK]:
        yield "stale_pack", f"{max(old).days} d"


def _of_people(e: Evidence) -> Found:
    for code, count in (
        ("disputed", e.disputed),
        ("impossible_presence", e.two_places),
        ("present_elsewhere", e.elsewhere),
        ("walk_ins_waiting", e.walk_ins),
    ):
        if count:
            yield code, str(count)
    if e.headcount is not None and e.headcount != e.present + e.walk_ins:
        yield "headcount_differs", f"{e.headcount} / {e.present + e.walk_ins}"
    if e.same_slot:
        yield "same_slot", "、".join(e.same_slot)
    if e.trainer_at:
        yield "trainer_two_places", "、".join(e.trainer_at)
    if e.trainer_elsewhere:
        yield "trainer_elsewhere", str(e.trainer_elsewhere)
    if missed := sum(each.contradicted for each in e.roll_calls):
        yield "roll_call_missed", str(missed)
    if any(each.asked and not each.here for each in e.roll_calls):
        yield "roll_call_unanswered", ""


def _of_time(e: Evidence) -> Found:
    if e.begun_at and e.first_arrival and e.first_arrival - e.begun_at > LATE:
        yield "late_sync", f"{(e.first_arrival - e.begun_at).days} d"
    if e.begun_at and e.planned_at and abs(e.begun_at - e.planned_at) > OFF_PLAN:
        yield "not_as_planned", f"{abs(e.begun_at - e.planned_at) // timedelta(hours=1)} h"
    if e.held_minutes is not None and 100 * e.held_minutes < SHORT_PERCENT * e.planned_minutes:
        yield "closed_short", f"{e.held_minutes} / {e.planned_minutes}"
    if e.held_on and e.class_days and not e.class_days[0] <= e.held_on <= e.class_days[1]:
        yield "outside_class_dates", str(e.held_on)
    if not e.in_season:
        yield "outside_season", str(e.held_on or "")
    if e.designated:
        yield "outside_designation", e.designated


def _of_pictures(e: Evidence) -> Found:
    if not e.photos and not e.photos_missing and not e.photos_no_picture:
        yield "no_photo", ""
    for code, count in (
        ("photo_missing", e.photos_missing),
        ("no_picture", e.photos_no_picture),
        ("photo_twice", e.photos_twice),
        ("photo_repeated", e.photos_elsewhere),
        ("signature_repeated", e.signatures_repeated),
    ):
        if count:
            yield code, str(count)


def _of_place(e: Evidence) -> Found:
    if not e.phone:
        return
    if not e.spots:
        yield "no_position", ""
        return
    sharp = [spot for spot in e.spots if spot.accuracy <= VAGUE]
    if not sharp:
        yield "position_vague", ""
    elif e.village is not None:
        village = e.village
        if far := min(metres_too_far(village, spot) for spot in sharp):
            yield "far_from_village", f"{max(far // 1000, 1)} km"


def _of_touches(e: Evidence) -> Found:
    if fast := sorted(found for each in e.touches if (found := too_fast(each))):
        yield "too_fast", "、".join(fast)
    if any(in_rhythm(each) for each in e.touches):
        yield "same_rhythm", ""
    copies = {name for name, told in e.others for mine in e.touches if is_copy(mine, told)}
    if copies:
        yield "copied_pattern", "、".join(sorted(copies))


def grade_of(evidence: Evidence, flags: Sequence[Flag]) -> str:
    return judged(evidence, flags)[0]


def judged(evidence: Evidence, flags: Sequence[Flag]) -> tuple[str, list[str]]:
    """The grade, and the codes that it rests on: flags, and what the marks were written on.

    D: something grave has to be explained. C: one large question or many small ones; or desk or
    uncountersigned paper, which nobody else has witnessed. B: a small question, or countersigned
    paper. A: phones alone, and nothing to ask.
    """
    by_weight: dict[int, list[str]] = {}
    for flag in flags:
        by_weight.setdefault(weight_of(flag), []).append(flag[0])
    written = [f"source_{each}" for each in sorted(evidence.sources - {"phone"})]
    alone = [w for w in written if w != "source_paper" or not evidence.countersigned]
    small = by_weight.get(LITTLE, [])
    if GRAVE in by_weight:
        return "D", by_weight[GRAVE]
    if MUCH in by_weight or alone or len(small) >= MANY:
        return "C", [*by_weight.get(MUCH, []), *alone, *(small if len(small) >= MANY else [])]
    if small or written:
        return "B", [*small, *(["countersigned"] if written else [])]
    return "A", []
