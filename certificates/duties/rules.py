"""When somebody is called, who is called again, and whether the next class of a trade may open. Pure.

Percents are compared as whole numbers: 80 % of 5 is 4 exactly, and nobody loses a class to rounding.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from certificates.rules.employment import HIRED, VALUES, WORK
from tenants.verdict import Verdict

#: What a call came to.
RESULTS = ("reached", "no_answer", "wrong_number", "refused")
#: Days ahead that a list calls "soon".
SOON = 7
#: Nobody is put off longer than that: a next call further away would hide an overdue duty.
LONGEST_WAIT = 60
#: Beginnings of one job may differ by so many days between two tellings of it.
SAME_START = 31


# Calls


def next_call(result: str, known: bool, misses: int, today: date) -> date | None:
    """The day that is proposed for the next call; None when the call has brought knowledge.

    `misses` are calls in a row, this one included, that reached nobody.
    """
    if result == "reached":
        return None if known else today + timedelta(days=7)
    if result == "no_answer":
        return today + timedelta(days=3 if misses < 3 else 7 if misses < 6 else 30)
    return today + timedelta(days=7 if result == "wrong_number" else 30)


def fault_of_next_call(day: date, today: date) -> str:
    """What is wrong with a day that somebody has chosen; empty when nothing is."""
    if day <= today:
        return "下次回访日期应在今天之后 / the next call lies after today"
    if day > today + timedelta(days=LONGEST_WAIT):
        return f"下次回访最迟在 {LONGEST_WAIT} 天内 / call again within {LONGEST_WAIT} days"
    return ""


@dataclass(frozen=True)
class Duty:
    """One duty of a person that is still open."""

    key: int
    person: int
    due_on: date
    next_call_on: date | None = None

    @property
    def call_on(self) -> date:
        """A next call puts a duty off, and never before its day."""
        return max(self.due_on, self.next_call_on or self.due_on)


def state_of(call_on: date, today: date) -> str:
    """`overdue`, `today`, `soon` or `later`."""
    if call_on < today:
        return "overdue"
    if call_on == today:
        return "today"
    return "soon" if call_on <= today + timedelta(days=SOON) else "later"


@dataclass(frozen=True)
class Line:
    """A person with everything that is open: one call answers all of it."""

    person: int
    duties: tuple[Duty, ...]
    call_on: date
    state: str


def folded(duties: Iterable[Duty], today: date) -> list[Line]:
    """One line a person, whoever waits longest first."""
    by_person: dict[int, list[Duty]] = {}
    for duty in duties:
        by_person.setdefault(duty.person, []).append(duty)
    lines = []
    for person, own in by_person.items():
        own.sort(key=lambda duty: (duty.call_on, duty.key))
        first = own[0].call_on
        lines.append(Line(person, tuple(own), first, state_of(first, today)))
    return sorted(lines, key=lambda line: (line.call_on, line.person))


# Sample checks


def quota(percent: int, people: int) -> int:
    """How many of a class are called again: the share, rounded up; at least one, unless it is 0 %."""
    if percent <= 0 or people <= 0:
        return 0
    return min(people, max(1, -(-percent * people // 100)))


def drawn(seed: str, numbers: Sequence[str], count: int) -> list[str]:
    """The first `count` by the SHA-256 of seed and number: anybody can draw the same again."""

    def lot(number: str) -> str:
        return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()

    return sorted(numbers, key=lot)[:count]


def same_person(one: str, other: str) -> bool:
    """Two accounts of one name: at a small base and its centre that is one person."""
    return bool(_plain(one)) and _plain(one) == _plain(other)


@dataclass(frozen=True)
class Version:
    """What one side says of a person."""

    kind: str
    employer: str = ""
    started_on: date | None = None


def differences(base: Version | None, centre: Version) -> tuple[str, ...]:
    """What the two versions differ in: `missing` (the base has said nothing), `value` (work or none),
    `kind`, `employer`, `start`. Empty when they agree, and when the call brought no knowledge.
    """
    if centre.kind not in VALUES:
        return ()
    if base is None or base.kind not in VALUES:
        return ("missing",)
    found = []
    if VALUES[base.kind] != VALUES[centre.kind]:
        found.append("value")
    elif base.kind != centre.kind:
        found.append("kind")
    if {base.kind, centre.kind} <= HIRED and _plain(base.employer) != _plain(centre.employer):
        found.append("employer")
    if (
        {base.kind, centre.kind} <= WORK
        and base.started_on
        and centre.started_on
        and abs((base.started_on - centre.started_on).days) > SAME_START
    ):
        found.append("start")
    return tuple(found)


def _plain(text: str) -> str:
    """Without what people write in two ways: width, case, blanks, brackets, the company's form."""
    found = unicodedata.normalize("NFKC", text).casefold()
    found = "".join(letter for letter in found if letter.isalnum())
    for form in ("有限责任公司", "股份有限公司", "有限公司"):
        found = found.removesuffix(form)
    return found


# The gate


@dataclass(frozen=True)
class Terms:
    """Numbers of the rule set in force. `mode`: off, warn, refuse."""

    mode: str
    known_percent: int
    employed_percent: int
    after_days: int
    window_days: int
    source: str


def counts(issued_on: date, on: date, terms: Terms) -> bool:
    """Whether a certificate is old enough to be asked for, and not too old. Both days count."""
    return terms.after_days <= (on - issued_on).days <= terms.window_days


def gate(values: Sequence[str], overdue: int, terms: Terms) -> list[Verdict]:
    """What a trade's past says of its next class.

    `values` are those of `Destination.value`, of each certificate that counts. Known is whatever is
    not `unknown`; employed is a share of the known ones, so that unknown is never counted as
    unemployed, and the first share alone answers for it. `overdue` are duties whose day of the next
    call has passed.
    """
    if terms.mode == "off":
        return []
    known = [value for value in values if value != "unknown"]
    found = []
    if values:
        found.append(_known(len(known), len(values), terms))
    if known:
        found.append(_employed(known.count("employed"), len(known), terms))
    found.append(
        Verdict(
            "gate_overdue",
            overdue == 0,
            f"{overdue}",
            "0",
            terms.source,
            f"该工种有 {overdue} 项回访逾期" + ("，请先打电话" if overdue else ""),
            f"{overdue} follow-up duties of the trade are overdue"
            + (": make the calls first" if overdue else ""),
        )
    )
    return found


def _known(known: int, of: int, terms: Terms) -> Verdict:
    ok = known * 100 >= terms.known_percent * of
    share = percent(known, of)
    return Verdict(
        "gate_known",
        ok,
        f"{known}/{of} ({share})",
        f"{terms.known_percent}%",
        terms.source,
        f"去向已知 {known}/{of}（{share}），要求 {terms.known_percent}%"
        + ("" if ok else "，请先回访去向未知的人"),
        f"outcome known of {known}/{of} ({share}), {terms.known_percent}% required"
        + ("" if ok else ": call those whose outcome is unknown"),
    )


def _employed(employed: int, known: int, terms: Terms) -> Verdict:
    ok = employed * 100 >= terms.employed_percent * known
    share = percent(employed, known)
    return Verdict(
        "gate_employed",
        ok,
        f"{employed}/{known} ({share})",
        f"{terms.employed_percent}%",
        terms.source,
        f"去向已知者中就业 {employed}/{known}（{share}），要求 {terms.employed_percent}%"
        + ("" if ok else "，请推荐岗位或向中心说明"),
        f"employed {employed}/{known} of the known ({share}), {terms.employed_percent}% required"
        + ("" if ok else ": find posts for them, or explain it to the centre"),
    )


def percent(part: int, of: int) -> str:
    """To one decimal, cut off: what misses 80 % is never shown as 80.0 %."""
    return f"{part * 1000 // of / 10:.1f}%"
