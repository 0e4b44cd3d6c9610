"""What a base may do on a day, by the centre's decisions about it. Pure: facts in, Verdicts out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tenants.verdict import Verdict

#: What may follow what. The steps are the kinds of `Step`; a state is the name of its last step's
#: effect.
EFFECT = {
    "apply": "applied",
    "fail": "applied",
    "check": "checked",
    "refuse": "refused",
    "designate": "designated",
    "warn": "warned",
    "lift": "designated",
    "suspend": "suspended",
    "remove": "removed",
}
NEXT: Mapping[str, frozenset[str]] = {
    "": frozenset({"apply"}),
    "applied": frozenset({"check", "fail", "refuse"}),
    "checked": frozenset({"check", "fail", "designate", "refuse"}),
    "refused": frozenset({"apply"}),
    "designated": frozenset({"designate", "warn", "suspend", "remove"}),
    "warned": frozenset({"designate", "lift", "suspend", "remove"}),
    "suspended": frozenset({"lift", "remove"}),
    "removed": frozenset({"apply"}),
}
#: States in which a base teaches as usual. A warning (yellow card) changes no right.
IN_GOOD_STANDING = frozenset({"designated", "warned"})
WORDS = {
    "": ("未申请", "has not applied"),
    "applied": ("已申请", "has applied"),
    "checked": ("已实地核查", "was checked on site"),
    "refused": ("未通过认定", "was refused"),
    "designated": ("已认定", "is designated"),
    "warned": ("黄牌警告", "is warned (yellow card)"),
    "suspended": ("已暂停", "is suspended"),
    "removed": ("已取消资格", "was removed"),
}


@dataclass(frozen=True)
class TradeTerms:
    """What a designation says of one trade: places (people), class hours from and to."""

    name: str
    places: int
    hours_from: int
    hours_to: int


@dataclass(frozen=True)
class Terms:
    """A designation: its document, its first and last day, its trades by their code."""

    document: str
    starts_on: date
    ends_on: date
    trades: Mapping[str, TradeTerms] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """One step of a base's history, in the order in which the centre took them."""

    kind: str
    on: date
    document: str
    may_finish: bool = False
    terms: Terms | None = None


@dataclass(frozen=True)
class Standing:
    """How a base stands on a day: state, the document that says so, and the terms in force.

    `may_finish`: a suspended base may finish and issue for its running classes.
    """

    state: str = ""
    document: str = ""
    since: date | None = None
    may_finish: bool = False
    terms: Terms | None = None
    granted: tuple[Terms, ...] = ()

    def at(self, day: date) -> "Standing":
        """With the terms for `day`: the latest decision whose days hold it, else the latest."""
        fitting = [t for t in self.granted if t.starts_on <= day <= t.ends_on]
        known = fitting or list(self.granted)
        return replace(self, terms=known[-1] if known else None)

    @property
    def good(self) -> bool:
        return self.state in IN_GOOD_STANDING


def _replay(history: Iterable[Decision]) -> Iterator[Standing]:
    """How the base stood after each decision."""
    standing = Standing()
    for step in history:
        granted = standing.granted + ((step.terms,) if step.terms else ())
        if step.kind in ("refuse", "remove", "apply"):
            granted = ()
        standing = Standing(
            EFFECT[step.kind], step.document, step.on, step.may_finish, granted=granted
        )
        yield standing


def standing_on(history: Iterable[Decision], day: date) -> Standing:
    """How the base stood at the end of `day`, under the terms for that day."""
    standing = Standing()
    for standing in _replay(step for step in history if step.on <= day):
        pass
    return standing.at(day)


def last_against(history: Iterable[Decision], day: date) -> Standing | None:
    """The suspension or removal that still stands on `day`, whatever was applied for since."""
    against = None
    for standing in _replay(step for step in history if step.on <= day):
        if standing.state in ("suspended", "removed"):
            against = standing
        elif standing.good:
            against = None
    return against


def terms_on(history: Iterable[Decision], day: date) -> Terms | None:
    """The terms under which the base could issue at some hour of `day`, or None.

    A decision counts from an hour that nobody wrote down: what was issued on its day before it
    stays issued by a designated base. A suspended base with leave to finish is one, and so is one
    whose designation had ended by then: classes opened within it are finished under it.
    """
    taken = [step for step in history if step.on <= day]
    stood = list(zip(taken, _replay(taken), strict=True))
    before = [standing for step, standing in stood if step.on < day]
    for standing in [*before[-1:], *(standing for step, standing in stood if step.on == day)]:
        begun = [terms for terms in standing.granted if terms.starts_on <= day]
        if begun and _issues(standing):
            return next((t for t in reversed(begun) if day <= t.ends_on), begun[-1])
    return None


def _issues(standing: Standing) -> bool:
    return standing.good or (standing.state == "suspended" and standing.may_finish)


def step_fault(state: str, kind: str, on: date, last: date | None, today: date) -> str | None:
    """Why the step cannot be taken now, in Chinese and English, or None."""
    if kind not in NEXT[state]:
        zh, en = WORDS[state]
        return f"基地现在的状态是“{zh}”，不能办理这一步 / the base {en}: this step cannot follow"
    if on > today:
        return "日期不能晚于今天 / the date lies in the future"
    if last and on < last:
        return f"日期不能早于上一步（{last}） / the date lies before the last step ({last})"
    return None


def _state(rule: str, ok: bool, standing: Standing, zh: str, en: str) -> Verdict:
    """How the base stands, with the document that says so; `zh` and `en` are what it may not do."""
    zh_state, en_state = WORDS[standing.state]
    return Verdict(
        rule=rule,
        ok=ok,
        value=standing.state or "none",
        threshold="designated",
        source=standing.document or "—",
        zh=f"本基地{zh_state}（{standing.document or '无文件'}）"
        + ("" if ok else f"，{zh}，请联系服务中心"),
        en=f"the base {en_state} ({standing.document or 'no document'})"
        + ("" if ok else f"; {en}: ask the centre"),
    )


def may_start(standing: Standing) -> Verdict:
    """Whether classes are opened and begun, and people enrolled: only in good standing."""
    zh, en = "不能开班、招生", "it opens no class and enrols nobody"
    return _state("designation_state", standing.good, standing, zh, en)


def may_continue(standing: Standing) -> Verdict:
    """Whether running classes may be finished and certificates issued.

    An expired designation does not stop a class that was opened within it; a suspension does,
    unless the decision says otherwise; a removal does.
    """
    ok = _issues(standing)
    zh, en = "不能结业和发证", "it neither finishes classes nor issues"
    return _state("designation", ok, standing, zh, en)


def may_open(
    standing: Standing,
    trade: str,
    trade_name: str,
    hours: int,
    starts_on: date,
    ends_on: date,
    on: date,
) -> list[Verdict]:
    """Whether a class of `hours` class hours may be opened on the day `on`.

    Its state, its days and the day of opening, trade and hours. The terms are those of the class's
    first day: a renewal that is decided early does not end the designation that still runs.
    """
    terms = standing.at(starts_on).terms
    found = [may_start(standing)]
    if terms is None:
        return found
    inside = terms.starts_on <= starts_on and ends_on <= terms.ends_on and on <= terms.ends_on
    found.append(
        Verdict(
            "designation_days",
            inside,
            f"{starts_on} – {ends_on}",
            f"{terms.starts_on} – {terms.ends_on}",
            terms.document,
            f"认定有效期 {terms.starts_on} 至 {terms.ends_on}（{terms.document}）"
            + ("" if inside else "，班次日期不在其内，请改日期或申请续期"),
            f"designated from {terms.starts_on} to {terms.ends_on} ({terms.document})"
            + ("" if inside else ": the class lies outside; change its days or ask for a renewal"),
        )
    )
    allowed = terms.trades.get(trade)
    listed = "、".join(t.name for t in terms.trades.values())
    found.append(
        Verdict(
            "designation_trade",
            allowed is not None,
            trade_name,
            listed,
            terms.document,
            f"认定工种：{listed}（{terms.document}）"
            + ("" if allowed else f"，不含{trade_name}，不能开班"),
            f"designated trades: {listed} ({terms.document})"
            + ("" if allowed else f"; {trade_name} is not among them"),
        )
    )
    if allowed is not None:
        fits = allowed.hours_from <= hours <= allowed.hours_to
        found.append(
            Verdict(
                "designation_hours",
                fits,
                str(hours),
                f"{allowed.hours_from}–{allowed.hours_to}",
                terms.document,
                f"项目 {hours} 课时，认定 {allowed.hours_from} 至 {allowed.hours_to} 课时"
                f"（{terms.document}）" + ("" if fits else "，请改项目课时"),
                f"the project has {hours} class hours, designated are {allowed.hours_from} to"
                f" {allowed.hours_to} ({terms.document})"
                + ("" if fits else "; change the project"),
            )
        )
    return found


def places_left(terms: Terms | None, trade: str, used: int, wanted: int) -> Verdict:
    """Whether `wanted` more people find a place in the trade, of which `used` are taken."""
    allowed = terms.trades.get(trade) if terms else None
    places = allowed.places if allowed else 0
    ok = used + wanted <= places
    document = terms.document if terms else ""
    left = max(places - used, 0)
    return Verdict(
        "designation_places",
        ok,
        f"{used} + {wanted}",
        str(places),
        document or "—",
        f"认定名额 {places} 人，已用 {used} 人（{document or '无文件'}）"
        + ("" if ok else f"，只剩 {left} 人，本次 {wanted} 人；请减少人数或向中心申请增加名额"),
        f"{places} places designated, {used} taken ({document or 'no document'})"
        + (
            ""
            if ok
            else f": {left} left for {wanted} people; take fewer, or ask the centre for more"
        ),
    )
