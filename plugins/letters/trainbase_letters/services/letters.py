"""Draft, change, replace, sign and withdraw letters: the only writer of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from lms.plugin import Upload, save_private
from trainbase_letters import rules
from trainbase_letters.models import Decision, Event, Letter, Unit
from trainbase_letters.services.checks import fault, signature, text
from trainbase_letters.services.standing import paper_code, scope_of, year_now
from trainbase_letters.services.sums import sum_faults


@transaction.atomic
def draft(unit: Unit, year: int, targets: Mapping[str, Any], by: Any, reason: str = "") -> Letter:
    """The first letter of a year, or with `reason` a new version beside the signed one."""
    _check_year(year)
    unit = _locked(unit)
    if not unit.active:
        raise fault("单位已停用，不能下达目标", "the unit is no longer in use")
    before = list(Letter.objects.filter(unit=unit, year=year).order_by("-version"))
    if any(letter.is_draft for letter in before):
        raise fault(
            f"{year} 年已有草稿，请修改那一份",
            f"there is a draft of {year} already; change that one",
        )
    if before:
        _refuse_decided(unit, year)
        if not reason.strip():
            raise fault(
                f"{year} 年的责任状已签订（第 {before[0].version} 版），变更须写明理由，形成新版本",
                f"the letter of {year} is signed (version {before[0].version}): a change is a new"
                " version and needs a reason",
                "reason",
            )
        reason = text(reason, "reason")
    letter = Letter(unit=unit, year=year, reason=reason if before else "", leader=unit.leader)
    letter.version = before[0].version + 1 if before else 1
    _set(letter, targets)
    letter.save()
    _record(letter, Event.Kind.DRAFTED, by, letter.reason)
    return letter


@transaction.atomic
def change(letter: Letter, targets: Mapping[str, Any], by: Any, seen: int) -> Letter:
    """New targets of a draft. `seen` is `edits` as it was when the form was shown."""
    letter = _draft(letter)
    if letter.edits != seen:
        raise fault(
            "您打开后已有别人改过这份草稿，请重新打开再改",
            "somebody else has changed this draft since you opened it; open it again",
        )
    _set(letter, targets)
    letter.leader = letter.unit.leader
    letter.edits += 1
    letter.save()
    _record(letter, Event.Kind.CHANGED, by)
    return letter


@transaction.atomic
def discard(letter: Letter, by: Any, reason: str) -> None:
    """Take a draft away; what it said stays on record."""
    letter = _draft(letter)
    _record(letter, Event.Kind.DISCARDED, by, text(reason, "reason"))
    letter.delete()


def print_faults(letter: Letter) -> list[str]:
    """Why a draft is not ready to be signed."""
    if not letter.is_draft:
        return []
    found = sum_faults(letter)
    if not scope_of(letter):
        found.append(
            f"{letter.unit.name} 没有行政区划、工种，也没有有区划的下级单位，无法从台账计算，请先补上 /"
            f" {letter.unit.name} has no division, no trades and no units below with them: nothing"
            " can be counted for it; add one first"
        )
    return found


@transaction.atomic
def sign(letter: Letter, file: Any, signed_on: date, code: str, by: Any) -> Letter:
    """File the signed scan: from now on the targets stand. An older signed version is replaced."""
    letter = _draft(letter)
    _refuse_decided(letter.unit, letter.year)
    if faults := print_faults(letter):
        raise ValidationError(faults)
    if code.strip().upper() != paper_code(letter):
        raise fault(
            "核对码不符：打印以后目标改过，或不是这一份。请重新打印、签字后再上传",
            "this code is not that of the letter: targets were changed after it was printed, or it"
            " is another letter. Print it again, have it signed, then upload it",
            "code",
        )
    if not date(letter.year - 1, 1, 1) <= signed_on <= timezone.localdate():
        raise fault(
            "签订日期不能晚于今天，也不能早于上一年",
            "the day of signing is neither after today nor before the year before",
            "signed_on",
        )
    kept = save_private("letters", file)
    Letter.objects.filter(unit=letter.unit, year=letter.year, state="signed").update(
        state=Letter.State.REPLACED
    )
    letter.scope = [clause.as_json() for clause in scope_of(letter)]
    letter.state, letter.signed_on = Letter.State.SIGNED, signed_on
    letter.scan, letter.scan_name, letter.scan_sha256 = kept.path, kept.name, kept.sha256
    letter.save()
    _record(letter, Event.Kind.SIGNED, by)
    return letter


def scan_of(letter: Letter) -> Upload:
    """The filed scan, for `private_file`."""
    return Upload(letter.scan, letter.scan_name, letter.scan_sha256)


@transaction.atomic
def withdraw(letter: Letter, by: Any, reason: str) -> Letter:
    """A signed letter no longer binds; it stays to be read."""
    _locked(letter.unit)
    letter = _again(letter)
    reason = text(reason, "reason")
    if letter.state != Letter.State.SIGNED:
        raise fault("只能撤回已签订的责任状", "only a signed letter can be withdrawn")
    _refuse_decided(letter.unit, letter.year)
    letter.state = Letter.State.WITHDRAWN
    letter.save()
    _record(letter, Event.Kind.WITHDRAWN, by, reason)
    return letter


def _locked(unit: Unit) -> Unit:
    """Hold the unit and the one above it: sums are compared with what both say now."""
    list(Unit.objects.filter(pk__in=[unit.pk, unit.parent_id]).order_by("pk").select_for_update())
    return Unit.objects.select_related("parent", "division").get(pk=unit.pk)


def _again(letter: Letter) -> Letter:
    """The row as it is now, held until the end of the transaction."""
    found = Letter.objects.select_for_update().filter(pk=letter.pk).first()
    if found is None:
        raise fault("草稿已被别人删除", "somebody else has taken this draft away")
    return found


def _draft(letter: Letter) -> Letter:
    _locked(letter.unit)
    found = _again(letter)
    if not found.is_draft:
        raise fault(
            f"{found.year} 年第 {found.version} 版已归档，目标不能再改；变更请另起新版本并写明理由",
            f"version {found.version} of {found.year} is filed and its targets stand; a change is"
            " a new version with a reason",
        )
    return found


def _refuse_decided(unit: Unit, year: int) -> None:
    letters = Letter.objects.filter(unit=unit, year=year)
    met = letters.filter(assessments__missed=False).exists()
    if met or Decision.objects.filter(assessment__letter__in=letters).exists():
        raise fault(
            f"{year} 年已经考核，责任状不能再变更", f"{year} is assessed; its letter stays as it is"
        )


def _check_year(year: int) -> None:
    last = year_now() + 1
    if not rules.FIRST_YEAR <= year <= last:
        raise fault(
            f"年度应在 {rules.FIRST_YEAR} 至 {last} 之间",
            f"the year is between {rules.FIRST_YEAR} and {last}",
            "year",
        )


def _set(letter: Letter, targets: Mapping[str, Any]) -> None:
    """Raises for each target that is none, is no whole number, is below 0 or beyond all people."""
    faults = {}
    for metric in rules.METRICS:
        value = targets.get(metric)
        if isinstance(value, bool) or not isinstance(value, int):
            faults[metric] = "请填整数，没有目标填 0 / a whole number; 0 where there is no target"
        elif not 0 <= value <= rules.LARGEST:
            faults[metric] = (
                f"应在 0 至 {rules.LARGEST} 人之间，请核对 / between 0 and {rules.LARGEST} people;"
                " check it"
            )
        else:
            setattr(letter, metric, value)
    if faults:
        raise ValidationError(faults)
    if not any(letter.targets.values()):
        raise fault("至少下达一项目标", "give at least one target")


def _record(letter: Letter, kind: str, by: Any, note: str = "") -> None:
    Event.objects.create(
        unit=letter.unit,
        year=letter.year,
        version=letter.version,
        kind=kind,
        note=note,
        targets=letter.targets,
        **signature(by),
    )
