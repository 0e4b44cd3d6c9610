"""What a base owes: discrepancies to answer, and the gate before its next class."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.duties.forms import AnswerForm
from certificates.duties.lists import DISCREPANCIES, differences_of, discrepancies, kind_label
from certificates.duties.models import GateException, SampleCheck
from certificates.duties.services import gate as gates
from certificates.duties.services import samples
from tenants.faults import as_said, put_faults
from tenants.lists.views import show
from tenants.models import Trade, in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response

SHOWN = {
    "": gettext_lazy("全部"),
    "unknown": gettext_lazy("去向未知"),
    "overdue": gettext_lazy("回访逾期"),
}
VALUES = {
    "employed": gettext_lazy("已就业"),
    "studying": gettext_lazy("升学"),
    "not_seeking": gettext_lazy("暂无就业意愿"),
    "unemployed": gettext_lazy("未就业"),
    "unknown": gettext_lazy("去向未知"),
}


@may("duties.answer_sample")
def discrepancy_list(request: HttpRequest) -> HttpResponseBase:
    """What the centre heard otherwise. Who else was drawn is not shown here."""
    return show(request, DISCREPANCIES, discrepancies(), "duties/discrepancy_list.html")


def excel_header() -> list[str]:
    return [
        *(_("班次"), _("姓名"), _("证书编号"), _("差异")),
        *(_("基地：去向"), _("基地：用人单位"), _("基地：起始日期"), _("基地：登记人")),
        *(_("中心：去向"), _("中心：用人单位"), _("中心：起始日期"), _("中心：抽查人")),
        *(_("抽查日期"), _("基地的说明")),
    ]


def excel_line(check: SampleCheck) -> list[Any]:
    given = getattr(check, "answer", None)
    return [
        check.certificate.enrolment.training_class.code,
        check.certificate.holder_name,
        check.certificate.number,
        "、".join(differences_of(check)),
        *(kind_label(check.base_kind), check.base_employer, check.base_started_on, check.base_by),
        *(kind_label(check.kind), check.employer, check.started_on, check.officer),
        timezone.localtime(check.at).date(),
        given.text if given else "",
    ]


@may("duties.answer_sample")
def discrepancy(request: HttpRequest, pk: int) -> HttpResponse:
    """Both versions side by side; the base corrects its own or explains."""
    check = get_object_or_404(
        SampleCheck.objects.exclude(differences=[]).select_related(
            "certificate__enrolment__training_class"
        ),
        pk=pk,
    )
    given = getattr(check, "answer", None)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and given is None and form.is_valid():
        try:
            samples.answer(check, by=actor(request), **form.cleaned_data)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已答复。"), extra_tags="ok")
            return redirect("discrepancy_list")
    context = {"check": check, "differences": differences_of(check), "answer": given}
    return render(request, "duties/discrepancy.html", context | {"form": form})


def standings() -> list[dict[str, Any]]:
    """What stands for and against a class of each trade of the base, in the reader's language."""
    today = timezone.localdate()
    trades = Trade.objects.filter(project__classes__isnull=False).distinct()
    return [_standing(trade, gates.ask(trade, today)) for trade in trades]


def _standing(trade: Trade, asked: gates.Asked) -> dict[str, Any]:
    return {
        "trade": trade,
        "mode": asked.terms.mode,
        "terms": asked.terms,
        "ok": all(verdict.ok for verdict in asked.verdicts),
        "lines": [(v.ok, in_language(v.zh, v.en)) for v in asked.verdicts],
    }


@may("courses.add_trainingclass")
def gate(request: HttpRequest) -> HttpResponse:
    """Every trade's past, and the exceptions that the centre has granted."""
    context: dict[str, Any] = {"exceptions": GateException.objects.select_related("trade")}
    try:
        context["standings"] = standings()
    except ValidationError as error:  # no rule set is in force
        context["fault"] = as_said(error)[0]
    return render(request, "duties/gate.html", context | {"today": timezone.localdate()})


@may("certificates.view_certificate")
def gate_names(request: HttpRequest, trade: str) -> HttpResponse:
    """The people behind the numbers of a trade."""
    found = get_object_or_404(Trade, code=trade)
    try:
        asked = gates.ask(found, timezone.localdate())
    except ValidationError as error:
        messages.error(request, as_said(error)[0], extra_tags="bad")
        return redirect("gate")
    wanted = request.GET.get("show", "")
    people = [past for past in asked.people if _wanted(past, wanted)]
    if wants_excel(request):
        header = [_("姓名"), _("班次"), _("证书编号"), _("发证日期"), _("计入"), _("去向")]
        header += [_("用人单位"), _("逾期项数")]
        return workbook_response(f"gate-{found.code}", header, map(_line, people))
    context = _standing(found, asked) | {
        "rows": [(past, VALUES[past.known.value]) for past in people],
        "show": wanted,
        "shown": SHOWN,
    }
    return render(request, "duties/gate_names.html", context)


def _wanted(past: gates.Past, show: str) -> bool:
    if show == "unknown":
        return past.counts and past.known.value == "unknown"
    return past.overdue > 0 if show == "overdue" else True


def _line(past: gates.Past) -> list[Any]:
    return [
        past.certificate.holder_name,
        past.certificate.enrolment.training_class.code,
        past.certificate.number,
        past.issued_on,
        _("是") if past.counts else _("否"),
        str(VALUES[past.known.value]),
        past.outcome.employer if past.outcome else "",
        past.overdue,
    ]
