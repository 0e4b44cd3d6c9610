"""Decide what a holder has said against an outcome, and tell the holder."""

from django.db import transaction

from certificates.employment.services.claims import withdrawn
from certificates.models import Objection
from certificates.services.outcomes import decide_objection
from tenants.current import current_tenant
from tenants.outbox.channels import way_to
from tenants.outbox.services import send_message
from tenants.staff.models import User


@transaction.atomic
def decide(found: Objection, upheld: bool, by: User, note: str) -> Objection:
    """As `decide_objection`; a registered employer's confirmation falls with its outcome."""
    decided = decide_objection(found, upheld, by, note)
    if upheld:
        withdrawn(decided.outcome)
    trainee = decided.outcome.certificate.trainee
    if trainee.phone.strip():
        said = "异议成立，该条就业登记已更正" if upheld else "经核实，该条就业登记不变"
        base = current_tenant()
        text = f"{trainee.name}，您对就业登记的异议已办结：{said}。{decided.note} {base.name} {base.phone}"
        send_message(trainee.phone, "异议办结", text.strip(), way_to(trainee.phone))
    return decided
