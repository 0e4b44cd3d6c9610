"""Lists of complaints, and the sheet to put up. They show no person and no text."""

import re
from collections.abc import Iterable
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from lms.plugin import absolute, current_tenant, may, qr_svg, wants_excel, workbook_response
from trainbase_hotline import clock
from trainbase_hotline.kinds import Kind
from trainbase_hotline.models import Complaint, Department, settings_now
from trainbase_hotline.services.reminding import nobody_to_remind
from trainbase_hotline.words import duty_words

PER_PAGE = 50


def breached(now: object) -> Q:
    """Late ones, and those that are overdue."""
    waiting = Q(answered_at__isnull=True, answer_due_at__lt=now)
    waiting |= Q(opinion_at__isnull=True, opinion_due_at__lt=now)
    return Q(steps__late=True) | (~Q(state=Complaint.State.CLOSED) & waiting)


@may("hotline.view_complaint")
def desk(request: HttpRequest) -> HttpResponse:
    """Open complaints, the most urgent first; all of them by choice."""
    asked = {name: request.GET.get(name, "") for name in ("state", "kind", "department")}
    found = Complaint.objects.select_related("department")
    if asked["state"] in Complaint.State.values:
        found = found.filter(state=asked["state"])
    elif asked["state"] != "all":
        found = found.exclude(state=Complaint.State.CLOSED)
    if asked["kind"] in Kind.values:
        found = found.filter(kind=asked["kind"])
    if re.fullmatch(r"[0-9]{1,9}", asked["department"]):
        found = found.filter(department_id=int(asked["department"]))
    if asked["state"] not in ("all", Complaint.State.CLOSED):
        found = found.order_by("answered_at", "answer_due_at", "opinion_due_at", "id")
    return _listed(request, found, "hotline/desk.html", _("投诉"), asked)


@may("hotline.view_complaint")
def breaches(request: HttpRequest) -> HttpResponse:
    """What was stamped late, or is overdue now."""
    found = Complaint.objects.filter(breached(clock.now())).distinct().select_related("department")
    return _listed(request, found, "hotline/breaches.html", _("超时投诉"), {})


def _listed(
    request: HttpRequest,
    found: QuerySet[Complaint],
    template: str,
    title: str,
    asked: dict[str, str],
) -> HttpResponse:
    if wants_excel(request):
        return workbook_response(title, _header(), _lines(found))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    context = {
        "title": title,
        "page": page,
        "rows": [(c, duty_words(c.answer, now), duty_words(c.opinion, now)) for c in page],
        "asked": asked,
        "unreminded": nobody_to_remind(),
        "query": f"{urlencode(asked)}&" if asked else "",
        "states": [("", _("未结案")), *Complaint.State.choices, ("all", _("全部"))],
        "kinds": Kind.choices,
        "departments": [(str(d.pk), str(d)) for d in Department.objects.all()],
    }
    return render(request, template, context)


def _header() -> list[str]:
    return [
        *(_("回执号"), _("类别"), _("受理时间"), _("渠道"), _("状态"), _("办理部门")),
        *(_("首次答复时限"), _("首次答复"), _("处理意见时限"), _("处理意见"), _("满意度")),
    ]


def _lines(found: Iterable[Complaint]) -> Iterable[list[str]]:
    def said(moment: object) -> str:
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""  # type: ignore[arg-type]

    for c in found:
        yield [
            str(c),
            str(c.get_kind_display()),
            said(c.received_at),
            str(c.get_channel_display()),
            str(c.get_state_display()),
            str(c.department or ""),
            *(said(c.answer_due_at), said(c.answered_at)),
            *(said(c.opinion_due_at), said(c.opinion_at)),
            str(c.get_satisfaction_display()),
        ]


@may("hotline.view_complaint")
def sheet(request: HttpRequest) -> HttpResponse:
    """An A4 page to put up: QR to the form, the address in letters, the phone number."""
    address = absolute(current_tenant(), reverse("hotline:complain"))
    drawn = re.sub(
        r'width="[^"]*" height="[^"]*"',
        'width="75mm" height="75mm"',
        qr_svg(f"{address}?via=qr"),
        count=1,
    )
    context = {"qr": mark_safe(drawn), "address": address, "hotline": settings_now()}
    return render(request, "hotline/sheet.html", context)
