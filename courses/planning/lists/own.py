"""开班申请 of a base: where each stands, be it at home or at the centre."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.planning.models import Proposal
from courses.requests.facts import Facts, facts_from
from courses.requests.models import ClassRequest
from tenants.current import current_tenant
from tenants.lists.filters import choice
from tenants.lists.history import Entry, History, by_time, of_log, register, seen
from tenants.lists.shape import Column, DeskList

ASK = "planning.ask_opening"
COLOURS = {
    "draft": "",
    "asked": "warn",
    "dropped": "",
    "sent": "warn",
    "returned": "bad",
    "refused": "bad",
    "approved": "ok",
    "withdrawn": "",
    "carried": "ok",
}


def state_of(proposal: Proposal, request: ClassRequest | None) -> tuple[str, str]:
    """(code, title): the centre's word where there is one, but for a returned one that is written anew."""
    at_home = proposal.state in (Proposal.State.DRAFT, Proposal.State.ASKED)
    if request is None or (at_home and request.state == "returned"):
        return proposal.state, str(proposal.get_state_display())
    return request.state, str(request.get_state_display())


@dataclass
class Asked:
    """A row of the list."""

    pk: int
    proposal: Proposal
    facts: Facts
    state: str
    title: str


def own_requests() -> list[Asked]:
    found = {row.number: row for row in ClassRequest.objects.filter(tenant_id=current_tenant().pk)}
    return [
        Asked(each.pk, each, facts_from(each.facts), *state_of(each, found.get(each.number)))
        for each in Proposal.objects.select_related("made_by")
    ]


def _states() -> list[tuple[str, str]]:
    both = dict([*Proposal.State.choices, *ClassRequest.State.choices])
    return [(code, str(title)) for code, title in both.items()]


def _in_state(rows: list[Asked], name: str, value: str) -> list[Asked]:
    return [row for row in rows if row.state == value]


def _of_kind(rows: list[Asked], name: str, value: str) -> list[Asked]:
    return [row for row in rows if row.proposal.kind == value]


def _found(rows: list[Asked], text: str) -> list[Asked]:
    wanted = text.lower()

    def says(row: Asked) -> bool:
        f = row.facts
        said = [row.proposal.number, f.class_code, f.project_name, f.village_name, f.trainer_name]
        return any(wanted in str(each).lower() for each in said)

    return [row for row in rows if says(row)]


REQUESTS = DeskList(
    name="requests",
    title=_("开班申请"),
    columns=(
        Column("number", _("申请编号"), lambda r: r.proposal.number, True),
        Column("kind", _("类别"), lambda r: str(r.proposal.get_kind_display()), True),
        Column("code", _("班次代码"), lambda r: r.facts.class_code, True),
        Column("project", _("培训项目"), lambda r: r.facts.project_name, True),
        Column("starts", _("开班日期"), lambda r: r.facts.starts_on, True),
        Column("village", _("村"), lambda r: r.facts.village_name, True),
        Column("trainer", _("教师"), lambda r: r.facts.trainer_name, True),
        Column("people", _("人数"), lambda r: r.facts.people or "", True, number=True),
        Column("state", _("状态"), lambda r: r.title, True, badge=lambda r: COLOURS[r.state]),
        Column("ends", _("结业日期"), lambda r: r.facts.ends_on, True, shown=False),
        Column("by", _("填写人"), lambda r: str(r.proposal.made_by), True, shown=False),
        Column("made", _("填写时间"), lambda r: r.proposal.made_at, True, shown=False),
    ),
    link=lambda r: reverse("request_page", args=[r.pk]),
    opens="code",
    filters={
        "state": choice(_("状态"), _states, method=_in_state),
        "kind": choice(_("类别"), Proposal.Kind.choices, method=_of_kind),
    },
    search=_found,
    search_label=_("编号、班次、项目、村或教师"),
    name_of=lambda r: str(r.proposal),
    empty=_("还没有申请。按“填写开班申请”写第一份。"),
    history="request",
)


def steps_of(request: ClassRequest | None) -> list[Entry]:
    """What the centre's log of a request says."""
    rows = request.steps.order_by("number") if request else ()
    return [
        Entry(
            s.recorded_at, s.official, str(s.get_kind_display()), f"{s.document} {s.reason}".strip()
        )
        for s in rows
    ]


def _entries(found: Proposal) -> list[Entry]:
    mine = ClassRequest.objects.filter(tenant_id=current_tenant().pk, number=found.number)
    request = mine.first() if found.number else None
    return by_time(
        seen(found.made_at, found.made_by, gettext("填写申请")), steps_of(request), of_log(found)
    )


def _proposal(user: Any, pk: int) -> Proposal | None:
    return Proposal.objects.select_related("made_by").filter(pk=pk).first()


register(
    "request",
    History((ASK,), _proposal, _entries, lambda found: reverse("request_page", args=[found.pk])),
)
