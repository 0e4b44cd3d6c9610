"""Appeals: those that wait come first."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.assessing.lists.sittings import sees
from courses.assessing.models import Appeal, Part
from tenants.lists.filters import choice, since, until
from tenants.lists.history import Entry, History, by_time, register, seen
from tenants.lists.shape import Column, DeskList

STATES = [("waiting", _("待裁定")), ("changed", _("已改分")), ("kept", _("维持"))]
COLOURS = {"waiting": "warn", "changed": "ok", "kept": ""}


def appeals() -> QuerySet[Any]:
    return Appeal.objects.select_related(
        "result__attempt__sitting__training_class",
        "result__attempt__enrolment__trainee",
        "by",
        "decision__by",
        "decision__changed",
    ).defer("result__attempt__enrolment__photo")


def state_of(appeal: Any) -> str:
    decision = getattr(appeal, "decision", None)
    if decision is None:
        return "waiting"
    return "changed" if decision.changed else "kept"


def _in_state(rows: Any, name: str, value: str) -> Any:
    if value == "waiting":
        return rows.filter(decision=None)
    return rows.filter(decision__isnull=False, decision__changed__isnull=value == "kept")


def _decided(appeal: Any, name: str) -> Any:
    decision = getattr(appeal, "decision", None)
    return getattr(decision, name) if decision else None


APPEALS = DeskList(
    name="appeals",
    title=_("申诉"),
    columns=(
        Column("name", _("姓名"), lambda a: a.result.attempt.enrolment.trainee.name,
               "result__attempt__enrolment__trainee__name"),
        Column("class", _("班次"), lambda a: a.result.attempt.sitting.training_class.code,
               "result__attempt__sitting__training_class__code"),
        Column("part", _("部分"), lambda a: str(a.result.attempt.sitting.get_part_display())),
        Column("score", _("原成绩"), lambda a: a.result.score, "result__score", number=True),
        Column("text", _("申诉理由"), lambda a: a.text),
        Column("state", _("裁定"), lambda a: str(dict(STATES)[state_of(a)]), "decision__id",
               badge=lambda a: COLOURS[state_of(a)]),
        Column("after", _("复核后"),
               lambda a: _decided(a, "changed").score if _decided(a, "changed") else None,
               number=True),
        Column("why", _("裁定理由"), lambda a: _decided(a, "reason")),
        Column("by", _("裁定人"), lambda a: str(_decided(a, "by") or "")),
        Column("at", _("提出时间"), lambda a: a.at, "at", shown=False),
    ),
    link=lambda a: reverse("appeal", args=[a.pk]),
    filters={
        "state": choice(_("裁定"), STATES, method=_in_state),
        "part": choice(_("部分"), Part.choices, "result__attempt__sitting__part"),
        "from": since(_("提出不早于"), "at__date"),
        "to": until(_("提出不晚于"), "at__date"),
    },
    search=("result__attempt__enrolment__trainee__name",
            "result__attempt__sitting__training_class__code"),
    search_label=_("姓名或班次代码"),
    order=("-decision__id", "-pk"),
    empty=_("没有申诉。"),
    history="appeal",
)  # fmt: skip


def _entries(found: Any) -> list[Entry]:
    decision = getattr(found, "decision", None)
    entries = seen(found.at, found.by, gettext("提出申诉"), found.text)
    if decision:
        before, after = (
            str(found.result.score),
            str(decision.changed.score) if decision.changed else "",
        )
        changes = [(gettext("成绩"), before, after)] if after else []
        label = str(dict(STATES)[state_of(found)])
        entries.append(Entry(decision.at, str(decision.by), label, decision.reason, changes))
    return by_time(entries)


register(
    "appeal",
    History(
        ("courses.view_trainingclass",),
        lambda user, pk: appeals().filter(pk=pk).first() if sees(user) else None,
        _entries,
        lambda found: reverse("appeal", args=[found.pk]),
        lambda found: str(found.result.attempt.enrolment.trainee),
    ),
)
