"""Write the steps of a base's history, and read how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenants.cells import must_be_here
from tenants.designations.models import DesignatedTrade, Designation, Step, TrainingBase
from tenants.designations.rules import (
    EFFECT,
    NEXT,
    Decision,
    Standing,
    Terms,
    TradeTerms,
    standing_on,
    step_fault,
)
from tenants.models import Division, Tenant, Trade
from tenants.provisioning import fault_of_uscc

AGAINST = ("warn", "suspend", "remove")


@dataclass(frozen=True)
class Official:
    """Who takes a step: the name that a notice prints, and the account behind it."""

    name: str
    account: str = ""


@dataclass(frozen=True)
class Places:
    """A trade of a designation: people, and class hours from and to."""

    places: int
    hours_from: int
    hours_to: int


@transaction.atomic
def apply_for(
    centre: Tenant, uscc: str, name: str, division: Division, by: Official, on: date | None = None
) -> TrainingBase:
    """Write down that an institution asks to be a base. Raises ValidationError.

    One institution has one record: a refused or removed one applies again on the same, which keeps
    its name and place until an official has seen the new ones.
    """
    if fault := fault_of_uscc(uscc):
        raise ValidationError({"uscc": fault})
    on = on or timezone.localdate()
    base, made = TrainingBase.objects.get_or_create(
        uscc=uscc,
        defaults={
            "centre": centre,
            "name": name,
            "division": division,
            "state": TrainingBase.State.APPLIED,
            "state_on": on,
        },
    )
    if not made and "apply" not in _next(base):
        raise ValidationError(
            {
                "uscc": "这个机构已有申请或认定，请用原来的受理号查询"
                " / this institution has applied already: follow it by its number"
            }
        )
    _step(base, "apply", by, on=on)
    return base


def _next(base: TrainingBase) -> frozenset[str]:
    last = base.steps.order_by("-number").first()
    return NEXT[EFFECT[last.kind]] if last else NEXT[""]


@transaction.atomic
def designate(
    base: TrainingBase,
    by: Official,
    *,
    document: str,
    starts_on: date,
    ends_on: date,
    trades: Mapping[str, Places],
    reason: str,
    on: date | None = None,
) -> Designation:
    """The centre's decision that the base may teach `trades` (by code). Raises ValidationError."""
    faults: dict[str, str] = {}
    if ends_on < starts_on:
        faults["ends_on"] = "到期日不能早于起始日 / the last day lies before the first"
    if not trades:
        faults["trades"] = "请至少填写一个工种的名额 / give the places of at least one trade"
    for places in trades.values():
        if places.places < 1 or not 1 <= places.hours_from <= places.hours_to:
            faults["trades"] = (
                "名额至少 1 人，课时下限不能大于上限 / at least one place; hours from, then to"
            )
    if Designation.objects.filter(document=document.strip()).exists():
        faults["document"] = "这个文件号已用过，请核对 / this document number is used already"
    if faults:
        raise ValidationError(faults)
    terms = Designation(base=base, document=document.strip(), starts_on=starts_on, ends_on=ends_on)
    terms.full_clean()
    terms.save()
    known = {trade.code: trade for trade in Trade.objects.filter(code__in=trades)}
    for code, places in trades.items():
        DesignatedTrade.objects.create(designation=terms, trade=known[code], **vars(places))
    take_step(base, "designate", by, document=document, reason=reason, on=on, designation=terms)
    TrainingBase.objects.filter(pk=base.pk).update(ends_on=ends_on)
    return terms


@transaction.atomic
def take_step(
    base: TrainingBase,
    kind: str,
    by: Official,
    *,
    reason: str = "",
    document: str = "",
    may_finish: bool = False,
    on: date | None = None,
    designation: Designation | None = None,
) -> Step:
    """Write any step but the application. Raises ValidationError that says what is missing."""
    faults: dict[str, str] = {}
    if not reason.strip():
        faults["reason"] = "请写明理由 / say why"
    if kind in ("designate", "warn", "suspend", "remove", "lift") and not document.strip():
        faults["document"] = "请填写文件号 / give the document number"
    if faults:
        raise ValidationError(faults)
    return _step(
        base,
        kind,
        by,
        on=on or timezone.localdate(),
        reason=reason.strip(),
        document=document.strip(),
        may_finish=may_finish and kind == "suspend",
        designation=designation,
    )


def _step(base: TrainingBase, kind: str, by: Official, *, on: date, **facts: object) -> Step:
    """One at a time a base: the record is locked, so that two officials cannot both be last."""
    locked = TrainingBase.objects.select_for_update().get(pk=base.pk)
    if locked.tenant_id:
        must_be_here(Tenant.objects.get(pk=locked.tenant_id))
    last = Step.objects.filter(base=base).order_by("-number").first()
    fault = step_fault(
        EFFECT[last.kind] if last else "", kind, on, last.on if last else None, timezone.localdate()
    )
    if fault:
        raise ValidationError(fault)
    if not by.name.strip():
        raise ValidationError("请先填写您的姓名 / your account needs your name first")
    step = Step(
        base=base,
        number=last.number + 1 if last else 1,
        kind=kind,
        on=on,
        official=by.name.strip(),
        account=by.account,
        **facts,
    )
    step.full_clean(exclude=["designation"])
    step.save()
    TrainingBase.objects.filter(pk=base.pk).update(state=EFFECT[kind], state_on=on)
    base.state, base.state_on = EFFECT[kind], on
    return step


def history(base: TrainingBase) -> list[Decision]:
    """The steps of a base as the rules read them."""
    steps = (
        Step.objects.filter(base=base)
        .select_related("designation")
        .prefetch_related("designation__trades__trade")
        .order_by("number")
    )
    return [
        Decision(
            step.kind,
            _effective(step),
            step.document,
            step.may_finish,
            terms_of(step.designation) if step.designation else None,
        )
        for step in steps
    ]


def _effective(step: Step) -> date:
    """From when a step counts. One against the base counts from the day it was written down:

    what was issued before nobody could know of it.
    """
    recorded = timezone.localtime(step.recorded_at).date()
    return max(step.on, recorded) if step.kind in AGAINST else step.on


def terms_of(designation: Designation) -> Terms:
    return Terms(
        document=designation.document,
        starts_on=designation.starts_on,
        ends_on=designation.ends_on,
        trades={
            line.trade.code: TradeTerms(
                line.trade.name, line.places, line.hours_from, line.hours_to
            )
            for line in designation.trades.all()
        },
    )


def standing_of(tenant: Tenant, day: date | None = None) -> Standing:
    """How the base of `tenant` stands on `day` (today): nothing, when it has no record."""
    base = TrainingBase.objects.filter(tenant_id=tenant.pk).first()
    if base is None:
        return Standing()
    return standing_on(history(base), day or timezone.localdate())


@transaction.atomic
def link_site(base: TrainingBase, tenant: Tenant) -> None:
    """The record's site stands. Raises ValidationError when it has another, or is no base's."""
    locked = TrainingBase.objects.select_for_update().get(pk=base.pk)
    if locked.tenant_id not in (None, tenant.pk) or tenant.uscc != locked.uscc:
        raise ValidationError("这个网站属于另一个机构 / this site belongs to another institution")
    locked.tenant = tenant
    locked.save(update_fields=["tenant"])
    base.tenant = tenant
