"""Pure rules of assessment: draw, order, grade, agree, retake. No ORM, no request.

Draw and order are by SHA-256 of a recorded seed: the same seed gives the same paper for ever, with
any version of Python.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from courses.rules import fold_width
from tenants.verdict import Verdict

SINGLE, MULTIPLE, JUDGE = "single", "multiple", "judge"
LETTERS = "ABCDEF"
#: What people write for right and wrong; judge questions keep A for right and B for wrong.
RIGHT = {"对", "正确", "是", "√", "✓", "t", "true", "yes", "y", "1", "a"}
WRONG = {"错", "错误", "否", "×", "✕", "✗", "x", "f", "false", "no", "n", "0", "b"}
#: Seconds after the end in which what is on its way still counts.
GRACE = timedelta(seconds=20)


@dataclass(frozen=True)
class InBank:
    key: int
    kind: str
    topic: str


@dataclass(frozen=True)
class Want:
    """A line of a blueprint: `count` questions of a kind; an empty topic is any topic."""

    kind: str
    topic: str
    count: int


@dataclass(frozen=True)
class Short:
    """A line that the bank cannot fill: there are only `found`, without those of other lines."""

    want: Want
    found: int


@dataclass(frozen=True)
class Item:
    """A line of a practice checklist. Who fails a critical one has failed, whatever the points."""

    title: str
    points: int
    critical: bool = False


@dataclass(frozen=True)
class Look:
    """What one examiner saw: a score of 100, and whether a critical item was failed."""

    score: Decimal
    failed: bool = False


@dataclass(frozen=True)
class Practice:
    """`needs` more looks; with none needed `score` counts."""

    needs: int
    score: Decimal | None = None
    failed: bool = False


def _rank(*parts: object) -> bytes:
    return hashlib.sha256("|".join(map(str, parts)).encode()).digest()


def drawn(
    seed: str, wants: Sequence[Want], bank: Iterable[InBank]
) -> tuple[list[list[int]], list[Short]]:
    """The keys for each line, none twice, and the lines that are short.

    Lines of one topic are filled before those of any topic, which would take theirs away.
    """
    left = {each.key: each for each in bank}
    found: list[list[int]] = [[] for _ in wants]
    short = []
    for place in sorted(range(len(wants)), key=lambda n: (not wants[n].topic, n)):
        want = wants[place]
        fit = [q for q in left.values() if q.kind == want.kind and want.topic in ("", q.topic)]
        fit.sort(key=lambda q: _rank(seed, "draw", q.key))
        if len(fit) < want.count:
            short.append(Short(want, len(fit)))
        found[place] = [q.key for q in fit[: want.count]]
        for key in found[place]:
            del left[key]
    return found, short


def order(seed: str, who: str, keys: Iterable[int]) -> list[int]:
    """The questions as `who` reads them: an examinee, or a printed variant."""
    return sorted(keys, key=lambda key: _rank(seed, "order", who, key))


def option_order(seed: str, who: str, key: int, kind: str, letters: str) -> str:
    """The options of a question as `who` reads them; right and wrong stay as they are."""
    if kind == JUDGE:
        return letters
    return "".join(sorted(letters, key=lambda letter: _rank(seed, "option", who, key, letter)))


def read_answer(text: str, kind: str, letters: str) -> str:
    """What was typed as sorted letters, "" for nothing. Raises ValueError for what is no answer."""
    plain = re.sub(r"[\s,，、;；/.。]+", "", fold_width(text)).lower()
    if not plain:
        return ""
    if kind == JUDGE:
        if plain in RIGHT:
            return "A"
        if plain in WRONG:
            return "B"
        raise ValueError(text)
    chosen = sorted(set(plain.upper()))
    if not set(chosen) <= set(letters) or (kind == SINGLE and len(chosen) > 1):
        raise ValueError(text)
    return "".join(chosen)


def as_printed(answer: str, shown: str) -> str:
    """Canonical letters as those that a reader of the order `shown` sees."""
    return "".join(sorted(LETTERS[shown.index(letter)] for letter in answer))


def from_printed(answer: str, shown: str) -> str:
    """The other way round."""
    return "".join(sorted(shown[LETTERS.index(letter)] for letter in answer))


def of_100(got: Decimal, total: Decimal) -> Decimal:
    """Points as a score of 100 with one decimal."""
    return (100 * got / total).quantize(Decimal("0.1"), ROUND_HALF_UP) if total else Decimal("0.0")


def graded(rows: Iterable[tuple[str, str, int]]) -> tuple[int, int]:
    """(points got, points in all) of rows (right answer, chosen, points). All of it or nothing."""
    got = total = 0
    for right, chosen, points in rows:
        total += points
        got += points if chosen == right else 0
    return got, total


def is_late(ends_at: datetime, now: datetime) -> bool:
    return now > ends_at + GRACE


def look_of(items: Sequence[Item], got: Sequence[int], failed: Iterable[int]) -> Look:
    """Raises ValueError for points that an item does not have."""
    if len(got) != len(items) or any(not 0 <= p <= i.points for p, i in zip(got, items)):
        raise ValueError("points outside of an item")
    score = of_100(Decimal(sum(got)), Decimal(sum(item.points for item in items)))
    return Look(score, any(items[n].critical for n in failed))


def agreed(looks: Sequence[Look], wanted: int, gap: int) -> Practice:
    """What the examiners' looks come to, in the order in which they looked.

    Two who differ by more than `gap`, or of whom one saw a critical item failed, need a third: then
    the third and the nearer of the first two count, and the third decides about critical items.
    """
    if len(looks) < wanted:
        return Practice(wanted - len(looks))
    if wanted == 1:
        return Practice(0, looks[0].score, looks[0].failed)
    first, second = looks[:2]
    if abs(first.score - second.score) <= gap and first.failed == second.failed:
        return Practice(0, _mean(first.score, second.score), first.failed)
    if len(looks) < 3:
        return Practice(1)
    third = looks[2]
    nearer = min((first, second), key=lambda each: abs(each.score - third.score))
    return Practice(0, _mean(nearer.score, third.score), third.failed)


def _mean(one: Decimal, other: Decimal) -> Decimal:
    return ((one + other) / 2).quantize(Decimal("0.1"), ROUND_HALF_UP)


def counted(score: Decimal, failed: bool, pass_mark: int) -> Decimal:
    """A failed critical item keeps the score below the pass mark."""
    return min(score, Decimal(max(pass_mark - 1, 0))) if failed else score


def may_sit(used: int, passed: bool, retakes: int, source: str) -> Verdict:
    """Whether somebody may sit a part again: `used` are the sittings that counted."""
    ok = not passed and used <= retakes
    if passed:
        zh, en = "这部分已经及格，不用再考", "this part is passed already"
    elif not ok:
        zh = f"已考 {used} 次，最多补考 {retakes} 次"
        en = f"sat {used} times, and at most {retakes} retakes"
    else:
        zh, en = "可以参加", "may sit"
    return Verdict("retake", ok, str(used), str(1 + retakes), source, zh, en)


def examiner(who: int, trainer: int, apart: bool, source: str) -> Verdict:
    """Nobody examines the class that they taught, where the policy says so."""
    ok = not apart or who != trainer
    return Verdict(
        rule="examiner_is_not_trainer",
        ok=ok,
        value=str(who),
        threshold=f"≠ {trainer}" if apart else "—",
        source=source,
        zh="考评人不是本班教师" if ok else "考评人不能是本班教师，请换一位考评人",
        en="the examiner is not the class's trainer"
        if ok
        else "the examiner is the class's trainer: choose somebody else",
    )
