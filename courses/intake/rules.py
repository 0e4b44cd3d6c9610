"""Who may join a class: facts in, verdicts out. Pure.

The numbers come from the rule set that the class has pinned; each of them may refuse, warn or be off.
"""

from dataclasses import dataclass
from functools import lru_cache

from tenants.verdict import Verdict

OFF, WARN, REFUSE = "off", "warn", "refuse"


@dataclass(frozen=True)
class Limits:
    """What a rule set says of intake. `source` is its document with the version, for people."""

    source: str
    age_from: int = 16
    age_to: int | None = None
    same_project: str = WARN
    overlap: str = WARN
    trainings_per_year: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of somebody who wants to join.

    `age` is that of the class's first day. `certificate` is the number of a valid certificate of the
    same project, of whatever base. `beside` are classes of this base that overlap this one in time,
    `trainings` those of `year` at all bases, this one not counted. `unasked` names a register
    of another installation that did not answer.
    """

    age: int
    certificate: str = ""
    beside: tuple[str, ...] = ()
    trainings: int = 0
    year: int = 0
    unasked: str = ""


@dataclass(frozen=True)
class Judgement:
    """Verdicts that refuse, those that only warn, and those that let pass."""

    refusals: tuple[Verdict, ...] = ()
    warnings: tuple[Verdict, ...] = ()
    passed: tuple[Verdict, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.refusals


@lru_cache(maxsize=4096)  # thousands of a roster differ in little but their age
def judged(limits: Limits, facts: Facts) -> Judgement:
    """Every rule's verdict on one person."""
    found = [
        (_age(limits, facts), REFUSE),
        (_same_project(limits, facts), limits.same_project),
        (_overlap(limits, facts), limits.overlap),
    ]
    if limits.trainings_per_year:
        found.append((_yearly(limits.trainings_per_year, limits, facts), REFUSE))
    if facts.unasked and limits.same_project != OFF:
        found.append((_unasked(limits, facts), WARN))
    asked = [(verdict, weight) for verdict, weight in found if weight != OFF]
    return Judgement(
        refusals=tuple(v for v, weight in asked if not v.ok and weight == REFUSE),
        warnings=tuple(v for v, weight in asked if not v.ok and weight == WARN),
        passed=tuple(v for v, _weight in asked if v.ok),
    )


def _age(limits: Limits, facts: Facts) -> Verdict:
    low, high = limits.age_from, limits.age_to
    until = f"{low}–{high}" if high is not None else f"≥ {low}"
    too_young, too_old = facts.age < low, high is not None and facts.age > high
    zh = f"开班当天 {facts.age} 周岁"
    en = f"{facts.age} years old on the first day"
    if too_young:
        zh += f"，不足 {low} 周岁，不能入班"
        en += f", under {low}: cannot join"
    elif too_old:
        zh += f"，超过 {high} 周岁，不能入班"
        en += f", over {high}: cannot join"
    return Verdict(
        "intake_age", not (too_young or too_old), str(facts.age), until, limits.source, zh, en
    )


def _same_project(limits: Limits, facts: Facts) -> Verdict:
    refuses = limits.same_project == REFUSE
    zh = f"同一项目已有有效证书 {facts.certificate}，" + (
        "不能再次入班，请选其他项目或级别" if refuses else "结业后不能再发同一项目的证书"
    )
    en = f"holds certificate {facts.certificate} of the same project: " + (
        "choose another project or level" if refuses else "no second one can be issued"
    )
    if not facts.certificate:
        zh, en = "没有同一项目的有效证书", "no valid certificate of the same project"
    return Verdict(
        rule="intake_same_project",
        ok=not facts.certificate,
        value=facts.certificate or "—",
        threshold="—",
        source=limits.source,
        zh=zh,
        en=en,
    )


def _overlap(limits: Limits, facts: Facts) -> Verdict:
    listed = "、".join(facts.beside)
    if facts.beside:
        zh = f"同时在本基地另一个班：{listed}，请先转班或退班，或另选时间"
        en = (
            f"in another class at the same time: {listed}; transfer, withdraw or choose other dates"
        )
    else:
        zh, en = "没有同时在读的其他班次", "in no other class at the same time"
    return Verdict("intake_overlap", not facts.beside, listed or "—", "—", limits.source, zh, en)


def _yearly(most: int, limits: Limits, facts: Facts) -> Verdict:
    ok = facts.trainings < most
    zh = f"{facts.year} 年已参加 {facts.trainings} 次培训，每年最多 {most} 次"
    en = f"{facts.trainings} trainings in {facts.year}, at most {most} a year"
    if not ok:
        zh, en = f"{zh}，请等下一年度", f"{en}: wait for the next year"
    return Verdict(
        rule="intake_trainings_per_year",
        ok=ok,
        value=str(facts.trainings),
        threshold=str(most),
        source=limits.source,
        zh=zh,
        en=en,
    )


def _unasked(limits: Limits, facts: Facts) -> Verdict:
    return Verdict(
        rule="intake_other_registers",
        ok=False,
        value=facts.unasked,
        threshold="✓",
        source=limits.source,
        zh=f"另一套系统（{facts.unasked}）的证书登记簿没有回答，请稍后再核对是否已有证书",
        en=f"the register of {facts.unasked} did not answer: check later for an earlier certificate",
    )


@dataclass(frozen=True)
class Leaving:
    """What somebody's way out of a class rests on. `goal` is the class of a transfer, "" otherwise."""

    state: str
    class_finished: bool
    certificate: str = ""
    goal: str = ""
    goal_finished: bool = False
    same_project: bool = True
    in_goal: bool = False


def may_leave(facts: Leaving) -> list[tuple[str, str]]:
    """Why somebody cannot be withdrawn or transferred: (Chinese, English). Empty when nothing is."""
    found = []
    if facts.state not in ("enrolled", "waiting"):
        found.append(("此人已不在班，请刷新页面", "is no longer in the class: reload the page"))
    if facts.class_finished:
        found.append(
            ("班次已结业，名单不再变动", "the class is finished: its list no longer changes")
        )
    if facts.certificate:
        found.append(
            (
                f"已签发证书 {facts.certificate}，不能退班或转班；确有错误请先撤销证书",
                f"certificate {facts.certificate} was issued: revoke it first if it is wrong",
            )
        )
    if facts.goal and facts.goal_finished:
        found.append((f"{facts.goal} 已结业，请另选", f"{facts.goal} is finished: choose another"))
    if facts.goal and not facts.same_project:
        found.append(
            (
                f"{facts.goal} 是另一个项目，只能转到同一项目的班；请退班后重新报名",
                f"{facts.goal} teaches another project: withdraw, then enrol there",
            )
        )
    if facts.in_goal:
        found.append((f"此人已在 {facts.goal} 的名单里", f"is on the list of {facts.goal} already"))
    return found
