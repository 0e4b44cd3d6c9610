"""A sheet that was entered: photo and rows side by side, and a second person's word about them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.fieldlog.models import PaperSheet, Reading
from courses.fieldlog.rules import paper as rules
from courses.fieldlog.services import paper
from courses.models import Mark
from courses.services.attendance import last_said
from tenants.faults import as_said
from tenants.models import in_language
from tenants.staff.access import actor, may


def entered_page(
    request: HttpRequest, sheet: PaperSheet, faults: list[str] | None = None
) -> HttpResponse:
    said = last_said(sheet.session, paper.PAPER)
    rows: list[dict[str, Any]] = []
    for line in paper.lines(sheet):
        found = said.get(line.enrolment.pk)
        label = Mark(found.said["mark"]).label if found else _("未填")
        rows.append({"line": line, "said": found.said if found else None, "mark": label})
    event = sheet.entered
    assert event is not None
    entries = Reading.objects.filter(session=sheet.session_id, kind="paper_sheet")
    totals = entries.filter(event=event).values_list("said__totals", flat=True).first() or {}
    user = actor(request)
    context: dict[str, Any] = {
        "sheet": sheet,
        "session": sheet.session,
        "class": sheet.session.training_class,
        "rows": [row for row in rows if row["line"].code or row["said"]],
        "unlisted": [row for row in rows if not row["line"].code and not row["said"]],
        "totals": [(in_language(*rules.TITLES[key]), totals.get(key)) for key in rules.TOTALS],
        "entries": entries.select_related("event__by").order_by("event__received_at"),
        "notes": Reading.objects.filter(
            session=sheet.session_id, kind="note", event__source=paper.PAPER
        ).select_related("event__by"),
        "hash": bytes(event.hash).hex(),
        "faults": faults or [],
        "may_countersign": user.has_perm("fieldlog.countersign_paper"),
        "why_not": paper.countersign_fault(sheet, user),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "fieldlog/sheet.html", context)


@may("fieldlog.countersign_paper")
@require_POST
def paper_countersign(request: HttpRequest, code: str) -> HttpResponse:
    sheet = get_object_or_404(
        PaperSheet.objects.select_related("session__training_class"), code=code
    )
    agrees = request.POST.get("verdict") == "agrees"
    reason, seen = request.POST.get("reason", "")[:500], request.POST.get("seen", "")
    try:
        paper.countersign(sheet, agrees, reason, seen, actor(request))
    except ValidationError as error:
        if sheet.entered_id is None:
            messages.error(request, as_said(error)[0], extra_tags="bad")
            return redirect("paper_list")
        return entered_page(request, sheet, as_said(error))
    if agrees:
        messages.success(request, _("已复核，与照片一致。"), extra_tags="ok")
    else:
        messages.warning(request, _("已记下不一致之处，请录入的人更正。"), extra_tags="warn")
    return redirect("paper_sheet", sheet.code)
