"""Who changed what: pages of a class and of a trainee."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from certificates.lists.trainees import TRAINEES, trainees
from certificates.models import Certificate
from certificates.services import history
from certificates.services.history import Change
from courses.models import Enrolment, Trainee, TrainingClass
from tenants.lists.views import show
from tenants.looks.models import Look
from tenants.looks.services import looks_at
from tenants.staff.access import may
from tenants.tables import wants_excel, workbook_response


def _header() -> list[str]:
    return [_("时间"), _("经办人"), _("事项"), _("对象"), _("内容")]


def _answer(
    request: HttpRequest, template: str, name: str, found: list[Change], context: dict[str, Any]
) -> HttpResponse:
    if wants_excel(request):
        return workbook_response(name, _header(), map(history.row_of, found))
    page = Paginator(found, 100).get_page(request.GET.get("page"))
    rows = [list(zip(_header(), history.row_of(each), strict=True)) for each in page]
    context |= {"page": page, "rows": rows, "header": _header()}
    return render(request, template, context)


@may("courses.view_trainingclass", "certificates.view_certificate")
def class_history(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(
        TrainingClass.objects.select_related("project", "rule_set"), code=code
    )
    context = {
        "title": _("变更记录：%(what)s") % {"what": found.code},
        "back": reverse("class_detail", args=[code]),
        "back_title": str(found),
    }
    changes = history.of_class(found)
    return _answer(request, "certificates/history.html", f"{code}-history", changes, context)


@may("courses.view_trainee", "certificates.view_certificate")
def trainee_list(request: HttpRequest) -> HttpResponseBase:
    return show(request, TRAINEES, trainees())


@may("courses.view_trainee", "certificates.view_certificate")
def trainee(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of one person, masked, and what was done about it."""
    found = get_object_or_404(Trainee.objects.select_related("village"), pk=pk)
    enrolments = list(
        Enrolment.objects.filter(trainee=found).select_related("training_class__project", "trainee")
    )
    context = {
        "trainee": found,
        "enrolments": enrolments,
        "certificates": Certificate.objects.filter(trainee=found).order_by("-id"),
        "looks": looks_at(Look.What.TRAINEE, [pk]).count(),
    }
    changes = history.of_trainee(enrolments)
    return _answer(request, "certificates/trainee.html", f"trainee-{pk}", changes, context)
