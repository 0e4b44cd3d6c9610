"""Monthly reports at the centre: draft, look, sign, correct; A4, Excel and PDF. Rural labour beside."""

import re
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from certificates.figures.rules.report import COLUMNS, SHARE
from certificates.figures.views.guard import asked_scope
from certificates.standing.jobs import PAPER
from certificates.standing.models import MonthlyReport, RuralLabour
from certificates.standing.services import labour, reports
from certificates.standing.services.report_paper import path_of, table_of
from tenants.faults import as_said, put_faults
from tenants.jobs.services import start
from tenants.models import Division, in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response
from tenants.uploads import LARGEST

READ, WRITE, SIGN = "standing.view_names", "standing.write_report", "standing.sign_report"


class MonthForm(forms.Form):
    month = forms.CharField(
        label=gettext_lazy("月份"),
        widget=forms.TextInput(attrs={"placeholder": "2026-05", "inputmode": "numeric"}),
        help_text=gettext_lazy("年-月，例如 2026-05；只能编制已过完的月份"),
    )

    def clean_month(self) -> date:
        return _month(str(self.cleaned_data["month"]), ValidationError(
            "请写成 2026-05 / write it like 2026-05"
        ))  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("更正原因"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


class LabourForm(forms.Form):
    """One township by hand, or many as an Excel file."""

    township = forms.CharField(
        label=gettext_lazy("乡镇"),
        required=False,
        help_text=gettext_lazy("名称或九位区划代码"),
    )
    people = forms.IntegerField(
        label=gettext_lazy("农村劳动力（人）"), required=False, min_value=0, max_value=labour.MOST
    )
    file = forms.FileField(
        label=gettext_lazy("或上传 Excel"),
        required=False,
        help_text=gettext_lazy("两列：乡镇名称或区划代码、人数"),
    )
    as_of = forms.DateField(
        label=gettext_lazy("统计日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(
        label=gettext_lazy("数据来源"), max_length=100, help_text=gettext_lazy("例如文件号")
    )

    def entries(self) -> dict[int, int]:
        """Raises ValidationError with what to do."""
        data = self.cleaned_data
        if data.get("file"):
            if data["file"].size > LARGEST:
                raise ValidationError(
                    "文件超过 10 MB，请删去多余的内容后再上传"
                    " / the file is larger than 10 MB: remove what is not needed"
                )
            return labour.read_workbook(data["file"].read())
        text, people = str(data.get("township") or "").strip(), data.get("people")
        rows = Division.objects.filter(level="township")
        found = list(rows.filter(code=text) or rows.filter(name=text)) if text else []
        if len(found) != 1 or people is None:
            raise ValidationError(
                "请填写一个乡镇（同名的用区划代码）和人数，或上传 Excel"
                " / give one township (its code if names are alike) and its people, or an Excel file"
            )
        return {found[0].pk: people}


def _month(text: str, error: Exception) -> date:
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text.strip(), re.ASCII):
        raise error
    return date.fromisoformat(f"{text.strip()}-01")


def _report(month: str, number: int) -> MonthlyReport:
    found = reports.current(_month(month, Http404()), number)
    if found is None:
        raise Http404
    return found


def _address(report: MonthlyReport) -> HttpResponse:
    return redirect("report_month", f"{report.month:%Y-%m}", report.number)


def _say(request: HttpRequest, error: ValidationError) -> None:
    messages.error(request, as_said(error)[0], extra_tags="bad")


@may(READ)
def report_months(request: HttpRequest) -> HttpResponse:
    """All reports; a form for the next draft."""
    asked_scope(request)
    form = MonthForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and request.user.has_perm(WRITE):
        try:
            return _address(reports.draft(form.cleaned_data["month"], actor(request)))
        except ValidationError as error:
            put_faults(form, error)
    context = {"form": form, "reports": reports.all_current()}
    return render(request, "figures/report_months.html", context)


@may(READ)
def report_month(request: HttpRequest, month: str, number: int) -> HttpResponse:
    asked_scope(request)
    report = _report(month, number)
    content = reports.content_of(report)
    rows = table_of(content)
    if wants_excel(request):
        return _excel(report, content, rows)
    newest = reports.newest(report.month)
    signature = getattr(report, "signature", None)
    words = [(key, in_language(*w[:2]), in_language(*w[2:])) for key, w in COLUMNS.items()]
    context: dict[str, Any] = {
        "report": report,
        "content": content,
        "rows": rows,
        "words": words,
        "share": (in_language(*SHARE[:2]), in_language(*SHARE[2:])),
        "signature": signature,
        "proved": reports.is_proved(report),
        "is_newest": newest is not None and newest.pk == report.pk,
        "versions": MonthlyReport.objects.filter(month=report.month, signature__isnull=False)
        .exclude(pk=report.pk)
        .order_by("number"),
        "form": ReasonForm(),
        "differences": _differences(content),
    }
    return render(request, "figures/report.html", context)


def _differences(content: dict[str, Any]) -> list[dict[str, Any]]:
    if not content["corrects"]:
        return []
    parts = {"month": _("本月"), "year": _("本年累计"), "labour": ""}
    titles = {key: in_language(*w[:2]) for key, w in COLUMNS.items()}
    titles["labour"] = _("农村劳动力（人）")
    return [
        each | {"part": parts[each["part"]], "column": titles[each["column"]]}
        for each in content["corrects"]["differences"]
    ]


def _excel(
    report: MonthlyReport, content: dict[str, Any], rows: list[dict[str, Any]]
) -> HttpResponse:
    parts = ((_("本月"), "month"), (_("本年累计"), "year"))
    titles = [in_language(*words[:2]) for words in COLUMNS.values()]
    header = [_("乡镇"), *(f"{part} {title}" for part, _key in parts for title in titles)]
    header += [
        _("农村劳动力（人）"),
        _("统计日期"),
        _("数据来源"),
        in_language(*SHARE[:2]) + "（%）",
    ]
    lines: list[list[Any]] = []
    for row in rows:
        here = row["labour"] or {}
        numbers = [number for _part, key in parts for _name, number in row[key]]
        share = float(row["share"]) if row["share"] else None
        told = [here.get(name) for name in ("people", "as_of", "source")]
        lines.append([row["name"], *numbers, *told, share])
    total = content["total"]
    numbers = [total[key][name] for _part, key in parts for name in COLUMNS]
    share = float(total["share"]) if total["share"] else None
    lines.append([_("合计"), *numbers, total["labour"] or None, None, None, share])
    return workbook_response(f"report-{report.month:%Y-%m}-{report.number}", header, lines)


@require_POST
@may(READ, SIGN)
def report_sign(request: HttpRequest, month: str, number: int) -> HttpResponse:
    asked_scope(request)
    report = _report(month, number)
    try:
        if request.POST.get("digest") != report.digest:
            raise ValidationError(
                "草稿已变，请重新查看后再签发 / the draft has changed: look again"
            )
        reports.sign(report, actor(request))
    except ValidationError as error:
        _say(request, error)
    else:
        messages.success(request, _("已签发。从现在起只能用编号的更正来改。"), extra_tags="ok")
    return _address(report)


@require_POST
@may(READ, WRITE)
def report_correct(request: HttpRequest, month: str, number: int) -> HttpResponse:
    """The next correction of a signed report, or a draft made anew with the figures of now."""
    asked_scope(request)
    report = _report(month, number)
    try:
        return _address(reports.draft(report.month, actor(request), request.POST.get("reason", "")))
    except ValidationError as error:
        _say(request, error)
    return _address(report)


@may(READ)
def report_pdf(request: HttpRequest, month: str, number: int) -> HttpResponseBase:
    """The kept PDF of a signed report; while there is none, the job that draws it."""
    asked_scope(request)
    report = _report(month, number)
    if getattr(report, "signature", None) is None:
        raise Http404
    path = path_of(report)
    if not path.exists():
        back = reverse("report_month", args=[month, number])
        params = {"report": report.pk, "path": request.path}
        run = start(PAPER, str(report), params, actor(request), back)
        return redirect("job", run.pk)
    response = FileResponse(path.open("rb"), content_type="application/pdf", as_attachment=True,
                            filename=path.name)  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@may(READ)
def rural_labour(request: HttpRequest) -> HttpResponse:
    """What counts today of each township, where it comes from, and a form for newer numbers."""
    asked_scope(request)
    form = LabourForm(request.POST or None, request.FILES or None,
                      initial={"as_of": timezone.localdate()})  # fmt: skip
    if request.method == "POST" and form.is_valid() and request.user.has_perm(WRITE):
        data = form.cleaned_data
        try:
            done = labour.record(form.entries(), data["as_of"], data["source"], actor(request))
        except ValidationError as error:
            put_faults(form, error)
        else:
            said = _("已登记 %(count)s 个乡镇。") % {"count": done}
            messages.success(request, said, extra_tags="ok")
            return redirect("rural_labour")
    rows = RuralLabour.objects.select_related("township", "entered_by")
    latest = rows.order_by("township__code", "-as_of", "-id").distinct("township__code")
    if wants_excel(request):
        header = [_("乡镇"), _("农村劳动力（人）"), _("统计日期"), _("数据来源")]
        lines = [[r.township.name, r.people, r.as_of, r.source] for r in latest]
        return workbook_response("rural-labour", header, lines)
    return render(request, "figures/labour.html", {"form": form, "rows": latest})
