"""What of requests waits: at the base for the next step, at the centre for a decision."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from courses.planning.models import Proposal
from courses.requests.models import ClassRequest
from tenants.console.access import bases_of
from tenants.current import current_tenant
from tenants.due import Day, Due, Waiting, counted
from tenants.models import Tenant
from tenants.staff.models import User

State = ClassRequest.State


def _own(state: str, field: str) -> Waiting:
    rows = ClassRequest.objects.filter(tenant_id=current_tenant().pk, state=state)
    if state == State.RETURNED:  # written anew: the base's own state is what its list shows
        mended = Proposal.objects.filter(state=Proposal.State.ASKED).exclude(number="")
        rows = rows.exclude(number__in=mended.values("number"))
    return counted(rows, field)


def _to_open(user: User, today: date) -> Waiting:
    return _own(State.APPROVED, "starts_on")


def _returned(user: User, today: date) -> Waiting:
    return _own(State.RETURNED, "state_on")


def _to_send(user: User, today: date) -> Waiting:
    return counted(Proposal.objects.filter(state=Proposal.State.ASKED), "updated_at")


def _to_decide(user: User, today: date) -> Waiting:
    in_sight = bases_of(user).exclude(tenant=None).values("tenant")
    bases = Tenant.objects.filter(pk__in=in_sight, closed_on__isnull=True)
    return counted(ClassRequest.objects.filter(tenant__in=bases, state=State.SENT), "state_on")


AT_BASE = (
    Due(
        "requests_to_send",
        _("开班申请待送审"),
        ("planning.send_opening",),
        _to_send,
        "request_list",
        "?state=asked",
    ),
    Due(
        "requests_returned",
        _("开班申请被中心退回，待修改"),
        ("planning.ask_opening",),
        _returned,
        "request_list",
        "?state=returned",
    ),
    Due(
        "classes_to_open",
        _("已批准，待开班"),
        ("courses.add_trainingclass",),
        _to_open,
        "request_list",
        "?state=approved",
        Day.BY,
    ),
)
AT_CENTRE = (
    Due(
        "requests",
        _("开班申请待审批"),
        ("requests.decide_request",),
        _to_decide,
        "centre_requests",
        "?state=sent",
    ),
)
