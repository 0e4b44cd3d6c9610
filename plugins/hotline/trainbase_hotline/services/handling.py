"""A complaint is handled: every verb locks it, checks the rule, appends a step."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from lms.plugin import User, Verdict
from trainbase_hotline import clock, rules
from trainbase_hotline.files import check_files, keep_files
from trainbase_hotline.kinds import Satisfaction
from trainbase_hotline.models import Complaint, Department, Step, settings_now
from trainbase_hotline.services.identity import name_of


class Changed(ValidationError):
    """Somebody else was faster; the text says what they did."""


def _locked(pk: int, seen: int) -> Complaint:
    """The complaint, nobody else's meanwhile. Raises Changed when it is not what was seen."""
    found: Complaint = Complaint.objects.select_for_update().get(pk=pk)
    if found.version != seen:
        news = list(Step.objects.filter(complaint=found, number__gt=seen).select_related("by"))
        raise Changed(
            f"您打开以后，有人办理了这件投诉：{_told(news, 'zh-hans')}。您填写的内容还在，请核对后再提交"
            f" / somebody handled it after you opened it: {_told(news, 'en')}. What you typed is kept; "
            "check it, then send it again"
        )
    return found


def _told(news: list[Step], language: str) -> str:
    with override(language):
        return "; ".join(
            f"{timezone.localtime(step.at):%H:%M} {step.by or ''} {step.get_kind_display()}"
            for step in news
        )


def _obey(verdict: Verdict) -> None:
    if not verdict.ok:
        raise ValidationError(f"{verdict.zh} / {verdict.en}")


def _text(text: str, *, needed: bool = True) -> str:
    found = rules.plain(text)
    if needed and not found:
        raise ValidationError({"text": "请填写内容 / write the text"})
    if len(found) > rules.ANSWER_LIMIT:
        raise ValidationError(
            {
                "text": f"写了 {len(found)} 字，最多 {rules.ANSWER_LIMIT} 字，请缩短 / {len(found)} "
                f"characters, at most {rules.ANSWER_LIMIT}; shorten it"
            }
        )
    return found


def _append(complaint: Complaint, kind: str, by: User | None, **more: Any) -> Step:
    complaint.version += 1
    step = Step.objects.create(
        complaint=complaint,
        number=complaint.version,
        round=complaint.round,
        kind=kind,
        by=by,
        at=more.pop("at", None) or clock.now(),
        **more,
    )
    complaint.save()
    return step


@transaction.atomic
def assign(pk: int, department: Department, by: User, seen: int, text: str = "") -> Step:
    """To the first department, or handed over to another with the reason in `text`."""
    complaint = _locked(pk, seen)
    source = settings_now().document
    _obey(rules.may_act(complaint.standing, source))
    reason = _text(text, needed=False)
    _obey(rules.may_assign(complaint.standing, str(department.pk), reason, source))
    if not department.active:
        raise ValidationError("这个部门已停用，请选另一个 / this department is no longer used")
    before = complaint.department
    complaint.department, complaint.state = department, Complaint.State.HANDLING
    kind = Step.Kind.HANDED_OVER if before else Step.Kind.ASSIGNED
    return _append(
        complaint, kind, by, text=reason, from_department=before, to_department=department
    )


def answer(pk: int, by: User, seen: int, text: str) -> Step:
    """The first contact: stamped now; `text` is what the complainant reads."""
    return _stamp(pk, rules.ANSWERED, by, seen, text)


def give_opinion(pk: int, by: User, seen: int, text: str) -> Step:
    """The handling opinion: stamped now; `text` is what the complainant reads."""
    return _stamp(pk, rules.OPINION, by, seen, text)


@transaction.atomic
def _stamp(pk: int, kind: str, by: User, seen: int, text: str) -> Step:
    complaint = _locked(pk, seen)
    source = settings_now().document
    _obey(rules.may_act(complaint.standing, source))
    _obey(rules.may_stamp(complaint.standing, kind, source))
    said = _text(text)
    staff = [n.strip() for n in User.objects.values_list("display_name", flat=True) if n.strip()]
    if faults := rules.faults_of_public(said, [*staff, name_of(complaint)]):
        raise ValidationError({"text": faults})
    now = max(clock.now(), complaint.round_at)  # should somebody have set the clock back
    due = complaint.answer_due_at if kind == rules.ANSWERED else complaint.opinion_due_at
    if kind == rules.ANSWERED:
        complaint.answered_at = now
    else:
        complaint.opinion_at = now
    return _append(complaint, kind, by, at=now, text=said, due_at=due, late=rules.is_late(due, now))


@transaction.atomic
def note(pk: int, by: User, seen: int, text: str) -> Step:
    """What was found out; only handlers read it."""
    complaint = _locked(pk, seen)
    _obey(rules.may_act(complaint.standing, settings_now().document))
    return _append(complaint, Step.Kind.NOTED, by, text=_text(text))


@transaction.atomic
def attach(pk: int, by: User, seen: int, files: list[UploadedFile]) -> Step:
    if not files:
        raise ValidationError({"files": "请选择文件 / choose a file"})
    check_files(files)
    complaint = _locked(pk, seen)
    _obey(rules.may_act(complaint.standing, settings_now().document))
    keep_files(complaint, files, by)
    names = "、".join(str(file.name)[-120:] for file in files)
    return _append(complaint, Step.Kind.ATTACHED, by, text=names)


@transaction.atomic
def close(pk: int, by: User, seen: int, satisfaction: str, text: str = "") -> Step:
    """The end of a round, with what the complainant thinks of it."""
    complaint = _locked(pk, seen)
    source = settings_now().document
    _obey(rules.may_act(complaint.standing, source))
    _obey(rules.may_close(complaint.standing, source))
    if satisfaction not in Satisfaction.values:
        raise ValidationError({"satisfaction": "请选择满意度 / choose the satisfaction"})
    complaint.state, complaint.closed_at = Complaint.State.CLOSED, clock.now()
    complaint.satisfaction = satisfaction
    return _append(
        complaint,
        Step.Kind.CLOSED,
        by,
        at=complaint.closed_at,
        satisfaction=satisfaction,
        text=_text(text, needed=False),
    )


@transaction.atomic
def reopen(pk: int, by: User, seen: int, text: str) -> Step:
    """The next round: both stamps are due again, counted from now."""
    complaint = _locked(pk, seen)
    settings, now = settings_now(), clock.now()
    _obey(rules.may_reopen(complaint.standing, settings.document))
    reason = _text(text)
    complaint.round += 1
    complaint.round_at = now
    complaint.answer_due_at = rules.due_at(now, settings.answer_hours)
    complaint.opinion_due_at = rules.due_at(now, settings.opinion_hours)
    complaint.answered_at = complaint.opinion_at = complaint.closed_at = None
    complaint.satisfaction = ""
    complaint.state = (
        Complaint.State.HANDLING if complaint.department_id else Complaint.State.RECEIVED
    )
    return _append(complaint, Step.Kind.REOPENED, by, at=now, text=reason)
