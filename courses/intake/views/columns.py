"""What the columns of rosters are: said on the page of an import, remembered, forgotten."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.intake.forms import TITLES, columns_said
from courses.intake.models import RememberedColumns, Sender
from courses.intake.services.columns import forget, head_of, proposed, say_columns, sender_named
from courses.intake.services.rosters import read_anew
from courses.models import RosterImport
from courses.roster import RosterError
from tenants.faults import as_said
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


def panel(kept: RosterImport, sent: Any = None) -> dict[str, Any]:
    """The first rows with a choice above each column, as it is read now or as it was sent."""
    sheet = getattr(kept, "sheet", None)
    if sheet is None or not sheet.head_sealed:
        return {}
    rows = head_of(sheet).rows
    width = max((len(cells) for _, cells in rows), default=0)
    while width > 1 and not any(cells[width - 1 : width] not in ([], [""]) for _, cells in rows):
        width -= 1
    header, columns = columns_said(sent) if sent else (sheet.header, sheet.columns)
    if not sent and not sheet.columns:
        header, columns = proposed(head_of(sheet))
    chosen = {index: field for field, index in columns.items()}
    return {
        "fields": list(TITLES.items()),
        "selects": [(index, _letters(index), chosen.get(index, "")) for index in range(width)],
        "lines": [(number, number == header, _padded(cells, width)) for number, cells in rows],
        "no_headings": header == 0,
        "sender": (sent or {}).get("sender", sheet.sender.name if sheet.sender else ""),
        "senders": Sender.objects.all(),
        "taken": [(TITLES[f], _letters(i), _title(sheet, i)) for f, i in sheet.columns.items()],
        "said_by": sheet.get_said_by_display() if sheet.said_by else "",
    }


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * width][:width]


def _title(sheet: Any, index: int) -> str:
    return sheet.titles[index] if index < len(sheet.titles) else ""


def _letters(index: int) -> str:
    """A column as Excel calls it."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index + 1))


@may("courses.import_roster")
@require_POST
def roster_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """The clerk's word: the file is read by it, and the next one with these headings."""
    kept = get_object_or_404(
        RosterImport.objects.select_related("training_class__rule_set", "sheet"), pk=pk
    )
    by = actor(request)
    try:
        header, columns = columns_said(request.POST)
        sender = sender_named(request.POST.get("sender", ""))
        say_columns(kept, header, columns, sender, by)
        read_anew(kept, by)
    except (ValidationError, RosterError) as error:
        if isinstance(error, RosterError):
            faults = [in_language(*error.said)]
        else:
            faults = as_said(error)
        context = {
            "import": kept,
            "class": kept.training_class,
            "panel": panel(kept, request.POST),
            "faults": faults,
        }
        return render(request, "intake/columns_page.html", context)
    messages.success(
        request, _("已按指定的列读取；下次收到同样表头的花名册不再询问。"), extra_tags="ok"
    )
    return redirect("roster_preview", pk)


@may("courses.import_roster")
def columns_list(request: HttpRequest) -> HttpResponse:
    """What is remembered of headings, by sender; POST forgets one."""
    if request.method == "POST":
        key = request.POST.get("forget", "")
        row = RememberedColumns.objects.filter(pk=int(key) if key.isdecimal() else 0).first()
        if row is not None:
            forget(row)
            messages.success(request, _("已忘记，下次按表头识别。"), extra_tags="ok")
        return redirect("columns_list")
    rows = RememberedColumns.objects.select_related("sender", "by")
    found = [(row, _meanings(row)) for row in rows.order_by("sender__name", "pk")]
    if wants_excel(request):
        header = [_("来源"), _("表头"), _("各列含义"), _("指定人"), _("时间"), _("用过次数")]
        lines = [
            [str(r.sender or ""), str(r), said, str(r.by or ""), f"{r.at:%Y-%m-%d}", r.used]
            for r, said in found
        ]
        return workbook_response("columns", header, lines)
    return render(request, "intake/columns_list.html", {"rows": found})


def _meanings(row: RememberedColumns) -> str:
    pairs = sorted(row.columns.items(), key=lambda pair: pair[1])
    colon = in_language("：", ": ")
    return "；".join(f"{_letters(index)}{colon}{TITLES[field]}" for field, index in pairs)
