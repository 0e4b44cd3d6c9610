"""Everybody of a class, whatever became of them: withdrawn, transferred and told many at once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.intake.forms import TransferForm, WithdrawForm
from courses.intake.models import EnrolmentChange
from courses.intake.services import places
from courses.models import Enrolment, TrainingClass
from courses.notices.bulk import notice_to
from tenants.lists.bulk import one_by_one
from tenants.lists.filters import choice, township
from tenants.lists.history import Entry, History, register
from tenants.lists.shape import Bulk, Column, DeskList, Outcome
from tenants.staff.access import actor
from tenants.staff.models import User

State = Enrolment.State
COLOURS = {"enrolled": "ok", "waiting": "warn", "transferred": "", "withdrawn": ""}
MOVE = "courses.import_roster"


def enrolments_of(found: TrainingClass) -> QuerySet[Any]:
    rows = found.enrolments.select_related("trainee__village__parent", "training_class__project")
    return rows.defer("photo", "trainee__id_sealed", "trainee__id_digest")


def _name(row: Any) -> str:
    return f"{row.trainee.name} {row.trainee.id_last4}"


def _withdraw(request: HttpRequest, rows: list[Any], said: dict[str, Any]) -> Outcome:
    by = actor(request)
    return one_by_one(rows, _name, lambda row: places.withdraw(row, **said, by=by))


def _transfer(request: HttpRequest, rows: list[Any], said: dict[str, Any]) -> Outcome:
    by = actor(request)
    return one_by_one(rows, _name, lambda row: places.transfer(row, **said, by=by))


def _goals(found: TrainingClass) -> Callable[..., forms.Form]:
    rows = TrainingClass.objects.filter(project_key=found.project_key).exclude(pk=found.pk)
    rows = rows.exclude(state=TrainingClass.State.FINISHED).select_related("project")
    return lambda data=None: TransferForm(rows.order_by("starts_on", "code"), data)


def people_list(found: TrainingClass) -> DeskList:
    return DeskList(
        name="class-people",
        title=gettext("学员名单：%(code)s") % {"code": found.code},
        columns=(
            Column("name", _("姓名"), lambda e: e.trainee.name, "trainee__name"),
            Column("last4", _("证件后四位"), lambda e: e.trainee.id_last4, "trainee__id_last4"),
            Column("sex", _("性别"), lambda e: e.trainee.sex, "trainee__sex"),
            Column("phone", _("联系电话"), lambda e: e.trainee.phone,
                   link=lambda e: f"tel:{e.trainee.phone}" if e.trainee.phone else ""),
            Column("village", _("村"),
                   lambda e: e.trainee.village.name if e.trainee.village else "",
                   "trainee__village__code"),
            Column("state", _("状态"), lambda e: str(e.get_state_display()), "state",
                   badge=lambda e: COLOURS[e.state]),
            Column("queue", _("候补顺序"), lambda e: e.queue, "queue", shown=False, number=True),
            Column("left", _("离班日期"), lambda e: e.left_on, "left_on", shown=False),
            Column("at", _("报名时间"), lambda e: e.enrolled_at, "enrolled_at", shown=False),
        ),
        link=lambda e: reverse("trainee", args=[e.trainee_id]),
        filters={
            "state": choice(_("状态"), State.choices, "state"),
            "township": township(
                lambda: found.enrolments.values("trainee__village"), "trainee__village__parent"
            ),
        },
        search=("trainee__name", "trainee__phone", "trainee__id_last4"),
        search_label=_("姓名、电话或证件后四位"),
        order=("pk",),
        name_of=_name,
        bulk=(
            notice_to(lambda row: row.trainee_id),
            Bulk("withdraw", _("退班"), _withdraw, may=MOVE, form=WithdrawForm,
                 warns=_("以前的考勤保留。空出的名额在招生期间按顺序递补。")),
            Bulk("transfer", _("转班"), _transfer, may=MOVE, form=_goals(found),
                 warns=_("考勤留在原来的班，不随人转走。")),
        ),
        empty=_("还没有学员，请导入花名册。"),
        history="enrolment",
    )  # fmt: skip


def _enrolment(user: User, pk: int) -> Enrolment | None:
    rows = Enrolment.objects.select_related("trainee", "training_class__project").defer("photo")
    return rows.filter(pk=pk).first()


def _entries(found: Enrolment) -> list[Entry]:
    rows = EnrolmentChange.objects.filter(enrolment=found).order_by("-pk")
    rows = rows.select_related("by", "moved_to__training_class", "moved_from__training_class")
    return [_entry(row) for row in rows]


def _entry(row: Any) -> Entry:
    other = row.moved_to or row.moved_from
    parts = [str(row.on), str(row.get_why_display()) if row.why else "", row.words]
    parts.append(other.training_class.code if other else "")
    change = (gettext("状态"), str(row.get_was_display()), str(row.get_state_display()))
    text = " · ".join(part for part in parts if part)
    return Entry(row.at, str(row.by or ""), gettext("名单变动"), text, [change])


register(
    "enrolment",
    History(
        ("courses.view_trainingclass", "courses.view_trainee"),
        _enrolment,
        _entries,
        lambda found: reverse("class_people", args=[found.training_class.code]),
    ),
)
