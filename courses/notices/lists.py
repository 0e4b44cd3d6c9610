"""Sendings, and whoever wants none."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.notices.models import Notice, OptOut, Sending
from courses.notices.services import opt_in
from tenants.lists.filters import choice, since, until
from tenants.lists.history import Entry, History, by_time, register, seen
from tenants.lists.shape import Bulk, Column, DeskList, Outcome
from tenants.outbox.models import Message

SEND = "notices.send_notice"
HANDED = Q(notices__message__isnull=False)
FAILED = Q(notices__message__state=Message.State.FAILED)
STATES = [
    ("open", _("进行中")),
    ("finished", _("已办完")),
    ("stopped", _("已停止")),
    ("failed", _("有没发到的人")),
]


def sendings() -> QuerySet[Any]:
    return (
        Sending.objects.annotate(
            people=Count("notices"),
            handed=Count("notices", filter=HANDED),
            failed=Count("notices", filter=FAILED),
            cost=Sum("notices__message__cost"),
        )
        .select_related("by")
        .order_by("-id")
    )


def _state(row: Any) -> str:
    code = "stopped" if row.stopped_at else "finished" if row.finished_at else "open"
    return str(dict(STATES)[code])


def _in_state(rows: Any, name: str, value: str) -> Any:
    if value == "failed":
        unreached = Notice.objects.filter(message__state=Message.State.FAILED)
        return rows.filter(pk__in=unreached.values("sending"))
    if value == "stopped":
        return rows.filter(stopped_at__isnull=False)
    return rows.filter(stopped_at=None, finished_at__isnull=value == "open")


def _templates() -> list[tuple[str, str]]:
    names = Sending.objects.order_by("template_name").values_list("template_name", flat=True)
    return [(name, name) for name in names.distinct()]


NOTICES = DeskList(
    name="notices",
    title=_("通知"),
    columns=(
        Column("at", _("写入时间"), lambda s: s.at, "at"),
        Column("template", _("模板"), lambda s: s.template_name, "template_name"),
        Column("audience", _("收件人"), lambda s: s.audience, "audience"),
        Column("channel", _("通道"), lambda s: s.channel, "channel"),
        Column("people", _("人数"), lambda s: s.people, "people", number=True),
        Column("handed", _("已交出"), lambda s: s.handed, "handed", number=True),
        Column("failed", _("失败"), lambda s: s.failed, "failed", number=True),
        Column("cost", _("费用（元）"), lambda s: float(s.cost or 0), "cost", number=True),
        Column("by", _("经办人"), lambda s: str(s.by), "by__display_name"),
        Column("state", _("状态"), _state, cell="notices/state_cell.html"),
    ),
    link=lambda s: reverse("notice_sending", args=[s.pk]),
    opens="template",
    filters={
        "state": choice(_("状态"), STATES, method=_in_state),
        "template": choice(_("模板"), _templates, "template_name"),
        "from": since(_("不早于"), "at__date"),
        "to": until(_("不晚于"), "at__date"),
    },
    search=("audience", "template_name", "text"),
    search_label=_("收件人、模板或内容"),
    order=("-pk",),
    empty=_("还没有发过通知。按“发通知”，选人、选模板，看过再发。"),
    history="notice",
)


def _opt_in(request: HttpRequest, rows: list[Any], said: dict[str, Any]) -> Outcome:
    for row in rows:
        opt_in(row)
    return Outcome(len(rows))


OPT_OUTS = DeskList(
    name="opt-outs",
    title=_("不愿接收的号码"),
    columns=(
        Column("phone", _("号码"), lambda r: r.phone, "phone"),
        Column("said", _("怎样提出的"), lambda r: r.said),
        Column("at", _("登记时间"), lambda r: r.at, "at"),
        Column("by", _("经办人"), lambda r: str(r.by or ""), "by__display_name"),
    ),
    search=("phone", "said"),
    search_label=_("号码"),
    order=("-pk",),
    name_of=lambda r: r.phone,
    bulk=(Bulk("opt-in", _("恢复接收"), _opt_in, may=SEND),),
    empty=_("没有登记。"),
)


def opt_outs() -> QuerySet[Any]:
    return OptOut.objects.select_related("by")


def _entries(found: Sending) -> list[Entry]:
    return by_time(
        seen(found.at, found.by, gettext("写入通知"), found.audience),
        seen(found.stopped_at, "", gettext("停止发送")),
        seen(found.finished_at, "", gettext("发送完毕")),
    )


register(
    "notice",
    History(
        (SEND,),
        lambda user, pk: Sending.objects.select_related("by").filter(pk=pk).first(),
        _entries,
        lambda found: reverse("notice_sending", args=[found.pk]),
    ),
)
