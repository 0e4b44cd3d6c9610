"""Paper sheets, by where each stands."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.fieldlog.models import PaperSheet
from courses.models import TrainingClass
from tenants.lists.filters import choice, since, until
from tenants.lists.history import Entry, History, by_time, register, seen
from tenants.lists.shape import Column, DeskList

ENTER = "fieldlog.enter_paper"
STATES = {
    "draft": _("录了一半"),
    "countersign": _("待复核"),
    "printed": _("已打印，没有录入"),
    "done": _("已复核"),
}
COLOURS = {"draft": "warn", "countersign": "warn", "printed": "", "done": "ok"}


def sheets() -> QuerySet[Any]:
    return PaperSheet.objects.select_related(
        "session__training_class", "draft_by", "entered__by", "countersigned__by", "made_by"
    )


def state_of(sheet: Any) -> str:
    if sheet.draft:
        return "draft"
    if sheet.countersigned_id:
        return "done"
    return "countersign" if sheet.entered_id else "printed"


def _in_state(rows: Any, name: str, value: str) -> Any:
    if value == "draft":
        return rows.exclude(draft={})
    rows = rows.filter(draft={})
    if value == "done":
        return rows.filter(countersigned__isnull=False)
    return rows.filter(countersigned=None, entered__isnull=value == "printed")


def _classes() -> list[tuple[str, str]]:
    rows = TrainingClass.objects.filter(sessions__sheets__isnull=False).distinct()
    return [(each.code, each.code) for each in rows]


def _link(sheet: Any) -> str:
    address = reverse("paper_sheet", args=[sheet.code])
    return f"{address}?correct=1" if sheet.draft and sheet.entered_id else address


SHEETS = DeskList(
    name="sheets",
    title=_("纸质名单"),
    columns=(
        Column("code", _("名单编号"), lambda s: s.shown_code, "code"),
        Column("class", _("班次"), lambda s: s.session.training_class.code,
               "session__training_class__code"),
        Column("session", _("课次"), lambda s: s.session.number, "session__number", number=True),
        Column("day", _("日期"), lambda s: s.session.held_on, "session__held_on"),
        Column("state", _("状态"), lambda s: str(STATES[state_of(s)]),
               badge=lambda s: COLOURS[state_of(s)]),
        Column("by", _("经办人"),
               lambda s: str((s.draft and s.draft_by) or (s.entered and s.entered.by) or s.made_by)),
        Column("objection", _("复核不一致"), lambda s: s.objection),
        Column("made", _("打印"), lambda s: s.made_at, "made_at"),
        Column("drafted", _("暂存时间"), lambda s: s.draft_at, "draft_at", shown=False),
    ),
    link=_link,
    filters={
        "state": choice(_("状态"), list(STATES.items()), method=_in_state),
        "class": choice(_("班次"), _classes, "session__training_class__code"),
        "from": since(_("上课不早于"), "session__held_on"),
        "to": until(_("上课不晚于"), "session__held_on"),
    },
    order=("-made_at",),
    name_of=lambda s: f"{s.shown_code} {s.session}",
    empty=_("没有纸质名单。名单在班次页的课次旁打印。"),
    history="sheet",
)  # fmt: skip


def _entries(found: Any) -> list[Entry]:
    entered, signed = found.entered, found.countersigned
    return by_time(
        seen(found.made_at, found.made_by, gettext("打印名单")),
        seen(found.draft_at, found.draft_by, gettext("暂存")) if found.draft else (),
        seen(entered.received_at, entered.by, gettext("录入纸质名单")) if entered else (),
        seen(signed.received_at, signed.by, gettext("复核纸质名单")) if signed else (),
    )


register(
    "sheet",
    History(
        (ENTER,),
        lambda user, pk: sheets().filter(pk=pk).first(),
        _entries,
        lambda found: reverse("paper_sheet", args=[found.code]),
        lambda found: str(found.shown_code),
    ),
)
