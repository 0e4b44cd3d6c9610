"""Revocations that wait for a second person, and those that were decided."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate, Revocation
from tenants.lists.filters import choice, since, until
from tenants.lists.shape import Column, DeskList

COLOURS = {"open": "warn", "done": "bad", "refused": "", "overtaken": ""}

REVOCATIONS = DeskList(
    name="revocations",
    title=_("撤销证书"),
    columns=(
        Column("number", _("证书"), lambda r: r.certificate.number, "certificate__number"),
        Column("name", _("姓名"), lambda r: r.certificate.holder_name, "certificate__holder_name"),
        Column("why", _("原因"), lambda r: str(r.get_code_display()), "code"),
        Column("reason", _("说明"), lambda r: r.reason),
        Column("by", _("提出人"), lambda r: str(r.asked_by), "asked_by__display_name"),
        Column("at", _("提出时间"), lambda r: r.asked_at, "asked_at"),
        Column("state", _("状态"), lambda r: str(r.get_state_display()), "state",
               badge=lambda r: COLOURS[r.state]),
        Column("decided_by", _("确认人"), lambda r: str(r.decided_by or ""), shown=False),
        Column("decided_at", _("确认时间"), lambda r: r.decided_at, "decided_at", shown=False),
        Column("note", _("确认说明"), lambda r: r.note, shown=False),
    ),
    link=lambda r: reverse("certificate", args=[r.certificate.number]),
    filters={
        "state": choice(_("状态"), Revocation.State.choices, "state"),
        "why": choice(_("原因"), Certificate.Why.choices, "code"),
        "from": since(_("提出不早于"), "asked_at__date"),
        "to": until(_("提出不晚于"), "asked_at__date"),
    },
    first={"state": Revocation.State.OPEN},
    search=("certificate__number", "certificate__holder_name"),
    search_label=_("证书编号或姓名"),
    order=("pk",),
    name_of=lambda r: f"{r.certificate.number} {r.certificate.holder_name}",
    empty=_("没有待确认的撤销。"),
    history="revocation",
)  # fmt: skip
