"""What the demo holds, for whoever wants to look at it."""

from typing import Any

from django_tenants.utils import tenant_context

from certificates.models import Certificate
from courses.models import TrainingClass
from lms.demo import facts
from lms.demo.build import CENTRE_STAFF, SECURED, STAFF
from tenants.links import absolute
from tenants.models import Tenant
from tenants.staff.models import User
from tenants.staff.roles import TITLES


def describe() -> dict[str, Any]:
    """Hosts, sign-ins, bases, and each class with code, state and certificate codes."""
    centre = Tenant.objects.get(slug=facts.CENTRE["slug"])
    bases, sign_ins = [], []
    for base in Tenant.objects.filter(slug__in=[described["slug"] for described in facts.BASES]):
        with tenant_context(base):
            bases.append(
                {
                    "slug": base.slug,
                    "name": base.name,
                    "url": absolute(base),
                    "classes": [_described(c) for c in TrainingClass.objects.order_by("pk")],
                }
            )
            for role in STAFF:
                if User.objects.filter(username=role).exists():
                    sign_ins.append(_sign_in(base, role, "/desk/"))
    return {
        "centre": {"slug": centre.slug, "name": centre.name, "url": absolute(centre)},
        "bases": bases,
        "sign_ins": [
            *(_sign_in(centre, role, "/admin/bases/") for role in CENTRE_STAFF),
            *sign_ins,
        ],
    }


def _sign_in(tenant: Tenant, role: str, path: str) -> dict[str, str]:
    secured = {"second_factor_secret": facts.SECRET} if role in SECURED else {}
    return secured | {
        "url": absolute(tenant, path),
        "user": role,
        "password": facts.PASSWORD,
        "role": TITLES[role],
    }


def _described(training_class: TrainingClass) -> dict[str, Any]:
    certificates = Certificate.objects.filter(enrolment__training_class=training_class)
    return {
        "code": training_class.code,
        "name": training_class.project.name,
        "state": training_class.state,
        "people": training_class.enrolments.on_roll().count(),
        "certificates": [
            {"code": c.code, "number": c.number, "status": c.status} for c in certificates
        ],
    }
