"""The centre's decisions of the demo, taken step by step as an official takes them."""

from datetime import date
from typing import Any

from lms.demo import facts
from tenants.designations.services import (
    Official,
    Places,
    apply_for,
    designate,
    link_site,
    take_step,
)
from tenants.models import Tenant

DIRECTOR = Official("孙主任", "director")
OFFICER = Official("李科长", "officer")


def designate_base(tenant: Tenant, described: dict[str, Any]) -> None:
    """Applied, checked and designated at the beginning of 2025, for three years."""
    centre = Tenant.objects.get(type=Tenant.Type.CENTRE)
    record = apply_for(
        centre, tenant.uscc, tenant.name, tenant.division, OFFICER, date(2024, 11, 18)
    )
    take_step(record, "check", OFFICER, reason="场地、设备、教师均符合要求", on=date(2024, 12, 9))
    designate(
        record,
        DIRECTOR,
        document=described["document"],
        starts_on=date(2025, 1, 1),
        ends_on=date(2027, 12, 31),
        trades={trade: Places(*terms) for trade, terms in facts.TERMS.items()},
        reason="实地核查合格，经主任办公会研究同意",
        on=date(2024, 12, 20),
    )
    link_site(record, tenant)
