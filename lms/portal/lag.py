"""How far each base is behind with its field log: counts without people, from a shared table."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.directory.models import FieldLag
from courses.fieldlog.rules.lag import SORTS, Lag, ordered, overdue, silent_days
from courses.fieldlog.views.lag import COLUMNS, LEVELS
from lms.portal.figures import open_bases
from tenants.console.access import bases_of
from tenants.current import current_tenant
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


@may("designations.view_trainingbase")
def field_lag(request: HttpRequest) -> HttpResponse:
    """The bases in this person's sight. What is late is asked with today's date, so that a base whose
    counts are old is late all the same.
    """
    today, now = timezone.localdate(), timezone.now()
    in_sight = bases_of(actor(request)).exclude(tenant=None).values("tenant")
    bases = list(open_bases(current_tenant()).filter(pk__in=in_sight).order_by("pk"))
    counts = {each.tenant_id: each for each in FieldLag.objects.filter(tenant__in=bases)}
    rows = {}
    for base in bases:
        if found := counts.get(base.pk):
            late = overdue(found.without_log, today)
            rows[base.pk] = Lag(
                "base",
                base.title,
                base.pk,
                sessions=len(late),
                oldest=late[0] if late else None,
                silent=max((silent_days(each, now) or 0 for each in found.contacts), default=None),
                numbers=found.numbers_missing,
                blobs=found.blobs_missing,
                unread=found.unread,
            )
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "level"
    shown = ordered(rows.values(), sort, today)
    if wants_excel(request):
        header = [_("基地"), _("程度"), *(str(title) for _key, title in COLUMNS), _("手机")]
        lines = [
            [
                row.name,
                str(LEVELS[row.level(today)]),
                *(getattr(row, key) for key, _title in COLUMNS),
                counts[row.pk or 0].devices,
            ]
            for row in shown
        ]
        return workbook_response(f"field-lag-{today}", header, lines)
    context: dict[str, Any] = {
        "rows": [
            {
                "row": row,
                "level": row.level(today),
                "title": LEVELS[row.level(today)],
                "cells": [(key, title, getattr(row, key)) for key, title in COLUMNS],
                "counts": counts[row.pk or 0],
            }
            for row in shown
        ],
        "uncounted": [base for base in bases if base.pk not in counts],
        "columns": COLUMNS,
        "sort": sort,
    }
    return render(request, "portal/field_lag.html", context)
