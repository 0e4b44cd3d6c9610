"""What the chain has recorded, for plugins that count: without names, and never typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django_tenants.utils import schema_context, tenant_context

from certificates.services.places import Place, places
from tenants.cells import is_here
from tenants.current import current_tenant
from tenants.models import Tenant


@dataclass(frozen=True)
class LedgerLine:
    """One enrolment. `division` is the trainee's village, else the class's (12 digits).

    `outcome` is the kind of the outcome that counts, `unknown` for a certificate of which nothing is
    known, and empty before a certificate.
    """

    division: str
    trade_code: str
    class_code: str
    trained_on: date | None
    qualified: bool
    certified_on: date | None
    outcome: str
    evidence: str
    started_on: date | None


def ledger(starts: date, ends: date) -> list[LedgerLine]:
    """The enrolments of the tenant that is served, of classes that end from `starts` to `ends`."""
    return [
        _line(place)
        for place in places()
        if starts <= place.enrolment.training_class.ends_on <= ends
    ]


def _line(place: Place) -> LedgerLine:
    training_class, trainee = place.enrolment.training_class, place.enrolment.trainee
    certificate, known = place.certificate, place.known
    kind = known.kind if known.value != "unknown" else "unknown"
    return LedgerLine(
        division=(trainee.village or training_class.village).code,
        trade_code=training_class.project.trade.code,
        class_code=training_class.code,
        trained_on=training_class.ends_on if "trained" in place.steps else None,
        qualified="qualified" in place.steps,
        certified_on=certificate.issued_on if certificate else None,
        outcome=kind if certificate else "",
        evidence=known.evidence,
        started_on=known.started_on,
    )


def bases_of() -> list[Tenant]:
    """The bases of the centre that is served, those of this cell."""
    centre = current_tenant()
    with schema_context("public"):
        found = Tenant.objects.filter(centre_id=centre.pk, type=Tenant.Type.BASE)
        return [base for base in found.select_related("division") if is_here(base)]


@contextmanager
def in_tenant(tenant: Tenant) -> Iterator[Tenant]:
    """Work inside another tenant of the centre that is served. Raises PermissionError elsewhere."""
    here = current_tenant()
    if tenant.pk != here.pk and tenant.centre_id != here.pk:
        raise PermissionError("only a centre looks into its bases")
    with tenant_context(tenant):
        yield tenant
