"""True or false: receipt numbers, the 24-hour clock, what may follow what, what may be written.

Pure: facts in, `Verdict` or plain values out; no database, no request.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lms.plugin import Verdict

#: Without 0 O 1 I L, which are misread on paper and misheard on the phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12  # 31**12 is 59 bits; who asks is counted as well
TEXT_LIMIT = 5000  # characters of a complaint
ANSWER_LIMIT = 1000  # characters of an answer, an opinion, a reason
ANSWERED, OPINION = "answered", "opinion"
SATISFACTIONS = ("satisfied", "partly", "not", "unreached")
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}")
LAST4 = re.compile(r"[0-9]{3}[0-9X]")
RESIDENT_ID = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


def new_number() -> str:
    """A receipt number that cannot be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_number(typed: str) -> str:
    """What somebody typed as a receipt number; empty when it cannot be one.

    Full-width letters, small letters, blanks and dashes of any kind are what phones produce.
    """
    found = "".join(c for c in unicodedata.normalize("NFKC", typed[:100]).upper() if c.isalnum())
    return found if len(found) == LENGTH and set(found) <= set(ALPHABET) else ""


def spoken(number: str) -> str:
    """In groups of four, as it is read out and printed."""
    return "-".join(number[i : i + 4] for i in range(0, len(number), 4))


def due_at(start: datetime, hours: int) -> datetime:
    """`hours` of elapsed time after `start` (aware), in UTC; weekends and holidays count.

    Counted in UTC: adding to a local time would give 23 or 25 hours when summer time changes.
    """
    return start.astimezone(UTC) + timedelta(hours=hours)


def is_late(due: datetime, stamped: datetime) -> bool:
    """At the deadline itself is in time."""
    return stamped > due


@dataclass(frozen=True)
class Duty:
    """One of the two stamps: when it is due, and when it was set (None: not yet)."""

    due_at: datetime
    stamped_at: datetime | None = None

    def standing(self, now: datetime, soon: timedelta = timedelta(hours=4)) -> str:
        """`in_time`, `late`, `overdue`, `soon` or `open`."""
        if self.stamped_at is not None:
            return "late" if is_late(self.due_at, self.stamped_at) else "in_time"
        if now > self.due_at:
            return "overdue"
        return "soon" if now >= self.due_at - soon else "open"


@dataclass(frozen=True)
class Share:
    """A share with what it is made of: `numerator` of `denominator`."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> str:
        """With one digit; empty when there is nothing to divide by: 0 of 0 is not 0 %."""
        return f"{self.numerator / self.denominator:.1%}" if self.denominator else ""


def share_in_time(duties: Iterable[Duty], now: datetime) -> Share:
    """In time, of those that are decided: stamped, or not stamped and past the deadline."""
    standings = [duty.standing(now) for duty in duties]
    decided = [s for s in standings if s in ("in_time", "late", "overdue")]
    return Share(decided.count("in_time"), len(decided))


def reminder_due(duty: Duty, now: datetime, before: timedelta) -> str:
    """`before`, `due` or nothing: which reminder stands at this moment.

    When the worker slept through the time before, only the one at the deadline is sent.
    """
    if duty.stamped_at is not None or now < duty.due_at - before:
        return ""
    return "due" if now >= duty.due_at else "before"


def public_status(state: str, answered: bool, opinion: bool, rounds: int) -> str:
    """What the complainant reads: `received`, `assigned`, `answered`, `opinion`, `reopened`, `closed`."""
    if state == "closed":
        return "closed"
    if opinion:
        return "opinion"
    if answered:
        return "answered"
    if rounds > 1:
        return "reopened"
    return "assigned" if state == "handling" else "received"


@dataclass(frozen=True)
class Standing:
    """What a rule about one complaint needs to know."""

    state: str
    answered_at: datetime | None = None
    opinion_at: datetime | None = None
    department: str = ""


def _verdict(
    rule: str, ok: bool, value: str, threshold: str, source: str, zh: str, en: str
) -> Verdict:
    return Verdict(
        rule=rule, ok=ok, value=value, threshold=threshold, source=source, zh=zh, en=en
    )  # by name: the order of the fields is not promised


def may_act(case: Standing, source: str = "") -> Verdict:
    """A closed complaint is only re-opened."""
    return _verdict(
        "hotline.open", case.state != "closed", case.state, "open", source,
        "这件投诉已经结案；要继续办理，请先写明理由重新办理",
        "this complaint is closed; to go on, re-open it with a reason",
    )  # fmt: skip


def may_stamp(case: Standing, kind: str, source: str = "") -> Verdict:
    """Each stamp once a round: a second one would move the time of the first."""
    before = case.answered_at if kind == ANSWERED else case.opinion_at
    zh, en = ("首次答复", "the answer") if kind == ANSWERED else ("处理意见", "the opinion")
    return _verdict(
        "hotline.stamp_once", before is None, "1" if before else "0", "0", source,
        f"{zh}已经登记过，时间不能更改；补充情况请写办理记录",
        f"{en} is on record already and its time stays; write what is new as a note",
    )  # fmt: skip


def may_close(case: Standing, source: str = "") -> Verdict:
    """Both stamps come before the end."""
    missing = [
        words
        for words, at in (
            (("首次答复", "the answer"), case.answered_at),
            (("处理意见", "the opinion"), case.opinion_at),
        )
        if at is None
    ]
    zh, en = "、".join(m[0] for m in missing), " and ".join(m[1] for m in missing)
    return _verdict(
        "hotline.close_after_opinion", not missing, str(2 - len(missing)), "2", source,
        f"还没有登记{zh}，不能结案；请先登记" if missing else "可以结案",
        f"{en} is missing; record it before closing" if missing else "may be closed",
    )  # fmt: skip


def may_reopen(case: Standing, source: str = "") -> Verdict:
    return _verdict(
        "hotline.reopen_closed", case.state == "closed", case.state, "closed", source,
        "这件投诉还在办理，不需要重新办理",
        "this complaint is still open; there is nothing to re-open",
    )  # fmt: skip


def may_assign(case: Standing, department: str, reason: str, source: str = "") -> Verdict:
    """The first department needs no reason; a hand-over goes elsewhere and says why."""
    if case.department and case.department == department:
        return _verdict(
            "hotline.handover_elsewhere", False, department, "another", source,
            "已经在这个部门办理，请选另一个部门",
            "this department has it already; choose another",
        )  # fmt: skip
    return _verdict(
        "hotline.handover_reason", bool(reason or not case.department), reason[:40], "1", source,
        "转办要写明理由",
        "say why the complaint is handed over",
    )  # fmt: skip


def plain(text: str) -> str:
    """The text without characters that show something else than they are.

    Control characters go, and those that turn the direction of writing (Unicode TR9): they can make
    a sentence read backwards. Letters of every script and emoji stay.
    """
    kept = "".join(
        c
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
        if c in "\n\t"
        or (
            unicodedata.category(c) not in ("Cc", "Cs")
            and c not in "\u202a\u202b\u202c\u202d\u202e"
        )
        and c not in "\u2066\u2067\u2068\u2069"
    )
    return kept.strip()


def read_phone(typed: str) -> str:
    """Digits as the phone shows them; empty when it is no phone number."""
    found = unicodedata.normalize("NFKC", typed).strip().replace("(", "").replace(")", "-")
    return found if PHONE.fullmatch(found) else ""


def read_last4(typed: str) -> str:
    """The last four of a resident ID; empty when they cannot be."""
    found = unicodedata.normalize("NFKC", typed).strip().upper()
    return found if LAST4.fullmatch(found) else ""


def faults_of_public(text: str, names: Iterable[str]) -> list[str]:
    """Why a text must not go to the page that needs no account: it names somebody.

    `names` are those of the complainant and of the staff; names of one character are too common.
    """
    faults = []
    if RESIDENT_ID.search(text) or MOBILE.search(text):
        faults.append(
            "凭回执号就能看到这段文字：请删去身份证号和手机号，可以写办公电话 / whoever has the receipt "
            "number reads this: take out resident IDs and mobile numbers; office phones are fine"
        )
    found = sorted({name for name in names if len(name) > 1 and name in text})
    if found:
        faults.append(
            f"凭回执号就能看到这段文字：请删去姓名（{'、'.join(found)}） / whoever has the receipt "
            f"number reads this: take out the names ({', '.join(found)})"
        )
    return faults
