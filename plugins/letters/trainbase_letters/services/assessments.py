"""Propose, decide, appeal, answer. Facts are only added; the system decides nothing by itself."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from trainbase_letters import rules
from trainbase_letters.models import (
    Appeal,
    AppealDecision,
    Assessment,
    Decision,
    Letter,
    LettersSettings,
)
from trainbase_letters.services import standing
from trainbase_letters.services.actuals import Actuals, actuals
from trainbase_letters.services.checks import fault, signature, text


@transaction.atomic
def propose(letter: Letter, by: Any, counted: Actuals | None = None) -> Assessment:
    """Count the year from the ledgers, judge it, and propose the ladder's step."""
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    settings = LettersSettings.load()
    last = standing.assessments([letter]).get(letter.pk)
    _check_may_propose(letter, settings, last)
    counted = counted or actuals(letter.year, fresh=True)
    if counted.unread:
        raise fault(
            f"这些基地的台账读不到，不能考核：{'、'.join(counted.unread)}，请稍后再试",
            "the ledgers of these bases cannot be read, so that nothing is assessed; try again"
            f" later: {', '.join(counted.unread)}",
        )
    lines = rules.judge(
        letter.targets, counted.of(letter.signed_scope), settings.judged, settings.threshold
    )
    missed = any(line.missed for line in lines)
    before = standing.missed_years(letter.unit_id, letter.year)
    in_row = rules.years_in_row(before | {letter.year: missed}, letter.year)
    step = rules.proposed(settings.steps, in_row)
    return Assessment.objects.create(
        letter=letter,
        number=last.number + 1 if last else 1,
        lines=[line.as_json() for line in lines],
        basis=settings.source,
        threshold=settings.threshold,
        missed=missed,
        in_row=in_row,
        step=step.number if step else None,
        step_zh=step.zh if step else "",
        step_en=step.en if step else "",
        **signature(by),
    )


def propose_all(year: int, by: Any) -> tuple[int, list[str]]:
    """Assess every signed letter of the year that is not settled: how many, and what failed."""
    letters = standing.signed(year)
    last = standing.assessments(letters.values())
    waiting = [x for x in letters.values() if standing.decision_of(last.get(x.pk)) is None]
    waiting = [x for x in waiting if not (x.pk in last and not last[x.pk].missed)]
    counted = actuals(year, fresh=True) if waiting else None
    done, faults = 0, []
    for letter in sorted(waiting, key=lambda x: x.unit_id):
        try:
            propose(letter, by, counted)
            done += 1
        except ValidationError as error:
            faults += [f"{letter.unit.name}：{message}" for message in error.messages]
    return done, faults


def _check_may_propose(letter: Letter, settings: LettersSettings, last: Assessment | None) -> None:
    if letter.state != Letter.State.SIGNED:
        raise fault("没有签订的责任状不考核", "only a signed letter is assessed")
    first = rules.assessable_from(letter.year, settings.early_days)
    if timezone.localdate() < first:
        raise fault(
            f"{first} 起才能考核 {letter.year} 年", f"{letter.year} is assessed from {first}"
        )
    if standing.decision_of(last):
        raise fault(f"{letter.year} 年已经决定", f"{letter.year} is decided already")
    if last and not last.missed:
        raise fault(f"{letter.year} 年已考核为完成", f"{letter.year} is assessed as met already")
    earlier = [x for x in standing.unsettled(letter.year - 1) if x.unit_id == letter.unit_id]
    if earlier:
        raise fault(
            f"请先考核并决定 {earlier[0].year} 年，才知道是连续第几年",
            f"assess and decide {earlier[0].year} first, to know how many years are in a row",
        )


@transaction.atomic
def decide(assessment: Assessment, kind: str, reason: str, by: Any) -> Decision:
    """The named official confirms the proposal, or grants an exception."""
    reason = text(reason, "reason")
    if kind not in Decision.Kind.values:
        raise fault("请选择确认或准予例外", "choose to confirm or to grant an exception", "kind")
    letter = Letter.objects.select_for_update().get(pk=assessment.letter_id)
    last = standing.assessments([letter])[letter.pk]
    if done := standing.decision_of(last):
        raise fault(
            f"{done.by_name} 已于 {timezone.localtime(done.at):%Y-%m-%d %H:%M} 决定，不能再次决定",
            f"{done.by_name} has decided it already, at {timezone.localtime(done.at):%Y-%m-%d %H:%M}",
        )
    if letter.state != Letter.State.SIGNED or last.pk != assessment.pk:
        raise fault(
            "责任状或考核结果已有更新，请重新打开再决定",
            "the letter or its assessment is no longer this one; open it again",
        )
    if not last.missed:
        raise fault(
            "已完成目标，没有可决定的处理", "the targets are met; there is nothing to decide"
        )
    return Decision.objects.create(assessment=last, kind=kind, reason=reason, **signature(by))


@transaction.atomic
def appeal(decision: Decision, appellant: str, received_on: date, said: str, by: Any) -> Appeal:
    """Record what the unit says against a confirmed step; once."""
    appellant, said = text(appellant, "appellant", 60), text(said, "text", 4000)
    decision = _held(decision, Decision.objects.select_related("assessment"))
    if decision.kind != Decision.Kind.CONFIRMED:
        raise fault("准予例外的没有处理可申诉", "an exception leaves nothing to appeal against")
    if Appeal.objects.filter(decision=decision).exists():
        raise fault("已有申诉，不能再登记一次", "an appeal is on record already")
    local = timezone.localtime(decision.at).date()
    if not local <= received_on <= timezone.localdate():
        raise fault(
            f"收到日期应在决定之日（{local}）至今天之间",
            f"the day is between that of the decision ({local}) and today",
            "received_on",
        )
    return Appeal.objects.create(
        decision=decision, appellant=appellant, received_on=received_on, text=said, **signature(by)
    )


@transaction.atomic
def answer(found: Appeal, kind: str, reason: str, by: Any) -> AppealDecision:
    """Uphold or reject an appeal; by somebody other than who decided where there is one."""
    reason = text(reason, "reason")
    if kind not in AppealDecision.Kind.values:
        raise fault("请选择申诉成立或不成立", "choose whether the appeal is upheld", "kind")
    found = _held(found, Appeal.objects.all())
    if hasattr(found, "answer"):
        done = found.answer
        raise fault(
            f"{done.by_name} 已经答复，不能再次答复", f"{done.by_name} has answered it already"
        )
    return AppealDecision.objects.create(appeal=found, kind=kind, reason=reason, **signature(by))


def _held(row: Any, among: Any) -> Any:
    """The row again, held: two officials at once come one after the other."""
    lock: Callable[..., Any] = among.model.objects.select_for_update
    lock().get(pk=row.pk)
    return among.get(pk=row.pk)
