"""The list of classes, and their rosters on paper."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.due import TO_START, to_start
from courses.models import Enrolment, Project, TrainingClass
from tenants.lists.filters import choice, since, township, until
from tenants.lists.shape import Bulk, Column, DeskList
from tenants.staff.models import User

ON_ROLL = Q(enrolments__state=Enrolment.State.ENROLLED)
WAITING = Q(enrolments__state=Enrolment.State.WAITING)
COLOURS = {"open": "warn", "in_session": "ok", "finished": ""}


def classes() -> QuerySet[Any]:
    rows = TrainingClass.objects.select_related("project", "village__parent", "trainer", "rule_set")
    return rows.annotate(
        people=Count("enrolments", filter=ON_ROLL), waiting=Count("enrolments", filter=WAITING)
    )


def _projects() -> list[tuple[str, str]]:
    return [(p.code, p.name) for p in Project.objects.filter(classes__isnull=False).distinct()]


def _trainers() -> list[tuple[str, str]]:
    rows = User.objects.filter(pk__in=TrainingClass.objects.values("trainer"))
    return [(str(each.pk), str(each)) for each in rows]


def village_of(row: Any) -> str:
    village = row.village
    if village is None:
        return ""
    return f"{village.parent.name} {village.name}" if village.parent else village.name


def rosters(request: HttpRequest, rows: list[Any], said: dict[str, Any]) -> HttpResponse:
    """A sheet for each class, with who is in it."""
    people: dict[int, list[Enrolment]] = {each.pk: [] for each in rows}
    found = Enrolment.objects.on_roll().filter(training_class__in=people).order_by("pk")
    for each in found.select_related("trainee__village").defer("photo", "trainee__id_sealed"):
        people[each.training_class_id].append(each)
    sheets = [(each, people[each.pk]) for each in rows]
    return render(request, "courses/rosters_print.html", {"sheets": sheets})


STATES = [*TrainingClass.State.choices, (TO_START, _("开班日期已到，待开始培训"))]


def _in_state(rows: Any, name: str, value: str) -> Any:
    if value == TO_START:
        return rows.filter(pk__in=to_start(timezone.localdate()))
    return rows.filter(state=value)


CLASSES = DeskList(
    name="classes",
    title=_("班次"),
    columns=(
        Column("code", _("班次代码"), lambda c: c.code, "code"),
        Column("project", _("培训项目"), lambda c: c.project.name, "project__name"),
        Column("starts", _("开班日期"), lambda c: c.starts_on, "starts_on"),
        Column("ends", _("结业日期"), lambda c: c.ends_on, "ends_on"),
        Column("village", _("村"), village_of, "village__code"),
        Column("trainer", _("教师"), lambda c: str(c.trainer), "trainer__display_name"),
        Column("people", _("人数"), lambda c: c.people, "people", number=True),
        Column("state", _("状态"), lambda c: str(c.get_state_display()), "state",
               badge=lambda c: COLOURS[c.state]),
        Column("waiting", _("候补"), lambda c: c.waiting, "waiting", shown=False, number=True),
        Column("place", _("地点"), lambda c: c.place, "place", shown=False),
        Column("rules", _("规则"), lambda c: str(c.rule_set), shown=False),
        Column("opened", _("登记时间"), lambda c: c.opened_at, "opened_at", shown=False),
    ),
    link=lambda c: reverse("class_detail", args=[c.code]),
    filters={
        "state": choice(_("状态"), STATES, method=_in_state),
        "project": choice(_("培训项目"), _projects, "project__code"),
        "trainer": choice(_("教师"), _trainers, "trainer"),
        "township": township(lambda: TrainingClass.objects.values("village")),
        "from": since(_("开班不早于"), "starts_on"),
        "to": until(_("开班不晚于"), "starts_on"),
    },
    search=("code", "project__name", "place"),
    search_label=_("班次代码或项目"),
    order=("-starts_on", "code"),
    name_of=lambda c: f"{c.code} {c.project.name}",
    bulk=(
        Bulk("rosters", _("打印花名册"), rosters, may="courses.view_trainee", asks=False),
    ),
    empty=_("没有班次。先提出开班申请，批准后就能开班。"),
    history="class",
)  # fmt: skip
