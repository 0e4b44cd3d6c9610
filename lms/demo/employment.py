"""Employers of the demo: one registered, one that has applied, and what was said after scans."""

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context
from stdnum.cn.uscc import calc_check_digit

from certificates.employers.models import Employer
from certificates.employers.services.confirm import Work, confirm
from certificates.employers.services.register import Firm, apply, decide
from certificates.employment.services.claims import Said, make_claim
from certificates.employment.services.worker import tell
from certificates.models import Certificate
from certificates.register.models import RegisterEntry
from certificates.services.outcomes import histories, object_to
from lms.demo import facts
from tenants.models import Tenant
from tenants.staff.models import User

#: Credit code without its check digit, name, line of business, place, contact, phone.
FIRMS = (
    ("91222403MA0D0001", "敦化示范制衣有限公司", "服装制造", "222403", "崔厂长", "0433-6200001"),
    (
        "91222401MA0D0002",
        "延吉示范物业服务有限公司",
        "物业服务",
        "222401",
        "姜经理",
        "0433-2500002",
    ),
)


@transaction.atomic
def employ() -> None:
    """Once: a second run finds the employers."""
    centre = Tenant.objects.get(slug=facts.CENTRE["slug"])
    if Employer.objects.filter(centre=centre).exists():
        return
    with tenant_context(centre):
        first, _second = (apply(_firm(*row)) for row in FIRMS)
        decide(first, "approved", User.objects.get(username="director"))
    base = Tenant.objects.get(slug=facts.BASES[0]["slug"])
    with tenant_context(base):
        free = _without_a_job()
    if len(free) < 3:
        return
    for certificate in free[:2]:
        with tenant_context(centre):
            entry = RegisterEntry.objects.select_related("tenant").get(code=certificate.code)
            confirm(first, entry, Work("缝纫工", timezone.localdate(), "222403"))
    with tenant_context(base):
        said = Said(
            firm="敦化示范小饭馆",
            contact="金老板",
            phone="13900000001",
            job="帮厨",
            place_code="222403",
            started_on=timezone.localdate(),
        )
        make_claim(free[2], said)
        outcome = free[1].outcomes.latest("pk")
        tell(outcome)
        object_to(outcome, "我只去面试过，没有在那里上班。")


def _firm(stem: str, name: str, trade: str, place: str, contact: str, phone: str) -> Firm:
    body = stem.ljust(17, "0")
    return Firm(body + calc_check_digit(body), name, trade, place, "工业路 1 号", contact, phone)


def _without_a_job() -> list[Certificate]:
    """Valid certificates of whose holders no full-time work is known, those of whom nothing is first."""
    valid = list(Certificate.objects.filter(status=Certificate.Status.VALID).order_by("id"))
    said = histories(valid)
    free = [certificate for certificate in valid if not said[certificate.pk].known.full_time]
    return sorted(free, key=lambda certificate: len(said[certificate.pk].rows))
