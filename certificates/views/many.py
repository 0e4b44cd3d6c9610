"""Check a list of certificates: an employer pastes it, or uploads the Excel sheet."""

import json

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from certificates.register import many
from certificates.register.models import ListCheck
from certificates.views.verify import bilingual
from courses.roster.faults import RosterError
from courses.roster.read import plain_rows
from tenants.current import current_tenant
from tenants.tables import workbook_response
from tenants.throttle import too_often

AN_HOUR = 20  # lists of one address in an hour
TOO_MANY = (
    f"一次最多核验 {many.MOST} 份，请分几次。",
    f"At most {many.MOST} at once: make several lists of it.",
)
NOTHING = (
    "没有读到编号和姓名。每行一份：编号或核验码，空格，姓名。",
    "No numbers and names were found. One line each: number or code, a space, the name.",
)
HEADER = ["证书编号 / Number", "姓名 / Name", "结论 / Result", "Result"]


@bilingual
@require_http_methods(["GET", "HEAD", "POST"])
def check_many(request: HttpRequest) -> HttpResponse:
    """The form; POST answers line by line. Nothing of the list is kept."""
    context: dict[str, object] = {"bilingual": True, "most": many.MOST}
    if request.method != "POST":
        return render(request, "certificates/many.html", context)
    if too_often(request, "verify-many", AN_HOUR, 3600):
        return render(request, "certificates/verify_busy.html", {"bilingual": True}, status=429)
    typed = request.POST.get("list", "")[: 200 * many.MOST]
    context["typed"] = typed
    try:
        rows = _rows(request, typed)
    except RosterError as error:
        return render(
            request, "certificates/many.html", context | {"fault": error.said}, status=400
        )
    lines = many.check(rows)
    if not lines or len(lines) > many.MOST:
        context["fault"] = TOO_MANY if lines else NOTHING
        return render(request, "certificates/many.html", context, status=400)
    matches = sum(line.matches for line in lines)
    ListCheck.objects.create(via=ListCheck.Via.PAGE, rows=len(lines), matches=matches)
    kept = [[line.number, line.name, line.result] for line in lines]
    context |= {
        "lines": lines,
        "matches": matches,
        "others": len(lines) - matches,
        "signed": signing.dumps(kept, salt=_salt(), compress=True),
    }
    return render(request, "certificates/many.html", context)


def _rows(request: HttpRequest, typed: str) -> list[list[str]]:
    file = request.FILES.get("file")
    if file is None:
        return many.typed_rows(typed)[: many.MOST + 2]
    return plain_rows(file, many.MOST + 1)


@require_POST
def check_many_excel(request: HttpRequest) -> HttpResponse:
    """The answers of a moment ago as a workbook: they come back signed, so nobody can write his own."""
    try:
        kept = signing.loads(request.POST.get("signed", ""), salt=_salt(), max_age=3600)
    except (signing.BadSignature, json.JSONDecodeError):
        with override("zh-hans"):
            context = {"bilingual": True, "most": many.MOST, "fault": _TOO_OLD}
            return render(request, "certificates/many.html", context, status=400)
    rows = [[number, name, *many.WORDS[result]] for number, name, result in kept]
    return workbook_response("certificates-checked", HEADER, rows)


def _salt() -> str:
    return f"check-many/{current_tenant().uuid}"


_TOO_OLD = (
    "结果已过期，请重新核验。",
    "These answers are too old: check the list once more.",
)
