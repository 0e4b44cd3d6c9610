"""Everybody whom the base has taught: found by name, initials, last four, telephone or certificate."""

from functools import lru_cache
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from courses.fieldlog.services.pack import initials
from courses.models import Enrolment, Trainee, TrainingClass
from courses.notices.bulk import notice_to
from tenants.lists.filters import choice, township
from tenants.lists.shape import Column, DeskList

VALID = Certificate.objects.filter(trainee=OuterRef("pk"), status=Certificate.Status.VALID)


def trainees() -> QuerySet[Any]:
    """Each with the classes and certificates; resident IDs and photos stay where they are."""
    enrolments = Enrolment.objects.select_related("training_class__project").defer("photo")
    papers = Certificate.objects.only("number", "status", "trainee", "issued_on")
    rows = Trainee.objects.select_related("village__parent").defer("id_sealed", "id_digest")
    return rows.annotate(last_class=Max("enrolments__training_class__starts_on")).prefetch_related(
        Prefetch("enrolments", enrolments.order_by("-pk")),
        Prefetch("certificates", papers.order_by("-pk")),
    )


@lru_cache(maxsize=50_000)
def _initials(name: str) -> str:
    return initials(name)


def found_by(rows: Any, text: str) -> Any:
    """Latin letters are the initials of a name, as people type them: 张晓梅 is `zxm`."""
    wanted = Q(name__icontains=text) | Q(certificates__number__icontains=text)
    if text.isascii() and text.isalpha():
        small = text.lower()
        names = Trainee.objects.order_by().values_list("name", flat=True).distinct()
        wanted |= Q(name__in=[name for name in names if small in _initials(name)])
    if text[:-1].isascii() and text[:-1].isdecimal():
        wanted |= Q(id_last4__iexact=text) | Q(phone__contains=text)
    return rows.filter(pk__in=Trainee.objects.filter(wanted).values("pk"))


def _classes() -> list[tuple[str, str]]:
    return [(each.code, str(each)) for each in TrainingClass.objects.select_related("project")]


def _in_class(rows: Any, name: str, value: str) -> Any:
    inside = Enrolment.objects.filter(training_class__code=value)
    return rows.filter(pk__in=inside.values("trainee"))


def _in_state(rows: Any, name: str, value: str) -> Any:
    return rows.filter(pk__in=Enrolment.objects.filter(state=value).values("trainee"))


def _with_paper(rows: Any, name: str, value: str) -> Any:
    return rows.filter(Exists(VALID) if value == "yes" else ~Exists(VALID))


def _numbers(row: Any) -> list[str]:
    return [c.number for c in row.certificates.all() if c.status == Certificate.Status.VALID]


def _issued(row: Any) -> Any:
    valid = [c for c in row.certificates.all() if c.status == Certificate.Status.VALID]
    return max((c.issued_on for c in valid), default=None)


def _state(row: Any) -> str:
    latest = next(iter(row.enrolments.all()), None)
    return str(latest.get_state_display()) if latest else ""


TRAINEES = DeskList(
    name="trainees",
    title=_("全部学员"),
    columns=(
        Column("name", _("姓名"), lambda t: t.name, "name"),
        Column("last4", _("证件后四位"), lambda t: t.id_last4, "id_last4"),
        Column("class", _("班次"),
               lambda t: "、".join(e.training_class.code for e in t.enrolments.all()),
               "last_class"),
        Column("village", _("村"), lambda t: t.village.name if t.village else "", "village__code"),
        Column("state", _("状态"), _state, badge=lambda t: ""),
        Column("certificate", _("证书"), lambda t: "、".join(_numbers(t))),
        Column("town", _("乡镇"),
               lambda t: t.village.parent.name if t.village and t.village.parent else "",
               "village__parent__code", shown=False),
        Column("sex", _("性别"), lambda t: t.sex, "sex", shown=False),
        Column("phone", _("联系电话"), lambda t: t.phone, "phone", shown=False),
        Column("project", _("培训项目"),
               lambda t: "、".join(e.training_class.project_name for e in t.enrolments.all()),
               shown=False),
        Column("issued", _("发证日期"), _issued, shown=False),
        Column("made", _("登记时间"), lambda t: t.created_at, "created_at", shown=False),
    ),
    link=lambda t: reverse("trainee", args=[t.pk]),
    filters={
        "class": choice(_("班次"), _classes, method=_in_class),
        "state": choice(_("状态"), Enrolment.State.choices, method=_in_state),
        "certificate": choice(_("有效证书"), [("yes", _("有")), ("no", _("没有"))],
                              method=_with_paper),
        "township": township(lambda: Trainee.objects.values("village")),
    },
    search=found_by,
    search_label=_("姓名、拼音首字母、证件后四位、电话或证书编号"),
    order=("-pk",),
    name_of=lambda t: f"{t.name} {t.id_last4}",
    bulk=(notice_to(lambda row: row.pk),),
    empty=_("还没有学员。在班次里导入花名册以后，学员就列在这里。"),
    history="trainee",
)  # fmt: skip
