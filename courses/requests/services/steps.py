"""Send a request, decide it, carry it out: one row a step, and none is ever changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.requests.facts import Facts, facts_from
from courses.requests.models import ClassRequest, RequestStep, RequestVersion
from courses.requests.rules.steps import EFFECT, step_fault
from tenants.cells import must_be_here
from tenants.models import Division, Tenant, Trade


@dataclass(frozen=True)
class By:
    """Who takes a step: the name that is shown, and the account behind it."""

    name: str
    account: str = ""


@transaction.atomic
def send(
    tenant: Tenant,
    kind: str,
    facts: Facts,
    by: By,
    *,
    before: Facts | None = None,
    notes: Any = (),
    number: str = "",
) -> ClassRequest:
    """Send the first version, or with `number` the next one of a request that came back.

    Raises ValidationError; another request of the same class that is under way is one reason.
    """
    locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
    must_be_here(locked)
    now = timezone.now()
    columns: dict[str, Any] = {
        "class_code": facts.class_code,
        "project": facts.project_name,
        "trade": Trade.objects.get(code=facts.trade),
        "village": Division.objects.get(code=facts.village),
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "people": facts.people,
    }
    if number:
        found = _locked(number)
        if found.tenant_id != locked.pk:
            raise ValidationError("没有这份申请 / there is no such request")
        _check(found.state, "send", "")
        for name, value in columns.items():
            setattr(found, name, value)
    else:
        found = ClassRequest(
            tenant=locked, number=_next_number(locked, timezone.localdate()), kind=kind, **columns
        )
    found.state, found.state_on = "sent", timezone.localdate()
    _save(found)
    version = RequestVersion.objects.filter(request=found).count() + 1
    RequestVersion.objects.create(
        request=found,
        number=version,
        facts=facts.as_json(),
        before=before.as_json() if before else None,
        notes=list(notes),
        sent_at=now,
    )
    _write(found, "send", by, version, "", "")
    return found


def _next_number(tenant: Tenant, on: date) -> str:
    """The tenant's row is locked: nobody else counts meanwhile."""
    prefix = f"{tenant.issuer_code}-K{on.year}-"
    return f"{prefix}{ClassRequest.objects.filter(number__startswith=prefix).count() + 1:04}"


def _save(found: ClassRequest) -> None:
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise ValidationError(
            f"班次 {found.class_code} 已有一份在办的申请，请先办完或撤回"
            f" / a request of the class {found.class_code} is under way: finish or withdraw it first"
        ) from error


def _locked(number: str) -> ClassRequest:
    found = ClassRequest.objects.select_for_update().filter(number=number).first()
    if found is None:
        raise ValidationError("没有这份申请 / there is no such request")
    return found


def _check(state: str, kind: str, reason: str) -> None:
    if fault := step_fault(state, kind, reason):
        raise ValidationError(fault)


@transaction.atomic
def take_step(
    number: str, kind: str, by: By, *, version: int = 0, reason: str = "", document: str = ""
) -> ClassRequest:
    """Any step but the sending. `version` is the one that was looked at: another one meanwhile refuses.

    Raises ValidationError that says what is missing.
    """
    found = _locked(number)
    last = RequestVersion.objects.filter(request=found).count()
    if version and version != last:
        raise ValidationError(
            "申请在您打开后又改过，请看过新的一版再办 / it was sent anew meanwhile: look at that version"
        )
    _check(found.state, kind, reason)
    must_be_here(Tenant.objects.get(pk=found.tenant_id))
    found.state, found.state_on = EFFECT[kind], timezone.localdate()
    found.save(update_fields=["state", "state_on"])
    _write(found, kind, by, last, reason, document)
    return found


def _write(
    found: ClassRequest, kind: str, by: By, version: int, reason: str, document: str
) -> None:
    if not by.name.strip():
        raise ValidationError("请先填写您的姓名 / your account needs your name first")
    step = RequestStep(
        request=found,
        number=RequestStep.objects.filter(request=found).count() + 1,
        kind=kind,
        on=timezone.localdate(),
        version=version,
        official=by.name.strip()[:80],
        account=by.account[:150],
        reason=reason.strip()[:400],
        document=document.strip()[:60],
        recorded_at=timezone.now(),
    )
    step.save()


def last_version(found: ClassRequest) -> RequestVersion:
    version = RequestVersion.objects.filter(request=found).order_by("-number").first()
    assert version is not None  # written with the request
    return version


def facts_of(found: ClassRequest) -> Facts:
    """What the last version says."""
    return facts_from(last_version(found).facts)
