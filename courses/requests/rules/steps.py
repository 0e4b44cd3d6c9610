"""Which step may follow which, and whether a request comes in time."""

from dataclasses import dataclass
from datetime import date, time

from tenants.verdict import Verdict

#: The state that a step leaves a request in.
EFFECT = {
    "send": "sent",
    "return": "returned",
    "refuse": "refused",
    "approve": "approved",
    "withdraw": "withdrawn",
    "carry": "carried",
}
#: The steps that may follow in a state; "" is a request that nobody has sent yet.
NEXT = {
    "": frozenset({"send"}),
    "sent": frozenset({"return", "refuse", "approve", "withdraw"}),
    "returned": frozenset({"send", "withdraw"}),
    "approved": frozenset({"carry", "withdraw"}),
    "refused": frozenset(),
    "withdrawn": frozenset(),
    "carried": frozenset(),
}
OFFICERS = frozenset({"return", "refuse", "approve"})
WHY = frozenset({"return", "refuse", "withdraw"})


def step_fault(state: str, kind: str, reason: str) -> str:
    """Why the step cannot be taken (Chinese / English); empty when it can."""
    if kind not in NEXT[state]:
        return (
            "这份申请的状态已变，请刷新后再办 / the request has moved on meanwhile: reload the page"
        )
    if kind in WHY and not reason.strip():
        return "请写明理由 / say why"
    return ""


@dataclass(frozen=True)
class Terms:
    """A policy of the centre. `demands` is False where none is in force."""

    demands: bool = False
    document: str = ""
    days_before: int = 0
    change_days_before: int = 0
    day_from: time = time(0, 0)
    day_to: time = time(23, 59)


def in_time(terms: Terms, kind: str, first_day: date, on: date) -> Verdict:
    """Whether what is sent on the day `on` comes early enough before `first_day`."""
    wanted = terms.days_before if kind == "opening" else terms.change_days_before
    left = (first_day - on).days
    what, what_en = ("开班", "the class") if kind == "opening" else ("变更涉及的日期", "the change")
    return Verdict(
        rule="request_in_time",
        ok=not terms.demands or left >= wanted,
        value=f"{left} d",
        threshold=f"{wanted} d",
        source=terms.document,
        zh=f"距{what} {left} 天，至少提前 {wanted} 天送审（{terms.document}），请改日期",
        en=f"{left} days before {what_en}; requests come at least {wanted} days before it"
        f" ({terms.document}): choose a later date",
    )


def approved(terms: Terms, found: bool, differs: list[str], differs_en: list[str]) -> Verdict:
    """Whether a class may open: approved, and just as it was approved."""
    zh, en = "已按批准的申请开班", "opened as approved"
    if not found:
        zh = f"按 {terms.document}，开班须先经服务中心批准，请先提交开班申请"
        en = (
            f"by {terms.document} the centre approves a class before it opens: send a request first"
        )
    elif differs:
        zh = f"与批准的申请不一致：{'、'.join(differs)}，请按批准的内容开班，或另行申请"
        en = f"not as approved: {', '.join(differs_en)}; open it as approved, or ask anew"
    return Verdict(
        rule="opening_approved",
        ok=found and not differs,
        value="approved" if found else "none",
        threshold="approved",
        source=terms.document,
        zh=zh,
        en=en,
    )


def free_move(terms: Terms, was: date, day: date, at: time, until: time) -> bool:
    """Whether a session of an approved class moves without a request: within its day, in the hours that the
    policy leaves free.
    """
    return day == was and terms.day_from <= at < until <= terms.day_to
