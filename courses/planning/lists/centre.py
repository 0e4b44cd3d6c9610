"""Requests of all bases in sight. Nothing of it reads a base's schema."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.planning.lists.own import COLOURS, steps_of
from courses.requests.models import ClassRequest
from tenants.console.access import bases_of
from tenants.lists.filters import choice, since, township, until
from tenants.lists.history import History, register
from tenants.lists.shape import Column, DeskList
from tenants.models import Tenant
from tenants.staff.models import User

SEE = "requests.view_classrequest"


def bases_in_sight(user: User) -> QuerySet[Tenant]:
    in_sight = bases_of(user).exclude(tenant=None).values("tenant")
    return Tenant.objects.filter(pk__in=in_sight, closed_on__isnull=True).order_by("name", "pk")


def requests_in_sight(user: User) -> QuerySet[Any]:
    rows = ClassRequest.objects.filter(tenant__in=bases_in_sight(user))
    return rows.select_related("tenant", "village__parent", "trade")


def _in_state(rows: Any, name: str, value: str) -> Any:
    return rows if value == "all" else rows.filter(state=value)


def _bases() -> list[tuple[str, str]]:
    rows = Tenant.objects.filter(pk__in=ClassRequest.objects.values("tenant"))
    return [(tenant.slug, tenant.title) for tenant in rows.order_by("name")]


REQUESTS = DeskList(
    name="centre-requests",
    title=_("开班申请"),
    columns=(
        Column("number", _("申请编号"), lambda r: r.number, "number"),
        Column("kind", _("类别"), lambda r: str(r.get_kind_display()), "kind"),
        Column("base", _("基地"), lambda r: r.tenant.title, "tenant__name"),
        Column("project", _("培训项目"), lambda r: r.project, "project"),
        Column("code", _("班次代码"), lambda r: r.class_code, "class_code"),
        Column("starts", _("开班日期"), lambda r: r.starts_on, "starts_on"),
        Column("ends", _("结业日期"), lambda r: r.ends_on, "ends_on"),
        Column("village", _("村"), lambda r: r.village.name, "village__code"),
        Column("people", _("人数"), lambda r: r.people, "people", number=True),
        Column("state", _("状态"), lambda r: str(r.get_state_display()), "state",
               badge=lambda r: COLOURS[r.state]),
        Column("on", _("状态日期"), lambda r: r.state_on, "state_on", shown=False),
        Column("trade", _("工种"), lambda r: r.trade.title, "trade__name", shown=False),
    ),
    link=lambda r: reverse("centre_request", args=[r.number]),
    filters={
        "state": choice(_("状态"), [("all", _("全部")), *ClassRequest.State.choices],
                        method=_in_state),
        "base": choice(_("基地"), _bases, "tenant__slug"),
        "township": township(lambda: ClassRequest.objects.values("village")),
        "from": since(_("开班不早于"), "starts_on"),
        "to": until(_("开班不晚于"), "starts_on"),
    },
    first={"state": "sent"},
    search=("number", "class_code", "project", "tenant__name"),
    search_label=_("编号、班次、项目或基地"),
    order=("starts_on", "pk"),
    empty=_("没有等待决定的申请。"),
    history="centre-request",
)  # fmt: skip

register(
    "centre-request",
    History(
        (SEE,),
        lambda user, pk: requests_in_sight(user).filter(pk=pk).first(),
        lambda found: steps_of(found)[::-1],
        lambda found: reverse("centre_request", args=[found.number]),
        lambda found: str(found.number),
    ),
)
