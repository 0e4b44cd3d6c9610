"""Appeals: made once a result, decided by a manager for a reason. A changed score is a new row."""

from datetime import timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from courses.assessing.models import Appeal, AppealDecision, Attempt, Result, Sitting
from courses.assessing.services.outcome import settle
from courses.assessing.services.policy import policy_of, refuse_trainer
from courses.assessing.services.standing import result_of
from tenants.staff.models import User


def open_appeals() -> QuerySet[Appeal]:
    return Appeal.objects.filter(decision__isnull=True)


def why_not(attempt: Attempt) -> str:
    """Why nobody can appeal now, in both languages; "" when somebody can."""
    sitting, row = attempt.sitting, result_of(attempt)
    if sitting.state != Sitting.State.CLOSED or sitting.closed_at is None or row is None:
        return "成绩还没有公布 / the result is not published yet"
    days = policy_of(sitting.training_class.rule_set).appeal_days
    published = max(sitting.closed_at, row.at)
    if timezone.now() > published + timedelta(days=days):
        return f"已超过 {days} 天的申诉期 / the {days} days for an appeal are over"
    if Appeal.objects.filter(result=row).exists():
        return "已提出申诉 / an appeal was made already"
    return ""


@transaction.atomic
def appeal(attempt: Attempt, text: str, by: User | None = None) -> Appeal:
    """By the examinee, or by a clerk on behalf. Raises ValidationError."""
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    text = text.strip()[:400]
    if not text:
        raise ValidationError("请写明申诉理由 / say what is wrong")
    if fault := why_not(locked):
        raise ValidationError(fault)
    return Appeal.objects.create(result=result_of(locked), text=text, by=by)


@transaction.atomic
def decide(found: Appeal, changed: Decimal | None, reason: str, by: User) -> AppealDecision:
    """Refuse it, or give the score that is right; scores and certificates follow. Raises ValidationError."""
    row = found.result
    attempt = Attempt.objects.select_for_update().select_related("sitting").get(pk=row.attempt_id)
    training_class = attempt.sitting.training_class
    refuse_trainer(training_class, by)
    reason = reason.strip()[:200]
    if not reason:
        raise ValidationError("请写明理由 / give the reason")
    if AppealDecision.objects.filter(appeal=found).exists():
        raise ValidationError("这项申诉已有裁定，请刷新页面 / this appeal is decided already")
    latest = result_of(attempt)
    if changed is not None and (latest is None or latest.pk != row.pk):
        raise ValidationError(
            "成绩在申诉后又有变化，请驳回，必要时重新申诉"
            " / the result has changed since: refuse this one and appeal again"
        )
    newer = None
    if changed is not None:
        if changed == row.score:
            raise ValidationError("复核分数与原分数相同 / the score is the same as before")
        newer = Result.objects.create(
            attempt=attempt,
            score=changed,
            how=Result.How.APPEAL,
            replaces=row,
            reason=reason,
            by=by,
        )
    made = AppealDecision.objects.create(appeal=found, changed=newer, reason=reason, by=by)
    if newer is not None:
        settle(training_class, {attempt.enrolment_id}, by, f"申诉复核：{reason}")
    return made
