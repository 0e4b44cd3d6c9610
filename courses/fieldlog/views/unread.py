"""What was kept and says nothing: why, and what to do."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.fieldlog.models import Quarantined, Reading
from courses.fieldlog.rules.words import FAULTS, QUARANTINE, Words
from courses.fieldlog.services.dossier import speaker
from courses.fieldlog.services.project import read_pending
from tenants.models import in_language
from tenants.staff.access import may
from tenants.tables import wants_excel, workbook_response


def _words(table: dict[str, Words], code: str) -> Words:
    return table.get(code, (code, code))


@may("fieldlog.manage_device")
def unreadable(request: HttpRequest) -> HttpResponse:
    """Events that no reading understands, and bytes that no known phone has signed. Both stay."""
    read_pending()
    faulty = (
        Reading.objects.exclude(fault="")
        .select_related("event__device__trainer", "event__by", "session__training_class")
        .order_by("-event_id")
    )
    apart = Quarantined.objects.defer("raw").order_by("-id")
    if wants_excel(request):
        header = [_("来源"), _("序号"), _("到达时间"), _("摘要"), _("原因"), _("怎么办")]
        return workbook_response("unreadable", header, [*_faults(faulty), *_apart(apart)])
    events = Paginator(faulty, 50).get_page(request.GET.get("page"))
    context = {
        "page": events,
        "events": [
            {"row": row, "who": speaker(row.event), "words": _words(FAULTS, row.fault)}
            for row in events
        ],
        "apart": [{"row": row, "words": _words(QUARANTINE, row.reason)} for row in apart[:100]],
        "apart_total": apart.count(),
    }
    return render(request, "fieldlog/unreadable.html", context)


def _faults(rows: Any) -> list[list[Any]]:
    return [
        [
            speaker(row.event),
            row.event.seq or "",
            timezone.localtime(row.event.received_at).strftime("%Y-%m-%d %H:%M"),
            bytes(row.event.hash).hex(),
            row.fault,
            in_language(*_words(FAULTS, row.fault)),
        ]
        for row in rows
    ]


def _apart(rows: Any) -> list[list[Any]]:
    return [
        [
            "",
            "",
            timezone.localtime(row.received_at).strftime("%Y-%m-%d %H:%M"),
            bytes(row.hash).hex(),
            row.reason,
            in_language(*_words(QUARANTINE, row.reason)),
        ]
        for row in rows
    ]
