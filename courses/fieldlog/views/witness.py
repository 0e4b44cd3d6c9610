"""The liaison's copy of a session's end: what it is for, and a supervisor's check of it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from courses.fieldlog.rules.codes import read_witness, witness_code
from courses.fieldlog.services.witness import look_up
from tenants.staff.access import may


def witness(request: HttpRequest) -> HttpResponse:
    """Says what the code is for, to whoever scans it. What stands behind the `#` stays there."""
    return render(request, "fieldlog/witness.html")


@may()
def witness_check(request: HttpRequest) -> HttpResponse:
    """By POST: a code that was kept in the village has no business in a log of addresses."""
    if not any(
        request.user.has_perm(f"fieldlog.{name}") for name in ("review_attendance", "manage_device")
    ):
        raise PermissionDenied
    typed = request.POST.get("code", "").strip()[:300]
    context: dict[str, Any] = {"typed": typed, "fault": ""}
    if request.method == "POST":
        found = read_witness(typed)
        if found is None:
            context["fault"] = _(
                "看不懂这个码。请照抄“数字-十位字母数字”，例如 184-3F7K2M9QXA，或粘贴扫码得到的全部内容。"
            )
        else:
            answer = look_up(found)
            context["answer"] = answer
            if answer.event is not None:
                event = answer.event
                context["code"] = witness_code(event.seq or 0, bytes(event.hash))
    return render(request, "fieldlog/witness_check.html", context)
