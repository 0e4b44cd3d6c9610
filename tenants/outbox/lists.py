from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.lists.filters import choice, since, until
from tenants.lists.history import Entry, History, by_time, register, seen
from tenants.lists.shape import Column, DeskList
from tenants.outbox.models import Message

COLOURS = {"waiting": "warn", "sent": "ok", "kept": "", "failed": "bad"}


def _channels() -> list[tuple[str, str]]:
    names = Message.objects.order_by("channel").values_list("channel", flat=True).distinct()
    return [(name, name) for name in names]


MESSAGES = DeskList(
    name="messages",
    title=_("消息"),
    columns=(
        Column("at", _("写入时间"), lambda m: m.created_at, "created_at"),
        Column("to", _("收件人"), lambda m: m.to, "to"),
        Column("subject", _("标题"), lambda m: m.subject, "subject"),
        Column("text", _("内容"), lambda m: m.text),
        Column("channel", _("通道"), lambda m: m.channel, "channel"),
        Column("state", _("状态"), lambda m: str(m.get_state_display()), "state",
               badge=lambda m: COLOURS[m.state]),
        Column("cost", _("费用（元）"), lambda m: float(m.cost), "cost", number=True),
        Column("error", _("原因"), lambda m: m.error, shown=False),
        Column("sent", _("发出时间"), lambda m: m.sent_at, "sent_at", shown=False),
        Column("reference", _("通道回执"), lambda m: m.reference, shown=False),
    ),
    filters={
        "state": choice(_("状态"), Message.State.choices, "state"),
        "channel": choice(_("通道"), _channels, "channel"),
        "from": since(_("不早于"), "created_at__date"),
        "to": until(_("不晚于"), "created_at__date"),
    },
    search=("to", "subject", "text"),
    search_label=_("收件人、标题或内容"),
    order=("-pk",),
    empty=_("没有消息。"),
    history="message",
)  # fmt: skip


def _entries(found: Message) -> list[Entry]:
    return by_time(
        seen(found.created_at, "", gettext("写入"), found.subject),
        seen(found.sent_at, found.channel, found.get_state_display(), found.error),
    )


register(
    "message",
    History(
        ("outbox.view_message",),
        lambda user, pk: Message.objects.filter(pk=pk).first(),
        _entries,
        lambda found: "",
    ),
)
