"""The call list: one line a person, for a phone, for Excel and for paper; and discrepancies."""

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.duties.models import SampleCheck
from certificates.duties.services import calls
from certificates.duties.services.calls import ToCall
from certificates.models import Outcome as Outcome_
from courses.models import Trainee, TrainingClass
from tenants.lists.bulk import one_by_one
from tenants.lists.filters import choice, tick
from tenants.lists.history import Entry, History, by_time, register, seen
from tenants.lists.shape import Bulk, Column, DeskList, Outcome, local
from tenants.models import Division, Trade
from tenants.staff.access import actor
from tenants.staff.models import User

CALL, ASSIGN = "duties.call_people", "duties.assign_duty"
STATES = {
    "overdue": _("逾期"),
    "today": _("今天"),
    "soon": _("七天内"),
    "later": _("以后"),
}
COLOURS = {"overdue": "bad", "today": "warn", "soon": "", "later": ""}


def village_of(each: ToCall) -> str:
    village = each.trainee.village
    return f"{village.parent or ''} {village.name}".strip() if village else ""


def classes_of(each: ToCall) -> list[str]:
    return sorted({d.certificate.enrolment.training_class.code for d in each.duties})


def courses_of(each: ToCall) -> list[str]:
    return sorted({d.certificate.enrolment.training_class.project_name for d in each.duties})


def days_of(each: ToCall) -> list[int]:
    return sorted({d.after_days for d in each.duties})


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.none(), label=_("把选中的人分给"), required=False, empty_label=_("不指定")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = calls.callers()  # type: ignore[attr-defined]


def _name(each: ToCall) -> str:
    return f"{each.trainee.name} {village_of(each)}".strip()


def _assign(request: HttpRequest, rows: list[Any], said: dict[str, Any]) -> Outcome:
    by = actor(request)
    return one_by_one(rows, _name, lambda each: calls.assign([each.trainee.pk], said["to"], by))


def _told(rows: Any, name: str, value: Any) -> Any:
    """The service has filtered by it already."""
    return rows


def _trades() -> list[tuple[str, str]]:
    return [
        (t.code, t.title) for t in Trade.objects.filter(project__classes__isnull=False).distinct()
    ]


def _classes() -> list[tuple[str, str]]:
    rows = TrainingClass.objects.filter(enrolments__certificates__follow_ups__done_on__isnull=True)
    return [(c.code, c.code) for c in rows.distinct()]


def _found(rows: list[ToCall], text: str) -> list[ToCall]:
    return [r for r in rows if text in r.trainee.name or text in r.trainee.phone]


CALLS = DeskList(
    name="calls",
    title=_("回访名单"),
    columns=(
        Column("state", _("状态"), lambda r: str(STATES[r.line.state]),
               badge=lambda r: COLOURS[r.line.state]),
        Column("name", _("姓名"), lambda r: r.trainee.name, True),
        Column("phone", _("联系电话"), lambda r: r.trainee.phone, cell="duties/phone_cell.html"),
        Column("village", _("村"), village_of, True),
        Column("due", _("到期日"), lambda r: r.line.duties[0].due_on, True),
        Column("call", _("下次回访"), lambda r: r.line.call_on, True),
        Column("assigned", _("负责人"), lambda r: "、".join(r.assigned), True),
        Column("last", _("上次回访"), lambda r: local(r.last.at).date() if r.last else None, True),
        Column("result", _("上次结果"),
               lambda r: str(r.last.get_result_display()) if r.last else "", True),
        Column("class", _("班次"), lambda r: "、".join(classes_of(r)), True,
               may=calls.WHOLE_LIST),
        Column("project", _("培训项目"), lambda r: "、".join(courses_of(r)), True,
               may=calls.WHOLE_LIST),
        Column("days", _("发证后天数"), lambda r: "、".join(map(str, days_of(r))), shown=False,
               may=calls.WHOLE_LIST),
    ),
    link=lambda r: reverse("call_person", args=[r.trainee.pk]),
    opens="name",
    key=lambda r: r.trainee.pk,
    filters={
        "state": choice(_("状态"), list(STATES.items()), method=_told),
        "mine": tick(_("只看分给我的"), _told),
    },
    search=_found,
    search_label=_("姓名或电话"),
    name_of=_name,
    bulk=(Bulk("assign", _("分配"), _assign, may=ASSIGN, form=AssignForm),),
    empty=_("没有要回访的人。"),
    history="calls",
)  # fmt: skip


def calls_for(user: User) -> DeskList:
    """A liaison sees no class and no trade, and filters by neither; villages are those in sight."""

    def villages() -> list[tuple[str, str]]:
        seen = calls.open_duties(user).values("certificate__trainee__village")
        rows = Division.objects.filter(pk__in=seen).select_related("parent")
        return [(v.code, f"{v.parent.name if v.parent else ''} {v.name}".strip()) for v in rows]

    filters = {**CALLS.filters, "village": choice(_("村"), villages, method=_told)}
    if user.has_perm(calls.WHOLE_LIST):
        filters["trade"] = choice(_("工种"), _trades, method=_told)
        filters["class"] = choice(_("班次"), _classes, method=_told)
    return replace(CALLS, filters=filters)


DIFFERENCES = {
    "missing": _("基地没有登记"),
    "value": _("就业与否不同"),
    "kind": _("去向不同"),
    "employer": _("用人单位不同"),
    "start": _("起始日期相差一个月以上"),
}


def differences_of(check: Any) -> list[str]:
    return [str(DIFFERENCES[code]) for code in check.differences]


def kind_label(kind: str) -> str:
    return str(Outcome_.Kind(kind).label) if kind else "—"


def discrepancies() -> QuerySet[Any]:
    return SampleCheck.objects.exclude(differences=[]).select_related(
        "certificate__enrolment__training_class", "answer__by"
    )


def _answer(check: Any) -> str:
    given = getattr(check, "answer", None)
    return given.text if given else gettext("待答复")


def _answered(rows: Any, name: str, value: str) -> Any:
    return rows.filter(answer__isnull=value == "open")


DISCREPANCIES = DeskList(
    name="discrepancies",
    title=_("抽查差异"),
    columns=(
        Column("class", _("班次"), lambda c: c.certificate.enrolment.training_class.code,
               "certificate__enrolment__training_class__code"),
        Column("name", _("姓名"), lambda c: c.certificate.holder_name,
               "certificate__holder_name"),
        Column("number", _("证书编号"), lambda c: c.certificate.number, "certificate__number"),
        Column("differ", _("差异"), lambda c: "、".join(differences_of(c))),
        Column("kind_base", _("基地：去向"), lambda c: kind_label(c.base_kind), "base_kind"),
        Column("firm_base", _("基地：用人单位"), lambda c: c.base_employer),
        Column("start_base", _("基地：起始日期"), lambda c: c.base_started_on, shown=False),
        Column("by_base", _("基地：登记人"), lambda c: c.base_by, shown=False),
        Column("kind", _("中心：去向"), lambda c: kind_label(c.kind), "kind"),
        Column("firm", _("中心：用人单位"), lambda c: c.employer),
        Column("start", _("中心：起始日期"), lambda c: c.started_on, shown=False),
        Column("officer", _("中心：抽查人"), lambda c: c.officer, shown=False),
        Column("at", _("抽查日期"), lambda c: local(c.at).date(), "at"),
        Column("answer", _("基地的说明"), _answer,
               badge=lambda c: "" if hasattr(c, "answer") else "bad"),
    ),
    link=lambda c: reverse("discrepancy", args=[c.pk]),
    opens="name",
    filters={
        "state": choice(_("答复"), [("open", _("待答复")), ("done", _("已答复"))],
                        method=_answered),
    },
    search=("certificate__holder_name", "certificate__number"),
    search_label=_("姓名或证书编号"),
    order=("-pk",),
    empty=_("没有。"),
    history="discrepancy",
)  # fmt: skip


def _told_of(found: Any) -> list[Entry]:
    given = getattr(found, "answer", None)
    return by_time(
        seen(found.at, found.officer, gettext("中心抽查"), "、".join(differences_of(found))),
        seen(given.at, given.by, gettext("基地答复"), given.text) if given else (),
    )


register(
    "discrepancy",
    History(
        ("duties.answer_sample",),
        lambda user, pk: discrepancies().filter(pk=pk).first(),
        _told_of,
        lambda found: reverse("discrepancy", args=[found.pk]),
        lambda found: str(found.certificate),
    ),
)


def _entries(found: Trainee) -> list[Entry]:
    rows = found.calls.select_related("by", "outcome").order_by("-id")
    return [
        Entry(
            call.at,
            str(call.by),
            str(call.get_result_display()),
            " · ".join(
                str(part)
                for part in (
                    call.get_who_display(),
                    call.outcome.get_kind_display() if call.outcome else "",
                    call.next_call_on or "",
                    call.note,
                )
                if part
            ),
        )
        for call in rows
    ]


def _in_sight(user: User, pk: int) -> Trainee | None:
    """Whose calls this person may read: whoever is on the own list."""
    on_list = calls.open_duties(user).filter(certificate__trainee=pk)
    found = Trainee.objects.filter(pk=pk).first()
    return found if found and (user.has_perm(calls.WHOLE_LIST) or on_list.exists()) else None


register(
    "calls",
    History((CALL,), _in_sight, _entries, lambda found: reverse("call_person", args=[found.pk])),
)
