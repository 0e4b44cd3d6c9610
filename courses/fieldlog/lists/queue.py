"""Sessions that wait for a supervisor, and what was done in a session."""

from typing import Any

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.fieldlog.models import FieldEvent, Reading, SessionLog
from courses.fieldlog.services.dossier import raised, rests_on
from courses.models import TrainingClass, VillageSession
from tenants.lists.filters import choice
from tenants.lists.history import Entry, History, register
from tenants.lists.shape import Column, DeskList
from tenants.models import in_language

REVIEW = "fieldlog.review_attendance"
COLOURS = {"waiting": "", "changed": "warn"}


def asked(log: Any) -> str:
    """What is to be looked at, in the reader's language."""
    found = [each.title for each in raised(log)] + rests_on(log)
    return "；".join(in_language(*each) for each in found)


def _flags(log: Any) -> str:
    log.raised, log.rests = raised(log), rests_on(log)
    return asked(log)


def _classes() -> list[tuple[str, str]]:
    waiting = SessionLog.objects.exclude(review=SessionLog.Review.ACCEPTED).filter(marked__gt=0)
    rows = TrainingClass.objects.filter(sessions__log__in=waiting).distinct()
    return [(each.code, str(each)) for each in rows.select_related("project")]


def _of_class(rows: list[Any], name: str, value: str) -> list[Any]:
    return [log for log in rows if log.session.training_class.code == value]


def _in_state(rows: list[Any], name: str, value: str) -> list[Any]:
    return [log for log in rows if log.review == value]


def _found(rows: list[Any], text: str) -> list[Any]:
    wanted = text.lower()
    return [log for log in rows if wanted in str(log.session.training_class).lower()]


QUEUE = DeskList(
    name="review",
    title=_("待审核考勤"),
    columns=(
        Column("class", _("班次代码"), lambda g: g.session.training_class.code, True,
               link=lambda g: reverse("class_detail", args=[g.session.training_class.code])),
        Column("number", _("课次"), lambda g: g.session.number, True, number=True),
        Column("day", _("日期"), lambda g: g.session.held_on, True),
        Column("review", _("审核"), lambda g: str(g.get_review_display()), True,
               badge=lambda g: COLOURS.get(g.review, "bad")),
        Column("grade", _("可信度"), lambda g: g.grade, True, cell="fieldlog/grade_cell.html"),
        Column("marked", _("已记录"), lambda g: g.marked, True, number=True),
        Column("disputed", _("有争议"), lambda g: g.disputed, True, number=True),
        Column("walk_ins", _("临时学员"), lambda g: g.walk_ins, True, number=True),
        Column("flags", _("提示"), _flags, cell="fieldlog/flags_cell.html"),
        Column("project", _("培训项目"), lambda g: g.session.training_class.project.name, True,
               shown=False),
    ),
    link=lambda g: reverse("session_review", args=[g.session_id]),
    opens="day",
    key=lambda g: g.session_id,
    filters={
        "class": choice(_("班次"), _classes, method=_of_class),
        "review": choice(
            _("审核"),
            [each for each in SessionLog.Review.choices if each[0] != "accepted"],
            method=_in_state,
        ),
    },
    search=_found,
    search_label=_("班次代码或项目"),
    name_of=lambda g: str(g.session),
    empty=_("没有待审核的考勤。"),
    history="session",
)  # fmt: skip


def _kinds() -> dict[str, str]:
    return {
        "review": gettext("审核考勤"), "decision": gettext("裁定考勤"), "mark": gettext("记考勤"),
        "walk_in": gettext("登记临时学员"), "paper_sheet": gettext("录入纸质名单"),
        "countersign": gettext("复核纸质名单"), "session_opened": gettext("开始上课"),
        "session_closed": gettext("下课"), "roll_call": gettext("点名"), "photo": gettext("拍照"),
    }  # fmt: skip


def _entries(found: VillageSession) -> list[Entry]:
    """The log by kind and person: forty marks of an evening are one line."""
    rows = (
        Reading.objects.filter(session=found, fault="")
        .order_by()
        .values("kind", "event__source", "event__by", "event__device__trainer")
        .annotate(
            n=Count("pk"),
            at=Max("event__received_at"),
            by=Max("event__by__display_name"),
            trainer=Max("event__device__trainer__display_name"),
        )
    )
    kinds = _kinds()
    entries = [
        Entry(
            row["at"],
            row["by"] or row["trainer"] or "",
            kinds.get(row["kind"], row["kind"]),
            f"{FieldEvent.Source(row['event__source']).label} × {row['n']}",
        )
        for row in rows
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


register(
    "session",
    History(
        (REVIEW,),
        lambda user, pk: (
            VillageSession.objects.select_related("training_class").filter(pk=pk).first()
        ),
        _entries,
        lambda found: reverse("session_review", args=[found.pk]),
    ),
)
