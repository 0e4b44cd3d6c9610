"""Applications for courses: what waits for a decision, unless something else is asked."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.applying.models import CourseApplication
from courses.models import Project, TrainingClass
from tenants.lists.filters import choice, since, tick, until
from tenants.lists.history import Entry, History, by_time, register, seen
from tenants.lists.shape import Column, DeskList
from tenants.models import Division

MAY = "applying.decide_application"
State = CourseApplication.State
COLOURS = {"new": "warn", "waiting": "", "accepted": "ok", "refused": "bad", "withdrawn": ""}
OPEN = "open"


def applications() -> QuerySet[Any]:
    rows = CourseApplication.objects.filter(repeats__isnull=True).annotate(again=Count("repeated"))
    return rows.select_related("project", "training_class", "village__parent", "placed_in").defer(
        "id_sealed", "id_digest"
    )


def _in_state(rows: Any, name: str, value: str) -> Any:
    if value == OPEN:
        return rows.filter(state__in=(State.NEW, State.WAITING))
    return rows.filter(state=value)


def _of_township(rows: Any, name: str, value: str) -> Any:
    return rows.filter(village__code__startswith=value)


def _projects() -> list[tuple[str, str]]:
    rows = Project.objects.filter(pk__in=CourseApplication.objects.values("project"))
    return [(each.code, each.name) for each in rows]


def _classes() -> list[tuple[str, str]]:
    rows = TrainingClass.objects.filter(pk__in=CourseApplication.objects.values("training_class"))
    return [(each.code, each.code) for each in rows]


def _towns() -> list[tuple[str, str]]:
    towns = CourseApplication.objects.exclude(village=None).values("village__parent")
    return [(each.code, each.name) for each in Division.objects.filter(pk__in=towns)]


def _found(rows: Any, text: str) -> Any:
    wanted = Q(name__icontains=text) | Q(number=text.replace(" ", "").upper())
    if text.isdecimal():
        wanted |= Q(phone__contains=text)
    return rows.filter(wanted)


def _town(one: Any) -> str:
    return one.village.parent.name if one.village and one.village.parent else ""


APPLICATIONS = DeskList(
    name="applications",
    title=_("报名申请"),
    columns=(
        Column("number", _("受理号"), lambda a: a.number, "number", shown=False),
        Column("sent", _("提交时间"), lambda a: a.sent_at, "sent_at"),
        Column("name", _("姓名"), lambda a: a.name, "name", cell="applying/name_cell.html"),
        Column("last4", _("证件后四位"), lambda a: a.id_last4, "id_last4"),
        Column("phone", _("联系电话"), lambda a: a.phone, "phone",
               link=lambda a: f"tel:{a.phone}"),
        Column("town", _("乡镇"), _town, "village__parent__code"),
        Column("village", _("村"), lambda a: a.village.name if a.village else "", "village__code"),
        Column("project", _("培训项目"), lambda a: a.project.name, "project__name"),
        Column("class", _("想上的班"), lambda a: a.training_class.code if a.training_class else "",
               "training_class__code"),
        Column("lodging", _("需要住宿"), lambda a: gettext("是") if a.lodging else "", "lodging"),
        Column("state", _("状态"), lambda a: str(a.get_state_display()), "state",
               badge=lambda a: COLOURS[a.state]),
        Column("reason", _("理由"), lambda a: a.reason),
        Column("placed", _("录取班次"), lambda a: a.placed_in.code if a.placed_in else "",
               "placed_in__code"),
        Column("note", _("想说明的"), lambda a: a.note, shown=False),
        Column("decided", _("办理时间"), lambda a: a.decided_at, "decided_at", shown=False),
    ),
    link=lambda a: reverse("desk_application", args=[a.pk]),
    opens="name",
    filters={
        "state": choice(_("状态"), [(OPEN, _("要办理的")), *State.choices], method=_in_state),
        "project": choice(_("培训项目"), _projects, "project__code"),
        "class": choice(_("想上的班"), _classes, "training_class__code"),
        "township": choice(_("乡镇"), _towns, method=_of_township),
        "lodging": tick(_("需要住宿"), lambda rows, name, value: rows.filter(lodging=True)),
        "from": since(_("提交不早于"), "sent_at__date"),
        "to": until(_("提交不晚于"), "sent_at__date"),
    },
    first={"state": OPEN},
    search=_found,
    search_label=_("姓名、电话或受理号"),
    order=("sent_at", "pk"),
    name_of=lambda a: a.name,
    ticked=lambda a: a.state in (State.NEW, State.WAITING, State.REFUSED),
    empty=_("没有要办理的报名。"),
    history="application",
)  # fmt: skip


def _entries(found: CourseApplication) -> list[Entry]:
    steps = [
        Entry(s.at, str(s.by or ""), str(s.get_kind_display()),
              f"{s.training_class.code if s.training_class else ''} {s.reason}".strip())
        for s in found.steps.select_related("by", "training_class")
    ]  # fmt: skip
    made = seen(found.sent_at, found.entered_by or found.name, gettext("提交报名"), found.number)
    return by_time(steps, made)


register(
    "application",
    History(
        (MAY,),
        lambda user, pk: CourseApplication.objects.filter(pk=pk).first(),
        _entries,
        lambda found: reverse("desk_application", args=[found.pk]),
        lambda found: found.name,
    ),
)
