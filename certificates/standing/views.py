"""Classes in which somebody is qualified and waits for a certificate."""

from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.standing.due import ISSUE, to_certify
from tenants.staff.access import may
from tenants.tables import wants_excel, workbook_response


@may(ISSUE)
def issue_due(request: HttpRequest) -> HttpResponse:
    """One line a class, the one that has waited longest first: the way to issue them."""
    rows = list(
        to_certify(timezone.localdate())
        .values(
            code=F("enrolment__training_class__code"),
            project=F("enrolment__training_class__project__name"),
            village=F("enrolment__training_class__village__name"),
            day=F("ended_on"),
        )
        .annotate(people=Count("pk"))
        .order_by("day", "code")
    )
    if wants_excel(request):
        header = [_("班次代码"), _("培训项目"), _("村"), _("结业日期"), _("合格未发证")]
        lines = [[r["code"], r["project"], r["village"], r["day"], r["people"]] for r in rows]
        return workbook_response("to-issue", header, lines)
    context = {"rows": rows, "people": sum(row["people"] for row in rows)}
    return render(request, "standing/issue_due.html", context)
