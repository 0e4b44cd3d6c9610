"""Classes that villages propose."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.applying.models import ClassProposal
from tenants.lists.filters import choice, since, township, until
from tenants.lists.history import Entry, History, by_time, register, seen
from tenants.lists.shape import Column, DeskList
from tenants.models import Trade

MAY = "applying.answer_proposal"
COLOURS = {"new": "warn", "agreed": "ok", "declined": ""}


def proposals() -> QuerySet[ClassProposal]:
    return ClassProposal.objects.select_related(
        "village__parent", "trade", "training_class", "answered_by", "entered_by"
    )


def _trades() -> list[tuple[str, str]]:
    rows = Trade.objects.filter(pk__in=ClassProposal.objects.values("trade"))
    return [(trade.code, trade.title) for trade in rows]


PROPOSALS = DeskList(
    name="proposals",
    title=_("办班申请"),
    columns=(
        Column("number", _("受理号"), lambda p: p.number, "number"),
        Column("sent", _("提交时间"), lambda p: p.sent_at, "sent_at"),
        Column("town", _("乡镇"), lambda p: p.village.parent.name if p.village.parent else "",
               "village__parent__code"),
        Column("village", _("村"), lambda p: p.village.name, "village__code"),
        Column("trade", _("工种"), lambda p: p.trade.title, "trade__name"),
        Column("starts", _("希望日期"), lambda p: p.starts_on, "starts_on"),
        Column("place", _("地点"), lambda p: p.place),
        Column("people", _("人数"), lambda p: p.people, "people", number=True),
        Column("contact", _("联系人"), lambda p: p.contact, "contact"),
        Column("phone", _("联系电话"), lambda p: p.phone, link=lambda p: f"tel:{p.phone}"),
        Column("state", _("状态"), lambda p: str(p.get_state_display()), "state",
               badge=lambda p: COLOURS[p.state]),
        Column("answer", _("答复"), lambda p: p.answer),
        Column("class", _("开的班"), lambda p: p.training_class.code if p.training_class else ""),
        Column("sender", _("提出人"), lambda p: str(p.get_sender_display()), shown=False),
        Column("note", _("想说明的"), lambda p: p.note, shown=False),
    ),
    link=lambda p: reverse("desk_proposal", args=[p.pk]),
    opens="village",
    filters={
        "state": choice(_("状态"), ClassProposal.State.choices, "state"),
        "trade": choice(_("工种"), _trades, "trade__code"),
        "township": township(lambda: ClassProposal.objects.values("village")),
        "from": since(_("希望不早于"), "starts_on"),
        "to": until(_("希望不晚于"), "starts_on"),
    },
    first={"state": ClassProposal.State.NEW},
    search=("number", "contact", "phone", "village__name"),
    search_label=_("受理号、联系人、电话或村"),
    order=("starts_on", "pk"),
    empty=_("没有等待答复的办班申请。"),
    history="proposal",
)  # fmt: skip


def _entries(found: ClassProposal) -> list[Entry]:
    return by_time(
        seen(found.sent_at, found.entered_by or found.contact, gettext("提交"), found.number),
        seen(found.answered_at, found.answered_by, found.get_state_display(), found.answer),
    )


register(
    "proposal",
    History(
        (MAY,),
        lambda user, pk: proposals().filter(pk=pk).first(),
        _entries,
        lambda found: reverse("desk_proposal", args=[found.pk]),
        lambda found: str(found.number),
    ),
)
