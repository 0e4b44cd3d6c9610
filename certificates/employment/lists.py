"""Claims of people outside, and what the base did about each."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.employment.models import Claim
from certificates.employment.services import claims
from tenants.lists.bulk import one_by_one
from tenants.lists.filters import choice, since, until
from tenants.lists.history import Entry, History, by_time, register, seen
from tenants.lists.shape import Bulk, Column, DeskList, Outcome
from tenants.staff.access import actor

SEE, RECORD = "certificates.view_certificate", "certificates.record_outcome"
COLOURS = {"open": "warn", "accepted": "ok", "refused": "bad"}


class RefuseForm(forms.Form):
    reason = forms.CharField(label=_("不属实的理由"), max_length=200)


def all_claims() -> QuerySet[Claim]:
    heavy = [f"certificate__{name}" for name in ("claims", "evidence", "token", "plugins")]
    return Claim.objects.select_related("certificate", "decided_by").defer(*heavy)


def _name(claim: Any) -> str:
    return f"{claim.certificate.holder_name} · {claim.firm}"


def _refuse(request: HttpRequest, rows: list[Any], said: dict[str, Any]) -> Outcome:
    by = actor(request)
    return one_by_one(rows, _name, lambda claim: claims.refuse(claim, by, said["reason"]))


CLAIMS = DeskList(
    name="claims",
    title=_("就业申报"),
    columns=(
        Column("at", _("申报时间"), lambda c: c.said_at, "said_at"),
        Column("number", _("证书编号"), lambda c: c.certificate.number, "certificate__number",
               link=lambda c: reverse("certificate", args=[c.certificate.number])),
        Column("name", _("姓名"), lambda c: c.certificate.holder_name, "certificate__holder_name"),
        Column("firm", _("单位名称"), lambda c: c.firm, "firm"),
        Column("uscc", _("统一社会信用代码"), lambda c: c.uscc, "uscc"),
        Column("contact", _("申报人"), lambda c: c.contact, "contact"),
        Column("phone", _("电话"), lambda c: c.phone, link=lambda c: f"tel:{c.phone}"),
        Column("job", _("岗位"), lambda c: c.job),
        Column("started", _("起始日期"), lambda c: c.started_on, "started_on"),
        Column("state", _("状态"), lambda c: str(c.get_state_display()), "state",
               badge=lambda c: COLOURS[c.state]),
        Column("reason", _("理由"), lambda c: c.reason),
        Column("source", _("来源"), lambda c: str(c.get_source_display()), "source",
               badge=lambda c: "warn" if c.why else ""),
        Column("why", _("为什么要核实"), lambda c: str(c.get_why_display()), shown=False),
        Column("decided_by", _("经办人"), lambda c: str(c.decided_by or ""), shown=False),
        Column("decided_at", _("办理时间"), lambda c: c.decided_at, "decided_at", shown=False),
    ),
    link=lambda c: reverse("claim", args=[c.pk]),
    opens="firm",
    filters={
        "state": choice(_("状态"), Claim.State.choices, "state"),
        "source": choice(_("来源"), Claim.Source.choices, "source"),
        "from": since(_("申报不早于"), "said_at__date"),
        "to": until(_("申报不晚于"), "said_at__date"),
    },
    first={"state": Claim.State.OPEN},
    search=("firm", "uscc", "contact", "phone", "certificate__holder_name", "certificate__number"),
    search_label=_("单位、申报人、电话、姓名或证书编号"),
    order=("pk",),
    name_of=_name,
    bulk=(
        Bulk("refuse", _("登记为不属实"), _refuse, may=RECORD, form=RefuseForm,
             warns=_("每一条都按同一个理由登记为不属实；属实的要打过电话，一条一条登记。")),
    ),
    empty=_("没有待核实的申报。"),
    history="claim",
)  # fmt: skip


def _entries(found: Claim) -> list[Entry]:
    calls = [
        Entry(
            call.at,
            str(call.by),
            gettext("电话核实"),
            f"{call.get_reached_display()} {call.note}".strip(),
        )
        for call in found.calls.select_related("by")
    ]
    links = [
        Entry(link.sent_at, str(link.sent_by or ""), gettext("发出核实链接"), link.to)
        for link in found.links.select_related("sent_by")
    ]
    return by_time(
        seen(found.said_at, found.contact, gettext("申报"), found.firm),
        calls,
        links,
        seen(found.decided_at, found.decided_by, found.get_state_display(), found.reason),
    )


register(
    "claim",
    History(
        (SEE,),
        lambda user, pk: all_claims().filter(pk=pk).first(),
        _entries,
        lambda found: reverse("claim", args=[found.pk]),
        _name,
    ),
)
