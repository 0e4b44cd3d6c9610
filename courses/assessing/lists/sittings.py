"""Sittings of a base."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.assessing.due import DUE, OPEN
from courses.assessing.models import Part, Sitting
from courses.models import TrainingClass
from tenants.lists.filters import choice, since, tick, until
from tenants.lists.history import Entry, History, by_time, of_log, register, seen
from tenants.lists.shape import Column, DeskList
from tenants.staff.models import User

COLOURS = {"open": "warn", "closed": "ok"}


def sittings(user: User) -> QuerySet[Any]:
    return Sitting.objects.select_related("training_class__project", "made_by").annotate(
        people=Count("attempts", distinct=True),
        done=Count("attempts", filter=Q(attempts__state="done"), distinct=True),
        mine=Count("examiners", filter=Q(examiners__user=user), distinct=True),
    )


def _classes() -> list[tuple[str, str]]:
    rows = TrainingClass.objects.filter(sittings__isnull=False).distinct()
    return [(each.code, each.code) for each in rows]


STATES = [*Sitting.State.choices, (DUE, _("今天的考核，或还没有结束的"))]


def _in_state(rows: Any, name: str, value: str) -> Any:
    if value == DUE:
        return rows.filter(state__in=OPEN, held_on__lte=timezone.localdate())
    return rows.filter(state=value)


SITTINGS = DeskList(
    name="sittings",
    title=_("考核"),
    columns=(
        Column("day", _("考核日期"), lambda s: s.held_on, "held_on"),
        Column("class", _("班次"), lambda s: s.training_class.code, "training_class__code",
               link=lambda s: reverse("class_assessment", args=[s.training_class.code])),
        Column("project", _("培训项目"), lambda s: s.training_class.project_name,
               "training_class__project_name"),
        Column("part", _("部分"), lambda s: str(s.get_part_display()), "part"),
        Column("how", _("方式"), lambda s: str(s.get_how_display()), "how"),
        Column("people", _("人数"), lambda s: s.people, "people", number=True),
        Column("done", _("已完成"), lambda s: s.done, "done", number=True),
        Column("state", _("状态"), lambda s: str(s.get_state_display()), "state",
               badge=lambda s: COLOURS.get(s.state, "")),
        Column("pass", _("及格分"), lambda s: s.pass_mark, shown=False, number=True),
        Column("by", _("安排人"), lambda s: str(s.made_by), shown=False),
    ),
    link=lambda s: reverse("sitting", args=[s.pk]),
    filters={
        "state": choice(_("状态"), STATES, method=_in_state),
        "part": choice(_("部分"), Part.choices, "part"),
        "class": choice(_("班次"), _classes, "training_class__code"),
        "from": since(_("不早于"), "held_on"),
        "to": until(_("不晚于"), "held_on"),
        "mine": tick(_("我考评的场次"), lambda rows, name, value: rows.filter(mine__gt=0)),
    },
    search=("training_class__code", "training_class__project_name"),
    search_label=_("班次代码或项目"),
    order=("-held_on", "-pk"),
    empty=_("没有场次。在班次页面点“考核”安排。"),
    history="sitting",
)  # fmt: skip


def _entries(found: Sitting) -> list[Entry]:
    said = f"{found.training_class.code} {found.get_part_display()} {found.held_on}"
    return by_time(
        seen(found.made_at, found.made_by, gettext("安排考核"), said),
        of_log(found),
    )


def _sitting(user: User, pk: int) -> Sitting | None:
    return Sitting.objects.select_related("training_class", "made_by").filter(pk=pk).first()


register(
    "sitting",
    History(
        ("courses.view_trainingclass",),
        lambda user, pk: _sitting(user, pk) if sees(user) else None,
        _entries,
        lambda found: reverse("sitting", args=[found.pk]),
    ),
)


def sees(user: User) -> bool:
    """Whoever plans, examines or decides: as the pages of assessment ask."""
    wanted = ("assessing.plan_sitting", "courses.enter_scores", "assessing.decide_appeal")
    return any(user.has_perm(name) for name in wanted)
