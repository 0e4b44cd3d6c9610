"""Who looked at resident IDs: at a base with whom it was about, at the centre with the base instead."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from tenants.lists.filters import choice, since, until
from tenants.lists.shape import Column, DeskList
from tenants.looks.models import Look

AT_BASE = DeskList(
    name="looks",
    title=_("证号查看记录"),
    columns=(
        Column("at", _("时间"), lambda k: k.at, "at"),
        Column("by", _("查看人"), lambda k: str(k.by), "by__display_name"),
        Column("whom", _("对象"), lambda k: k.subject, "subject"),
        Column("what", _("查看内容"), lambda k: str(Look.What(k.what).label), "what"),
        Column("people", _("证号数"), lambda k: k.people, "people", number=True),
        Column("why", _("事由"), lambda k: str(Look.Why(k.why).label), "why"),
        Column("text", _("说明"), lambda k: k.text),
    ),
    filters={
        "what": choice(_("查看内容"), Look.What.choices, "what"),
        "why": choice(_("事由"), Look.Why.choices, "why"),
        "from": since(_("不早于"), "at__date"),
        "to": until(_("不晚于"), "at__date"),
    },
    search=("by__display_name", "subject", "text"),
    search_label=_("查看人、对象或说明"),
    order=("-pk",),
    empty=_("还没有人查看过。"),
)
AT_CENTRE = replace(
    AT_BASE,
    columns=[
        Column("whom", _("基地"), lambda k: k.tenant.title, "tenant__name")
        if column.key == "whom"
        else Column("by", _("查看人"), lambda k: str(k.by), "by")
        if column.key == "by"
        else column
        for column in AT_BASE.columns
    ],
    search=("by", "tenant__name", "text"),
    search_label=_("查看人、基地或说明"),
)
