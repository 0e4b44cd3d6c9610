"""The chain up to the certificate: trained, qualified, certified. Pure: facts in, Verdicts out.

Every number that decides comes from the rule set that the class pinned; `document` names it.
"""

from dataclasses import dataclass
from decimal import Decimal

from tenants.verdict import Verdict


@dataclass(frozen=True)
class Numbers:
    """A rule set: percents of planned minutes, pass marks of 100, and the rule document."""

    document: str
    attendance_percent: int
    theory_percent: int
    practice_percent: int
    pass_theory: int
    pass_practice: int


@dataclass(frozen=True)
class Attended:
    """Minutes of one trainee in one class, planned and accepted, by kind.

    Accepted minutes are those of sessions whose log a supervisor has reviewed and accepted;
    `unreviewed` are sessions with a mark of the trainee whose log waits for that.
    """

    planned_theory: int
    planned_practice: int
    theory: int
    practice: int
    sessions_without_mark: int = 0
    unreviewed: int = 0


@dataclass(frozen=True)
class Assessed:
    theory: Decimal
    practice: Decimal


@dataclass(frozen=True)
class Standing:
    """What stands against a certificate besides hours and scores.

    `earlier` is the number of a valid certificate of the same person and project, at any base.
    `unprintable` are characters that no font of the paper has. `over`: the last day of the class
    has come. `promised_minutes` are those of the class hours that the paper prints.
    `revoked` is the number of a revoked certificate of this enrolment that nobody has released.
    """

    earlier: str = ""
    disputed: int = 0
    unprintable: str = ""
    finished: bool = True
    over: bool = True
    planned_minutes: int = 0
    promised_minutes: int = 0
    revoked: str = ""


def required_minutes(planned: int, percent: int) -> int:
    """The least whole number of minutes that is `percent` of `planned`."""
    return -(-planned * percent // 100)


def _share(rule: str, zh: str, en: str, got: int, planned: int, percent: int, doc: str) -> Verdict:
    wanted = required_minutes(planned, percent)
    ok = planned > 0 and got >= wanted
    share = 100 * got // planned if planned else 0
    return Verdict(
        rule=rule,
        ok=ok,
        value=f"{got}/{planned} ({share}%)",
        threshold=f"{wanted} ({percent}%)",
        source=doc,
        zh=f"{zh}出勤 {got} 分钟，应达 {wanted} 分钟（{percent}%）"
        + ("" if ok else "；请核对考勤或安排补课"),
        en=f"{en} attendance {got} minutes of {wanted} required ({percent}%)"
        + ("" if ok else "; check the attendance or arrange a make-up session"),
    )


def trained(numbers: Numbers, attended: Attended) -> list[Verdict]:
    """Step 1: accepted minutes reach the rule set, in total and by kind."""
    planned = attended.planned_theory + attended.planned_practice
    got = attended.theory + attended.practice
    doc = numbers.document
    found = [
        _share("attendance", "总", "total", got, planned, numbers.attendance_percent, doc),
    ]
    for rule, zh, en, minutes, of, percent in (
        ("attendance_theory", "理论", "theory", attended.theory, attended.planned_theory,
         numbers.theory_percent),
        ("attendance_practice", "实操", "practice", attended.practice, attended.planned_practice,
         numbers.practice_percent),
    ):  # fmt: skip
        if of:
            found.append(_share(rule, zh, en, minutes, of, percent, doc))
    missing, unreviewed = attended.sessions_without_mark, attended.unreviewed
    found.append(
        Verdict(
            rule="attendance_complete",
            ok=missing == 0,
            value=str(missing),
            threshold="0",
            source=doc,
            zh="考勤已全部记录" if not missing else f"还有 {missing} 个课次没有考勤，请补记",
            en="every session has a mark"
            if not missing
            else f"{missing} sessions have no mark; record them",
        )
    )
    found.append(
        Verdict(
            rule="attendance_reviewed",
            ok=unreviewed == 0,
            value=str(unreviewed),
            threshold="0",
            source=doc,
            zh="考勤已全部审核采信"
            if not unreviewed
            else f"还有 {unreviewed} 个课次的考勤未审核采信，请先审核",
            en="the log of every session was reviewed and accepted"
            if not unreviewed
            else f"{unreviewed} sessions wait for a supervisor's review",
        )
    )
    return found


def _passed(rule: str, zh: str, en: str, got: Decimal, wanted: int, doc: str) -> Verdict:
    ok = got >= wanted
    return Verdict(
        rule=rule,
        ok=ok,
        value=str(got),
        threshold=str(wanted),
        source=doc,
        zh=f"{zh}成绩 {got} 分，及格 {wanted} 分" + ("" if ok else "；请安排补考"),
        en=f"{en} score {got}, pass mark {wanted}" + ("" if ok else "; arrange a retake"),
    )


def qualified(numbers: Numbers, assessed: Assessed | None) -> list[Verdict]:
    """Step 2: theory and practice each reach their pass mark."""
    doc = numbers.document
    if assessed is None:
        return [
            Verdict(
                rule="assessed",
                ok=False,
                value="—",
                threshold=f"{numbers.pass_theory} / {numbers.pass_practice}",
                source=doc,
                zh="没有考核成绩，请先录入",
                en="no assessment scores; enter them first",
            )
        ]
    return [
        _passed("score_theory", "理论", "theory", assessed.theory, numbers.pass_theory, doc),
        _passed(
            "score_practice", "实操", "practice", assessed.practice, numbers.pass_practice, doc
        ),
    ]


def _tick(yes: bool) -> str:
    return "✓" if yes else "✕"


def certified(numbers: Numbers, standing: Standing) -> list[Verdict]:
    """Step 3: class finished, nothing disputed, nothing unprintable, no earlier certificate."""
    doc = numbers.document
    return [
        Verdict(
            rule="class_finished",
            ok=standing.finished,
            value=_tick(standing.finished),
            threshold=_tick(True),
            source=doc,
            zh="班次已结业" if standing.finished else "班次尚未结业，请先办理结业",
            en="the class is finished"
            if standing.finished
            else "the class is not finished; finish it first",
        ),
        Verdict(
            rule="class_over",
            ok=standing.over,
            value=_tick(standing.over),
            threshold=_tick(True),
            source=doc,
            zh="结业日期已到" if standing.over else "结业日期还没有到，不能提前发证",
            en="the last day has come" if standing.over else "the last day is still to come",
        ),
        Verdict(
            rule="hours_planned",
            ok=standing.planned_minutes >= standing.promised_minutes,
            value=str(standing.planned_minutes),
            threshold=str(standing.promised_minutes),
            source=doc,
            zh=f"计划 {standing.planned_minutes} 分钟，证书所印课时合 {standing.promised_minutes} 分钟",
            en=f"{standing.planned_minutes} minutes planned, the printed hours are"
            f" {standing.promised_minutes}",
        ),
        Verdict(
            rule="not_revoked",
            ok=not standing.revoked,
            value=standing.revoked or "—",
            threshold="—",
            source=doc,
            zh="没有被撤销的证书"
            if not standing.revoked
            else f"本班证书 {standing.revoked} 已撤销，须由有撤销权限的人员同意重新发证",
            en="no revoked certificate"
            if not standing.revoked
            else f"certificate {standing.revoked} of this class was revoked; whoever may revoke"
            " must release it first",
        ),
        Verdict(
            rule="undisputed",
            ok=standing.disputed == 0,
            value=str(standing.disputed),
            threshold="0",
            source=doc,
            zh="没有争议考勤" if not standing.disputed else "有争议考勤，请先裁定",
            en="no disputed mark" if not standing.disputed else "disputed marks; decide them first",
        ),
        Verdict(
            rule="once_per_person_and_project",
            ok=not standing.earlier,
            value=standing.earlier or "—",
            threshold="—",
            source=doc,
            zh="未领过本项目证书"
            if not standing.earlier
            else f"已有本项目有效证书（{standing.earlier}），不能重复发证",
            en="no earlier certificate of this project"
            if not standing.earlier
            else f"holds a valid certificate of this project ({standing.earlier})",
        ),
        Verdict(
            rule="printable",
            ok=not standing.unprintable,
            value=standing.unprintable or "—",
            threshold="—",
            source="—",
            zh="证书文字可以印出"
            if not standing.unprintable
            else f"字库缺字：{standing.unprintable}，请联系服务中心",
            en="every character can be printed"
            if not standing.unprintable
            else f"no font has {standing.unprintable}; ask the centre",
        ),
    ]


def stage(trained_ok: bool, qualified_ok: bool, certificate: bool) -> str:
    """The farthest step that a trainee has reached: each needs the one before."""
    if certificate:
        return "certified"
    if trained_ok and qualified_ok:
        return "qualified"
    return "trained" if trained_ok else "enrolled"
