"""The centre's list of people who were, or taught, at two bases at once. Nobody's name is in it."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.directory.models import Presence
from tenants.current import current_tenant
from tenants.models import Tenant
from tenants.staff.access import may
from tenants.tables import wants_excel, workbook_response

MOST = 500  # lines on the page; the workbook has the same
#: Each pair once: the earlier row beside the later one of another base, at overlapping times.
PAIRS = f"""
WITH ours AS (SELECT id FROM public.{Tenant._meta.db_table} WHERE centre_id = %s)
SELECT a.tenant_id, a.label, b.tenant_id, b.label,
       min(greatest(a.starts_at, b.starts_at)), max(least(a.ends_at, b.ends_at)), count(*),
       count(*) FILTER (WHERE a.teaches OR b.teaches)
FROM public.{Presence._meta.db_table} a
JOIN public.{Presence._meta.db_table} b
  ON a.person = b.person AND a.tenant_id < b.tenant_id
 AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
WHERE a.tenant_id IN (SELECT id FROM ours) OR b.tenant_id IN (SELECT id FROM ours)
GROUP BY a.tenant_id, a.session, a.label, b.tenant_id, b.session, b.label
ORDER BY 5 DESC, 1, 3, 2, 4 LIMIT {MOST}
"""


def clashes() -> list[dict[str, Any]]:
    """Pairs of sessions of two bases with the number of people who were in both, and how many of them
    taught in one.
    """
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, [current_tenant().pk])
        rows = cursor.fetchall()
    names = Tenant.objects.in_bulk([pk for row in rows for pk in (row[0], row[2])])
    return [
        {
            "one": names[row[0]],
            "one_label": row[1],
            "other": names[row[2]],
            "other_label": row[3],
            "starts_at": row[4],
            "ends_at": row[5],
            "people": row[6],
            "teaching": row[7],
        }
        for row in rows
    ]


@may("designations.decide_base")
def presence_clashes(request: HttpRequest) -> HttpResponse:
    found = clashes()
    if wants_excel(request):
        header = [_("基地"), _("课次"), _("基地"), _("课次"), _("自"), _("至")]
        header += [_("人数"), _("其中教师")]
        return workbook_response("clashes", header, [_line(each) for each in found])
    return render(request, "fieldlog/clashes.html", {"found": found, "most": MOST})


def _line(each: dict[str, Any]) -> list[Any]:
    times = (each["starts_at"], each["ends_at"])
    return [
        *(each["one"].name, each["one_label"], each["other"].name, each["other_label"]),
        *(timezone.localtime(time).strftime("%Y-%m-%d %H:%M") for time in times),
        *(each["people"], each["teaching"]),
    ]
