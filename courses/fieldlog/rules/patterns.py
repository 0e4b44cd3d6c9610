"""Whether marks look like those that people make. Pure: what a phone wrote in, a word out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

WINDOW = timedelta(minutes=1)
#: The most of each that people can make within a minute. A mark by tap needs a name to be read, an
#: answer, and a look: two seconds at least (the app aims at forty people in three minutes). A card is
#: passed under the camera in a second. A name is not written by finger in less than three.
MOST_A_MINUTE = {"tap": 30, "card": 60, "signature": 20}
#: People do not keep time to a fifth of a second over ten marks.
FEWEST_IN_RHYTHM = 10
SAME_INTERVAL = timedelta(milliseconds=200)
#: The same roll in the same order is honest; the same within a second of each of eight marks is not.
FEWEST_IN_PATTERN = 8
SAME_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Touch:
    """One thing that a person did on a phone, in the phone's own time."""

    at: datetime
    how: str  # a key of MOST_A_MINUTE
    person: str
    mark: str = ""


def busiest(touches: Iterable[Touch], how: str) -> int:
    """The most of a kind within any minute. Two marks of one person are two."""
    times = sorted(each.at for each in touches if each.how == how)
    most = first = 0
    for last, time in enumerate(times):
        while time - times[first] >= WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return most


def too_fast(touches: Sequence[Touch]) -> str:
    """`45 tap` for the kind that is farthest above its bound, or nothing."""
    over = [
        (most - bound, most, how)
        for how, bound in MOST_A_MINUTE.items()
        if (most := busiest(touches, how)) > bound
    ]
    return f"{max(over)[1]} {max(over)[2]}" if over else ""


def in_rhythm(touches: Sequence[Touch]) -> bool:
    """Whether at least ten marks by tap follow each other at one interval."""
    times = sorted(each.at for each in touches if each.how == "tap")
    if len(times) < FEWEST_IN_RHYTHM:
        return False
    steps = [later - earlier for earlier, later in pairwise(times)]
    return max(steps) - min(steps) <= SAME_INTERVAL


def is_copy(one: Sequence[Touch], other: Sequence[Touch]) -> bool:
    """Whether both give the same people the same marks in the same order at the same moments, counted
    from the first. The same both ways round.
    """
    mine, theirs = _told(one), _told(other)
    if len(mine) < FEWEST_IN_PATTERN or len(mine) != len(theirs):
        return False
    return all(
        (a.person, a.mark) == (b.person, b.mark)
        and abs((a.at - mine[0].at) - (b.at - theirs[0].at)) <= SAME_MOMENT
        for a, b in zip(mine, theirs, strict=True)
    )


def _told(touches: Sequence[Touch]) -> list[Touch]:
    marks = [each for each in touches if each.how != "signature"]
    return sorted(marks, key=lambda each: (each.at, each.person, each.mark))
