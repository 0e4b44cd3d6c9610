"""What a dossier says: read once, as it stands at one moment, and put into plain values."""

from typing import Any

from django.utils import timezone
from django.utils.translation import override

from certificates import rules as chain
from certificates.dossiers import rules
from certificates.models import Certificate, Outcome
from certificates.services.basis import is_accepted, logs_of, marks_of
from certificates.services.evidence import Case, cases_of
from certificates.services.outcomes import History, histories
from certificates.services.reevaluate import open_reevaluations
from courses.fieldlog.models import SessionLog
from courses.models import Mark, TrainingClass, VillageSession
from courses.models.classes import LEVELS
from tenants.current import current_tenant
from tenants.models import Tenant

Row = list[Any]
YES, NO = "是", "否"
#: Frozen in Chinese, whatever language the clerk reads: the office does.
LANGUAGE = "zh-hans"


def missing(one: TrainingClass) -> list[tuple[str, str]]:
    """What has to be there first, by name: (Chinese, English). Empty when a dossier may be made."""
    if one.state != TrainingClass.State.FINISHED:
        return [("班次还没有办理结业", "the class is not finished yet")]
    found = []
    sessions = list(one.sessions.order_by("number"))
    logs = logs_of(sessions)
    open_ones = [str(s.number) for s in sessions if not is_accepted(logs.get(s.pk))]
    if open_ones:
        listed = "、".join(open_ones)
        found.append((f"第 {listed} 次课的考勤还没有审核采信", f"sessions not accepted: {listed}"))
    cases = cases_of(one)
    if not cases:
        found.append(("班里没有学员", "the class has no trainees"))
    for zh, en, people in (
        ("没有考核成绩", "no scores", [c for c in cases if c.score is None]),
        ("符合条件，还没有发证", "eligible, no certificate yet", [c for c in cases if c.eligible]),
    ):
        if people:
            names = "、".join(case.enrolment.trainee.name for case in people)
            found.append((f"{zh}：{names}", f"{en}: {names}"))
    changed = open_reevaluations().filter(certificate__enrolment__training_class=one)
    if changed:
        names = "、".join(each.certificate.holder_name for each in changed)
        found.append((f"发证后考勤有变化，还没有决定：{names}", f"changes to decide: {names}"))
    return found


def facts_of(one: TrainingClass) -> dict[str, Any]:
    """The `facts` of a snapshot. No resident ID and no phone number is in it."""
    with override(LANGUAGE):
        return _facts(one)


def _facts(one: TrainingClass) -> dict[str, Any]:
    sessions = list(one.sessions.order_by("number"))
    cases = cases_of(one, ask_plugins=False)
    papers = list(
        Certificate.objects.filter(enrolment__training_class=one)
        .select_related("trainee")
        .order_by("year", "serial")
    )
    valid = [each for each in papers if each.status == Certificate.Status.VALID]
    said = histories(valid)
    tenant = current_tenant()
    centre = Tenant.objects.get(pk=tenant.centre_id).name
    return {
        "base": {"name": tenant.name, "uscc": tenant.uscc, "centre": centre},
        "class": {
            "code": one.code,
            "project": one.project_name,
            "programme": f"{one.programme.name} {one.programme.document}" if one.programme else "",
            "rules": str(one.rule_set),
        },
        "counts": _counts(cases, valid, said),
        "opening": _opening(one),
        "plan": [_plan(each) for each in sessions],
        "roster": [_person(n, case) for n, case in enumerate(cases, 1)],
        "log": _log(sessions),
        "attendance": _attendance(one, sessions, cases),
        "assessment": [_score(case) for case in cases],
        "certificates": [_paper(each) for each in papers],
        "employment": [_job(each, said[each.pk]) for each in valid],
        "notice": [
            [n, *_who(case), _village(case)[1], one.project_name, "合格"]
            for n, case in enumerate((c for c in cases if c.certificate_number), 1)
        ],
    }


def _counts(
    cases: list[Case], valid: list[Certificate], said: dict[int, History]
) -> dict[str, Any]:
    trained = sum(1 for c in cases if all(v.ok for v in c.trained))
    values = [said[each.pk].known for each in valid]
    at_work = [known for known in values if chain.employed(known).ok]
    names = dict(Outcome.Evidence.choices)
    kinds = {level: sum(1 for k in at_work if k.evidence == level) for level in names}
    return {
        "people": len(cases),
        "trained": trained,
        "qualified": sum(1 for c in cases if all(v.ok for v in [*c.trained, *c.qualified])),
        "certified": len(valid),
        "employed": len(at_work),
        "unknown": sum(1 for known in values if known.value == "unknown"),
        "evidence": [[str(names[level]), n] for level, n in kinds.items() if n],
    }


def _opening(one: TrainingClass) -> list[Row]:
    found, held = one.designation, one.village
    level = next((zh for _code, zh, _en in LEVELS if zh == one.project_level), one.project_level)
    return [
        ["班次代码", one.code],
        ["培训项目", one.project_name],
        ["级别", level],
        ["课时", f"理论 {one.theory_hours}，实操 {one.practice_hours}（每课时 {one.minutes_per_hour} 分钟）"],
        ["起止日期", f"{one.starts_on} 至 {one.ends_on}"],
        ["地点", f"{held.parent.name if held.parent else ''} {held.name} {one.place}".strip()],
        ["教师", str(one.trainer)],
        ["认定文件", f"{found.document}（{found.starts_on} 至 {found.ends_on}）"],
        ["规则文件", str(one.rule_set)],
        ["资金项目", f"{one.programme.name}（{one.programme.document}）" if one.programme else "—"],
        ["开班登记时间", _moment(one.opened_at)],
        ["状态", str(one.get_state_display())],
    ]  # fmt: skip


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _plan(each: VillageSession) -> Row:
    kind = str(each.get_kind_display())
    return [
        each.number,
        str(each.held_on),
        f"{each.starts_at:%H:%M}",
        kind,
        each.minutes,
        each.topic,
    ]


def _who(case: Case) -> tuple[str, str]:
    trainee = case.enrolment.trainee
    return trainee.name, rules.masked(trainee.id_last4)


def _village(case: Case) -> tuple[str, str]:
    village = case.enrolment.trainee.village
    if village is None:
        return "", ""
    return village.parent.name if village.parent else "", village.name


def _person(number: int, case: Case) -> Row:
    name, shown = _who(case)
    enrolled = str(timezone.localdate(case.enrolment.enrolled_at))
    return [number, name, case.enrolment.trainee.sex, shown, *_village(case), enrolled]


def _log(sessions: list[VillageSession]) -> list[Row]:
    logs = {
        log.session_id: log
        for log in SessionLog.objects.filter(session__in=sessions).select_related(
            "review_event__by"
        )
    }
    sources = {"phone": "手机", "paper": "纸质名单", "desk": "办公端"}
    found = []
    for each in sessions:
        log = logs.get(each.pk)
        if log is None:
            found.append([each.number, str(each.held_on), *[""] * 11])
            continue
        present = each.attendance.filter(minutes__gt=0).count()
        by = log.review_event.by if log.review_event else None
        found.append(
            [
                each.number,
                str(each.held_on),
                _moment(log.opened_at),
                _moment(log.closed_at),
                each.minutes if log.held_minutes is None else log.held_minutes,
                str(each.get_kind_display()),
                log.place,
                "" if log.headcount is None else log.headcount,
                present,
                "、".join(sources[source] for source in log.sources),
                log.grade,
                str(log.get_review_display()),
                str(by or ""),
            ]
        )
    return found


def _attendance(one: TrainingClass, sessions: list[VillageSession], cases: list[Case]) -> list[Row]:
    marks, logs = marks_of(one), logs_of(sessions)
    away = {Mark.ABSENT, Mark.EXCUSED}
    found = []
    for case in cases:
        got, mine = case.attended, marks[case.enrolment.pk]
        total, planned = got.theory + got.practice, got.planned_theory + got.planned_practice
        grades = "".join(logs[row.session_id].grade for row in mine if row.session_id in logs)
        found.append(
            [
                *_who(case),
                got.theory,
                got.practice,
                total,
                planned,
                100 * total // planned if planned else 0,
                sum(1 for row in mine if row.mark in away),
                grades,
                YES if all(v.ok for v in case.trained) else NO,
            ]
        )
    return found


def _score(case: Case) -> Row:
    score = case.score
    if score is None:
        return [*_who(case), "", "", "", "", NO]
    passed = all(verdict.ok for verdict in case.qualified)
    said = [str(score.theory), str(score.practice), str(score.assessed_on), str(score.entered_by)]
    return [*_who(case), *said, YES if passed else NO]


def _paper(each: Certificate) -> Row:
    shown = rules.masked(each.trainee.id_last4)
    status = str(each.get_status_display())
    return [each.number, each.holder_name, shown, str(each.issued_on), each.version, status]


def _job(each: Certificate, history: History) -> Row:
    row = history.counts
    if row is None or history.known.value == "unknown":
        said = "本人有异议，待核实" if history.known.objected else "去向未知"
        return [each.number, each.holder_name, said, *[""] * 8]
    return [
        each.number, each.holder_name, str(row.get_kind_display()), row.employer, row.employer_uscc,
        row.place_code, row.job, str(row.started_on or ""), str(row.get_evidence_display()),
        str(row.recorded_by or row.said_by), _moment(row.recorded_at),
    ]  # fmt: skip
