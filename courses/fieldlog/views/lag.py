"""Lag as a risk: what has not come yet, by phone and by village, worst first."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.fieldlog.rules import lag as rules
from courses.fieldlog.services.lag import Behind, behind
from tenants.staff.access import may
from tenants.tables import wants_excel, workbook_response

SCOPES = {
    "base": gettext_lazy("本基地"),
    "device": gettext_lazy("手机"),
    "village": gettext_lazy("村"),
}
LEVELS = {
    rules.OK: gettext_lazy("正常"),
    rules.WARN: gettext_lazy("留意"),
    rules.BAD: gettext_lazy("风险"),
}
#: (what it is sorted by, its title); names and levels stand apart.
COLUMNS = (
    ("sessions", gettext_lazy("无记录课次")),
    ("oldest", gettext_lazy("最早一次")),
    ("silent", gettext_lazy("没联系天数")),
    ("numbers", gettext_lazy("缺的记录")),
    ("lost", gettext_lazy("丢失的记录")),
    ("blobs", gettext_lazy("缺的照片")),
    ("unread", gettext_lazy("未读不懂")),
)
#: What can be behind of each: a village has no numbers of its own.
OF_SCOPE = {
    "device": ("sessions", "oldest", "silent", "numbers", "lost", "blobs", "unread"),
    "village": ("sessions", "oldest", "silent", "blobs"),
}
MAY_SEE = ("fieldlog.manage_device", "fieldlog.review_attendance")


@may()
def lag(request: HttpRequest) -> HttpResponse:
    if not any(request.user.has_perm(name) for name in MAY_SEE):
        raise PermissionDenied
    today = timezone.localdate()
    sort = request.GET.get("sort", "")
    sort = sort if sort in rules.SORTS else "level"
    found = behind()
    rows = [
        found.base,
        *rules.ordered(found.devices, sort, today),
        *rules.ordered(found.villages, sort, today),
    ]
    if wants_excel(request):
        return _workbook(rows, found, today)
    context = {
        "base": _shown(found.base, today),
        "tables": [
            {
                "title": SCOPES[scope],
                "scope": scope,
                "columns": [each for each in COLUMNS if each[0] in keys],
                "rows": [_shown(row, today, keys) for row in rows if row.scope == scope],
            }
            for scope, keys in OF_SCOPE.items()
        ],
        "lost": found.lost,
        "sessions": [(each, (today - each.held_on).days) for each in found.sessions],
        "sort": sort,
        "thresholds": rules,
        "today": today,
    }
    return render(request, "fieldlog/lag.html", context)


def _shown(row: rules.Lag, today: date, keys: tuple[str, ...] = ()) -> dict[str, Any]:
    """`keys` are the columns that are shown; all without."""
    level, wanted = row.level(today), keys or tuple(key for key, _title in COLUMNS)
    return {
        "row": row,
        "level": level,
        "title": LEVELS[level],
        "cells": [(key, title, getattr(row, key)) for key, title in COLUMNS if key in wanted],
    }


def _workbook(rows: list[rules.Lag], found: Behind, today: date) -> HttpResponse:
    """The table, and below it each session without a log: nobody has to count anew."""
    header = [_("范围"), _("名称"), _("程度"), *(str(title) for _key, title in COLUMNS)]
    lines: list[list[Any]] = [
        [
            str(SCOPES[row.scope]),
            row.name,
            str(LEVELS[row.level(today)]),
            *(getattr(row, key) for key, _title in COLUMNS),
        ]
        for row in rows
    ]
    for session in found.sessions:
        name = f"{session.training_class.code} #{session.number} {session.training_class.village}"
        days = (today - session.held_on).days
        level = rules.BAD if days >= rules.SESSION_BAD else rules.WARN
        lines.append([_("课次"), name, str(LEVELS[level]), 1, session.held_on])
    for device, runs in found.lost:
        for each in runs:
            name = f"{device} {each.first}–{each.last} {each.reason}"
            lines.append([_("丢失的记录"), name, str(LEVELS[rules.WARN])])
    return workbook_response(f"field-lag-{today}", header, lines)
