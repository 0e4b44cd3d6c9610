"""Messages to both sides: each into the outbox of whom it is for."""

from django_tenants.utils import tenant_context

from courses.requests.models import ClassRequest
from tenants.links import absolute
from tenants.models import Tenant
from tenants.outbox.channels import way_to
from tenants.outbox.services import send_message

SUBJECT = "开班申请"


def centre(base: Tenant, request: ClassRequest, what: str) -> None:
    """The base has sent or withdrawn something."""
    found = Tenant.objects.get(pk=base.centre_id)
    text = (
        f"{base.name}{what}了{request.get_kind_display()}申请 {request.number}："
        f"{request.project}，{request.starts_on} 起，{request.people} 人。\n"
        f"{absolute(found, f'/desk/requests/{request.number}/')}"
    )
    _send(found, found.phone or found.name, text)


def base(found: Tenant, request: ClassRequest, to: str, title: str, reason: str) -> None:
    """The centre has decided."""
    text = (
        f"{request.get_kind_display()}申请 {request.number}（{request.class_code}）：{title}。"
        f"{reason}\n{absolute(found, '/desk/requests/')}"
    )
    _send(found, to or found.phone or found.name, text)


def _send(whom: Tenant, to: str, text: str) -> None:
    with tenant_context(whom):
        send_message(to, SUBJECT, text, way_to(to))
