from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.jobs import ISSUE
from certificates.models import Certificate
from certificates.services.evidence import Case, cases_of
from certificates.services.papers import class_zip, paper
from certificates.services.reevaluate import open_reevaluations
from courses.models import TrainingClass
from tenants.jobs.models import JobRun
from tenants.jobs.services import start
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import download, wants_excel, workbook_response


@may("certificates.view_certificate")
def class_certificates(request: HttpRequest, code: str) -> HttpResponse:
    """The dry run: everybody of the class, eligible or refused by which rule, or certified."""
    found = get_object_or_404(
        TrainingClass.objects.select_related("project__trade", "rule_set"), code=code
    )
    cases = cases_of(found)
    if wants_excel(request):
        return workbook_response(f"{found.code}-certificates", _header(), _lines(cases))
    runs = JobRun.objects.filter(kind=ISSUE, params={"class": found.pk})[:5]
    context = {
        "class": found,
        "cases": cases,
        "eligible": sum(c.eligible for c in cases),
        "certified": sum(bool(c.certificate_number) for c in cases),
        "refused": sum(bool(c.refusals and not c.certificate_number) for c in cases),
        "runs": runs,
        "changed": open_reevaluations().filter(certificate__enrolment__training_class=found),
    }
    return render(request, "certificates/class_certificates.html", context)


def _header() -> list[str]:
    return [
        *(_("姓名"), _("证件后四位"), _("结论"), _("证书编号")),
        *(_("原因"), _("实际"), _("要求"), _("规则文件")),
    ]


def _lines(cases: list[Case]) -> list[list[str]]:
    """One line a person, and one for each further rule that refuses."""
    found = []
    for c in cases:
        said = _("已发证") if c.certificate_number else _("可发证") if c.eligible else _("不符合")
        person = [c.enrolment.trainee.name, c.enrolment.trainee.id_last4, said]
        person.append(c.certificate_number)
        refusals = [] if c.certificate_number else c.refusals
        found += [
            [*person, in_language(v.zh, v.en), v.value, v.threshold, v.source] for v in refusals
        ] or [[*person, "", "", "", ""]]
    return found


@may("certificates.issue_certificate")
@require_POST
def issue_start(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(TrainingClass, code=code)
    run = start(
        ISSUE,
        found.code,
        {"class": found.pk},
        actor(request),
        reverse("class_certificates", args=[code]),
    )
    return redirect("job", run.pk)


@may("certificates.view_certificate")
def class_papers(request: HttpRequest, code: str) -> HttpResponse:
    """A ZIP of the valid certificates of the class."""
    found = get_object_or_404(TrainingClass, code=code)
    valid = Certificate.objects.filter(
        enrolment__training_class=found, status=Certificate.Status.VALID
    ).order_by("serial")
    return download(class_zip(valid), f"{found.code}.zip", "application/zip")


@may("certificates.view_certificate")
def certificate_paper(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(Certificate, number=number)
    return download(paper(found), f"{found.number}.pdf", "application/pdf")
