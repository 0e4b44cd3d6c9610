"""Issue a class, and hand out its papers."""

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.jobs import ISSUE, PAPER, PRINT
from certificates.models import Certificate
from certificates.services import prints
from certificates.services.evidence import Case, cases_of
from certificates.services.papers import is_made, kept
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
def class_papers(request: HttpRequest, code: str) -> HttpResponseBase:
    """A ZIP of the valid certificates of the class; a job makes it when it is not there."""
    return _of_class(request, code, "zip")


@may("certificates.view_certificate")
def class_sheets(request: HttpRequest, code: str) -> HttpResponseBase:
    """The valid certificates of the class on sheets for the printer."""
    return _of_class(request, code, "sheets")


def _of_class(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    found = get_object_or_404(TrainingClass, code=code)
    back = reverse("class_certificates", args=[code])
    papers = prints.of_class(found)
    if not papers:
        messages.error(request, _("本班还没有有效证书，先签发再下载。"), extra_tags="bad")
        return redirect(back)
    file = prints.file_of(found, papers, kind)
    if file is not None and file.exists():
        return _file(file, f"{found.code}{prints.KINDS[kind]}")
    run = start(PRINT, found.code, {"class": found.pk, "kind": kind}, actor(request), back)
    return redirect("job", run.pk)


@may("certificates.view_certificate")
def certificate_paper(request: HttpRequest, number: str) -> HttpResponseBase:
    """The PDF as it was made; when its file is not there, a job makes it: never this process."""
    found = get_object_or_404(Certificate, number=number)
    if is_made(found):
        return download(kept(found), f"{found.number}.pdf", "application/pdf")
    back = reverse("certificate", args=[number])
    run = start(PAPER, found.number, {"certificate": found.pk}, actor(request), back)
    return redirect("job", run.pk)


def _file(path: Path, name: str) -> FileResponse:
    """Streamed from the disk: a ZIP of a large class is never whole in memory."""
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
