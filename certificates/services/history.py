"""Who changed what: gathered from the records that each change has left, for a class or a trainee.

Nothing is written for it: rosters, the field log, scores, the issuance log, outcomes and looks say it all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.dossiers.models import Dossier
from certificates.models import Certificate, LogEntry, Objection, Outcome, Reevaluation, Revocation
from courses.assessing.models import Sitting
from courses.fieldlog.models import FieldEvent, Reading
from courses.intake.models import EnrolmentChange
from courses.models import Enrolment, RosterImport, Score, Trainee, TrainingClass
from courses.retention.models import RetiredClass
from tenants.lists.history import Entry, of_log, of_logs
from tenants.looks.models import Look


@dataclass(frozen=True)
class Change:
    """`who` is empty where a record of that time did not keep it; `until` for many of one kind."""

    at: datetime
    who: str
    what: str
    whom: str
    said: str = ""


def of_class(training_class: TrainingClass) -> list[Change]:
    """Everything that is recorded of the class and its people, the newest first."""
    enrolments = list(training_class.enrolments.select_related("trainee"))
    found = [*_of_class(training_class), *_of_people(enrolments)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def of_trainee(enrolments: Iterable[Enrolment]) -> list[Change]:
    """Everything that is recorded of one trainee, in all classes, the newest first."""
    return sorted(_of_people(list(enrolments)), key=lambda each: each.at, reverse=True)


def of_certificate(paper: Certificate) -> list[Change]:
    """What was done to one certificate, and what came of it, the newest first."""
    papers = {paper.number: paper}
    found = [*_of_papers(papers), *_of_outcomes(papers)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _of_class(one: TrainingClass) -> Iterator[Change]:
    yield Change(one.opened_at, "", _("开班"), one.code, str(one.rule_set))
    imports = list(RosterImport.objects.filter(training_class=one).select_related("uploaded_by"))
    for kept in imports:
        who = str(kept.uploaded_by or "")
        yield Change(kept.uploaded_at, who, _("上传花名册"), one.code, kept.file_name)
        if kept.confirmed_at:
            counts = _("导入 %(good)s 人，退回 %(bad)s 行") % {
                "good": kept.imported, "bad": kept.refused,
            }  # fmt: skip
            yield Change(kept.confirmed_at, who, _("确认花名册"), one.code, counts)
    yield from _noted(of_log(one), one.code)
    yield from _of_sessions(one)
    yield from _of_sittings(one)
    yield from _looks(Look.What.ROSTER, [kept.pk for kept in imports])
    dossiers = list(Dossier.objects.filter(training_class=one).select_related("made_by"))
    for each in dossiers:
        said = f"v{each.number} {each.digest[:12]}"
        yield Change(each.made_at, str(each.made_by or ""), _("制作补贴档案"), one.code, said)
    yield from _looks(Look.What.DOSSIER, [each.pk for each in dossiers])
    for gone in RetiredClass.objects.filter(training_class=one).select_related("run"):
        yield Change(gone.run.at, gone.run.said_by, _("到期清理"), one.code, gone.run.digest[:12])


#: What the kinds of the log's events are called here.
def _kinds() -> dict[str, str]:
    return {
        "mark": _("记考勤"), "review": _("审核考勤"), "decision": _("裁定考勤"),
        "session_opened": _("开始上课"), "session_closed": _("下课"), "walk_in": _("登记临时学员"),
        "paper_sheet": _("录入纸质名单"), "countersign": _("复核纸质名单"),
        "signature": _("学员签名"), "roll_call": _("点名"), "photo": _("拍照"),
        "position": _("定位"), "session_reopened": _("重新开课"), "note": _("备注"),
        "loss": _("报告遗失"),
    }  # fmt: skip


def _of_sessions(one: TrainingClass) -> Iterator[Change]:
    """The log by session, kind, person and source: forty marks of an evening are one line."""
    rows = (
        Reading.objects.filter(session__training_class=one, fault="")
        .order_by()
        .values("session__number", "kind", "event__source", "event__by", "event__device__trainer")
        .annotate(
            n=Count("pk"),
            at=Max("event__received_at"),
            since=Min("event__received_at"),
            by=Max("event__by__display_name"),
            trainer=Max("event__device__trainer__display_name"),
        )
    )
    kinds = _kinds()
    for row in rows:
        source = FieldEvent.Source(row["event__source"]).label
        whom = _("第 %(n)s 次课") % {"n": row["session__number"]}
        said = f"{source} × {row['n']}"
        who = row["by"] or row["trainer"] or ""
        yield Change(row["at"], who, kinds.get(row["kind"], row["kind"]), whom, said)


def _of_sittings(one: TrainingClass) -> Iterator[Change]:
    """When each was planned, begun and ended; who did the last two stands in its own history."""
    for each in Sitting.objects.filter(training_class=one).select_related("made_by"):
        whom = f"{each.get_part_display()} {each.held_on}"
        said = str(each.get_how_display())
        if each.state == Sitting.State.CANCELLED:
            said = f"{said} · {each.get_state_display()}"
        yield Change(each.made_at, str(each.made_by), _("安排考核"), whom, said)
        if each.opened_at:
            yield Change(each.opened_at, "", _("开始考核"), whom, said)
        if each.closed_at:
            yield Change(each.closed_at, "", _("结束考核"), whom, said)


def _of_people(enrolments: list[Enrolment]) -> Iterator[Change]:
    names = {each.pk: each.trainee.name for each in enrolments}
    for each in enrolments:
        yield Change(each.enrolled_at, "", _("报名"), names[each.pk], each.training_class.code)
    yield from _of_places(names)
    for score in Score.objects.filter(enrolment__in=names).select_related("entered_by"):
        what = _("更正成绩") if score.replaces_id else _("录入成绩")
        said = f"{score.theory} / {score.practice} {score.reason}".strip()
        yield Change(score.entered_at, str(score.entered_by), what, names[score.enrolment_id], said)
    certificates = Certificate.objects.filter(enrolment__in=names).select_related("issued_by")
    papers = {each.number: each for each in certificates}
    yield from _of_papers(papers)
    yield from _of_outcomes(papers)
    people = {each.trainee_id: each.trainee.name for each in enrolments}
    for key, noted in of_logs(Trainee, people.keys()).items():
        yield from _noted(noted, people[key])
    yield from _looks(Look.What.TRAINEE, list(people))


def _noted(entries: Iterable[Entry], whom: str) -> Iterator[Change]:
    for noted in entries:
        said = "；".join(f"{name} {old} → {new}" for name, old, new in noted.changes)
        yield Change(noted.at, noted.who, noted.what, whom, said)


def _of_places(names: dict[int, str]) -> Iterator[Change]:
    """Waited, moved up, transferred, withdrawn, came back: each with its reason."""
    rows = EnrolmentChange.objects.filter(enrolment__in=names).exclude(
        was="", state=Enrolment.State.ENROLLED, moved_from=None
    )
    for row in rows.select_related("by", "moved_to__training_class", "moved_from__training_class"):
        other = row.moved_to or row.moved_from
        parts = [
            str(row.on),
            row.get_why_display() if row.why else "",
            row.words,
            other.training_class.code if other else "",
        ]
        what = _("名单变动：%(state)s") % {"state": row.get_state_display()}
        said = " · ".join(str(part) for part in parts if part)
        yield Change(row.at, str(row.by or ""), what, names[row.enrolment_id], said)


def _of_papers(papers: dict[str, Certificate]) -> Iterator[Change]:
    for line in LogEntry.objects.filter(subject__in=papers):
        paper = papers[line.subject]
        who = str(paper.issued_by or "") if line.kind == LogEntry.Kind.ISSUED else ""
        if line.kind in (LogEntry.Kind.REVOKED, LogEntry.Kind.REISSUE_ALLOWED):
            by = paper.revoked_by if line.kind == LogEntry.Kind.REVOKED else paper.reissue_by
            who = str(by or "")
        said = f"{line.subject} {line.facts.get('reason', '')}".strip()
        yield Change(line.at, who, str(LogEntry.Kind(line.kind).label), paper.holder_name, said)
    mine = list(papers.values())
    asked = Revocation.objects.filter(certificate__in=mine).select_related(
        "certificate", "asked_by", "decided_by"
    )
    for each in asked:
        name = each.certificate.holder_name
        yield Change(each.asked_at, str(each.asked_by), _("提出撤销"), name, each.reason)
        if each.decided_at:
            what = f"{_('撤销申请')}：{each.get_state_display()}"
            yield Change(each.decided_at, str(each.decided_by or ""), what, name, each.note)
    for found in Reevaluation.objects.filter(certificate__in=mine).select_related("certificate"):
        if found.decided_at:
            what = f"{_('发证后的考勤或成绩变化')}：{found.get_state_display()}"
            name = found.certificate.holder_name
            yield Change(found.decided_at, str(found.decided_by or ""), what, name, found.reason)


def _of_outcomes(papers: dict[str, Certificate]) -> Iterator[Change]:
    mine = [each.pk for each in papers.values()]
    rows = Outcome.objects.filter(certificate__in=mine).select_related("certificate", "recorded_by")
    for row in rows:
        parts = [row.get_kind_display(), row.employer, row.get_evidence_display(), row.reason]
        who = str(row.recorded_by or row.said_by)
        name = row.certificate.holder_name
        yield Change(row.recorded_at, who, _("登记去向"), name, " · ".join(filter(None, parts)))
    objections = Objection.objects.filter(outcome__certificate__in=mine)
    for each in objections.select_related("outcome__certificate", "decided_by"):
        name = each.outcome.certificate.holder_name
        yield Change(each.said_at, name, _("本人提出异议"), name, each.text)
        if each.decided_at:
            what = str(each.get_state_display())
            yield Change(each.decided_at, str(each.decided_by or ""), what, name, each.note)


def _looks(what: str, keys: list[int]) -> Iterator[Change]:
    for look in Look.objects.filter(what=what, key__in=keys).select_related("by"):
        said = f"{look.get_why_display()}：{look.text}"
        label = f"{_('查看')}：{look.get_what_display()}"
        yield Change(look.at, str(look.by), label, look.subject, said)


def row_of(change: Change) -> list[Any]:
    """For a table: moments in the base's own time."""
    at = timezone.localtime(change.at).strftime("%Y-%m-%d %H:%M")
    return [at, change.who, change.what, change.whom, change.said]
