"""Apply for the centre's register of employers, and decide about it."""

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates.employers.models import Employer, EmployerStep
from certificates.employers.services.sign_in import end_all
from tenants.current import current_tenant
from tenants.models import Tenant
from tenants.outbox.channels import way_to
from tenants.outbox.services import send_message
from tenants.provisioning import fault_of_uscc
from tenants.staff.models import User

Kind, State = EmployerStep.Kind, Employer.State
#: What an official may do in each state, and the state that follows.
NEXT = {
    State.APPLIED: {Kind.APPROVED: State.APPROVED, Kind.REFUSED: State.REFUSED},
    State.APPROVED: {Kind.SUSPENDED: State.SUSPENDED},
    State.REFUSED: {Kind.APPROVED: State.APPROVED},
    State.SUSPENDED: {Kind.RESUMED: State.APPROVED},
}
TOLD = {
    Kind.APPROVED: "服务中心已准予贵单位登记，可以登录确认在本单位就业的持证人。",
    Kind.REFUSED: "服务中心没有准予贵单位登记。",
    Kind.SUSPENDED: "服务中心已停用贵单位的登记，不能再登录。",
    Kind.RESUMED: "服务中心已恢复贵单位的登记，可以重新登录。",
}


@dataclass(frozen=True)
class Firm:
    """What an employer says of itself. `division_code` is a place anywhere in the country."""

    uscc: str
    name: str
    trade: str
    division_code: str
    address: str
    contact: str
    phone: str
    email: str = ""


def registered(uscc: str, centre: Tenant | None = None) -> Employer | None:
    """The approved employer of that credit code; at a base, that of its centre."""
    if centre is None:
        here = current_tenant()
        centre = here.centre or here
    found = Employer.objects.filter(centre_id=centre.pk, uscc=uscc.strip().upper())
    return found.filter(state=State.APPROVED).first() if uscc.strip() else None


@transaction.atomic
def apply(firm: Firm) -> Employer:
    """Take an application at the centre that is served. Raises ValidationError.

    One that was refused may be sent again; nobody changes a registered employer from outside.
    """
    if fault := fault_of_uscc(firm.uscc):
        raise ValidationError({"uscc": fault})
    centre = current_tenant()
    known = Employer.objects.select_for_update().filter(centre_id=centre.pk, uscc=firm.uscc).first()
    if known and known.state == State.APPLIED:
        raise ValidationError(
            {
                "uscc": "申请已收到，正在审核 / this employer has applied already: wait for the answer"
            }
        )
    if known and known.state != State.REFUSED:
        raise ValidationError(
            {
                "uscc": "该单位已登记，请直接登录；资料有变请电话告知服务中心"
                " / registered already: sign in, or call the centre when something has changed"
            }
        )
    found = known or Employer(centre_id=centre.pk)
    for name, value in asdict(firm).items():
        setattr(found, name, value)
    found.state, found.state_on = State.APPLIED, timezone.localdate()
    found.full_clean()
    found.save()
    EmployerStep.objects.create(employer=found, kind=Kind.APPLIED, by=firm.contact)
    return found


@transaction.atomic
def decide(employer: Employer, kind: str, by: User, reason: str = "") -> EmployerStep:
    """Approve, refuse, suspend or resume, and tell the employer. Raises ValidationError."""
    locked = Employer.objects.select_for_update().get(pk=employer.pk)
    after = NEXT[State(locked.state)].get(Kind(kind)) if kind in Kind.values else None
    if after is None:
        raise ValidationError(
            "这一步现在不能办理，请刷新页面 / this is no step now: load the page anew"
        )
    if kind in (Kind.REFUSED, Kind.SUSPENDED, Kind.RESUMED) and not reason.strip():
        raise ValidationError({"reason": "请填写理由 / say why"})
    locked.state, locked.state_on = after, timezone.localdate()
    locked.save(update_fields=["state", "state_on"])
    if after != State.APPROVED:
        end_all(locked)
    step = EmployerStep.objects.create(
        employer=locked, kind=kind, reason=reason.strip()[:200], by=str(by), account=by.username
    )
    to = locked.email or locked.phone
    because = f"理由：{step.reason}" if step.reason else ""
    text = f"{locked.name}：{TOLD[Kind(kind)]}{because} {locked.centre.name} {locked.centre.phone}"
    send_message(to, "用人单位登记", text.strip(), way_to(to))
    return step


@transaction.atomic
def change(employer: Employer, firm: dict[str, str], by: User, reason: str) -> EmployerStep | None:
    """Correct what is registered, but never the credit code; None when nothing differs."""
    locked = Employer.objects.select_for_update().get(pk=employer.pk)
    names = ("name", "trade", "division_code", "address", "contact", "phone", "email")
    changes = {
        name: [getattr(locked, name), firm[name]]
        for name in names
        if name in firm and getattr(locked, name) != firm[name]
    }
    if not changes:
        return None
    for name, (_before, now) in changes.items():
        setattr(locked, name, now)
    locked.full_clean()
    locked.save(update_fields=list(changes))
    if {"phone", "email"} & set(changes):
        end_all(locked)  # whoever got in by the old number does not stay in
    return EmployerStep.objects.create(
        employer=locked,
        kind=Kind.CHANGED,
        changes=changes,
        reason=reason.strip()[:200],
        by=str(by),
        account=by.username,
    )
