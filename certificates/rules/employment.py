"""Step 4: what came of a certificate, read from everything that was said about it. Pure.

Nothing that was said is ever removed. The strongest evidence counts, of equally strong the latest: so a
stronger one never loses to a weaker one that comes later, unless somebody replaces it by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tenants.verdict import Verdict

#: What each kind of outcome means for the chain. What is not in it says nothing: a call that
#: reached nobody is no knowledge.
VALUES = {
    "local": "employed",
    "outward": "employed",
    "self_employed": "employed",
    "flexible": "employed",
    "overseas": "employed",
    "further_study": "studying",
    "not_seeking": "not_seeking",
    "unemployed": "unemployed",
}
#: Work for somebody: the employer is named.
HIRED = frozenset({"local", "outward", "overseas"})
WORK = frozenset(kind for kind, value in VALUES.items() if value == "employed")
#: Kinds of evidence, the weakest first.
EVIDENCE = ("self_reported", "liaison_call", "employer_confirmed", "document")


@dataclass(frozen=True)
class Said:
    """One row of the history of a certificate.

    `over` are keys of rows that it replaces or whose job it ends: they count no more. `objected`: the
    holder has objected, and nobody has decided.
    """

    key: int
    kind: str
    evidence: str
    started_on: date | None = None
    over: frozenset[int] = frozenset()
    objected: bool = False
    full_time: bool = True


@dataclass(frozen=True)
class Destination:
    """What is known today. `value` is one of VALUES or `unknown`, `key` the row that counts.

    `contested` are later rows with weaker evidence that say otherwise: somebody has to decide.
    `worked_from` is the first day of any work that still stands in the history, ended or not.
    """

    value: str = "unknown"
    kind: str = ""
    evidence: str = ""
    started_on: date | None = None
    key: int | None = None
    contested: tuple[int, ...] = ()
    objected: bool = False
    full_time: bool = False
    worked_from: date | None = None


def destination_of(history: Sequence[Said], ended: frozenset[int] = frozenset()) -> Destination:
    """Read `history`, the oldest first. `ended` are keys of jobs that were left: no longer work, but
    work that was done.
    """
    gone = frozenset[int]().union(*(row.over for row in history))
    order = {row.key: place for place, row in enumerate(history)}
    # What was said before a job that was left does not come back: it is older than that job.
    since = max((order[key] for key in ended), default=-1)
    known = [row for row in history[since + 1 :] if row.key not in gone and row.kind in VALUES]
    was = [r for r in history if r.kind in WORK and (r.key not in gone or r.key in ended)]
    starts = [row.started_on for row in was if row.started_on and not row.objected]
    worked_from = min(starts, default=None)
    if not known:
        return Destination(worked_from=worked_from)
    counts = max(known, key=lambda row: (EVIDENCE.index(row.evidence), order[row.key]))
    contested = tuple(
        row.key for row in known if order[row.key] > order[counts.key] and row.kind != counts.kind
    )
    return Destination(
        value="unknown" if counts.objected else VALUES[counts.kind],
        kind=counts.kind,
        evidence=counts.evidence,
        started_on=counts.started_on,
        key=counts.key,
        contested=contested,
        objected=counts.objected,
        full_time=counts.full_time and counts.kind in WORK,
        worked_from=worked_from,
    )


def employed(known: Destination) -> Verdict:
    """Step 4: only work that is known counts. Unknown is not unemployed."""
    zh, en = {
        "employed": ("已就业", "employed"),
        "studying": ("升学", "studying"),
        "not_seeking": ("暂无就业意愿", "not looking for work"),
        "unemployed": ("未就业，请推荐岗位", "not employed; offer a post"),
        "unknown": ("去向未知，请回访", "outcome unknown; call back"),
    }[known.value]
    if known.objected:
        zh, en = "本人有异议，请核实", "the holder objects; find out"
    ok = known.value == "employed"
    return Verdict("employed", ok, known.value, "employed", known.evidence or "—", zh, en)
