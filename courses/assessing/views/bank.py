"""The bank beside Wagtail's pages of it: a sheet in, a sheet out, how questions were answered."""

import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from courses.assessing import sheet
from courses.assessing.forms import UploadForm
from courses.assessing.models import BankImport, Question
from courses.assessing.services.bank import confirm_import, keep_import
from courses.assessing.services.figures import of_bank
from courses.roster.faults import RosterError
from courses.roster.read import plain_rows
from tenants.faults import as_said
from tenants.models import Trade, in_language
from tenants.staff.access import actor, may
from tenants.tables import XLSX, download, wants_excel, workbook_response

ADD, VIEW = "assessing.add_question", "assessing.view_question"


def _rows_of(kept: BankImport) -> list[list[str]]:
    return plain_rows(io.BytesIO(bytes(kept.content)), sheet.MOST + sheet.HEADER_WITHIN)


@may(ADD)
def question_import(request: HttpRequest) -> HttpResponse:
    """A file is read and kept until somebody has looked at what it says."""
    if wants_excel(request):
        return workbook_response("questions-empty", sheet.header(), [])
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, trade = form.cleaned_data["file"], form.cleaned_data["trade"]
        try:
            content = file.read()
            sheet.read(plain_rows(io.BytesIO(content), sheet.MOST + sheet.HEADER_WITHIN), trade)
            kept = keep_import(trade, str(file.name), content, actor(request))
            return redirect("question_import_preview", kept.pk)
        except RosterError as error:
            form.add_error("file", in_language(*error.said))
        except ValidationError as error:
            form.add_error("file", error)
    context = {"form": form, "kept": BankImport.objects.select_related("trade", "uploaded_by")[:10]}
    return render(request, "assessing/import.html", context)


@may(ADD)
def question_import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be taken in, and what is wrong with the rest; the good rows go in when confirmed."""
    kept = get_object_or_404(BankImport.objects.select_related("trade"), pk=pk)
    rows = sheet.read(_rows_of(kept), kept.trade)
    good = [row for row in rows if not row.faults]
    if request.method == "POST":
        try:
            done = confirm_import(kept, rows)
            said = _("新增 %(new)s 题，更新 %(changed)s 题。")
            said %= {"new": done.new, "changed": done.changed}
            messages.success(request, said, extra_tags="ok")
        except ValidationError as error:
            messages.error(request, as_said(error)[0], extra_tags="bad")
        return redirect("question_import_preview", pk)
    context = {
        "kept": kept,
        "good": len(good),
        "bad": [row for row in rows if row.faults],
        "page": Paginator(good, 50).get_page(request.GET.get("page")),
    }
    return render(request, "assessing/import_preview.html", context)


@may(ADD)
def question_import_marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it came, the wrong rows marked."""
    kept = get_object_or_404(BankImport.objects.select_related("trade"), pk=pk)
    rows = _rows_of(kept)
    content = sheet.marked(rows, sheet.read(rows, kept.trade))
    return download(content, f"questions-marked-{pk}.xlsx", XLSX)


@may(VIEW)
def question_statistics(request: HttpRequest) -> HttpResponse:
    """Every question with how often it was answered, and how many were right; also the way out to Excel."""
    found = Question.objects.select_related("trade", "project")
    trade, state = request.GET.get("trade", "")[:50], request.GET.get("state", "")
    if trade:
        found = found.filter(trade__code=trade)
    if state in Question.State.values:
        found = found.filter(state=state)
    if wants_excel(request):
        figures = of_bank(found)
        header = [*sheet.header(), _("作答人次"), _("答对人次")]
        lines = [[*sheet.row_of(q), *figures.get(q.pk, (0, 0))] for q in found]
        return workbook_response("questions", header, lines)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    figures = of_bank(page.object_list)
    rows: list[dict[str, Any]] = []
    for question in page:
        asked, right = figures.get(question.pk, (0, 0))
        percent = round(100 * right / asked) if asked else None
        rows.append({"question": question, "asked": asked, "right": right, "percent": percent})
    context = {
        "page": page,
        "rows": rows,
        "trades": Trade.objects.filter(
            pk__in=Question.objects.order_by().values("trade").distinct()
        ),
        "trade": trade,
        "state": state,
        "states": Question.State.choices,
    }
    return render(request, "assessing/statistics.html", context)
