from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenants.faults import as_said
from tenants.jobs.models import JobLine, JobRun
from tenants.jobs.services import cancel
from tenants.models import in_language
from tenants.staff.access import may
from tenants.tables import wants_excel, workbook_response

A_PAGE = 100  # lines


@may("jobs.view_jobrun")
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is, and what came of each person.

    The page renews itself while the job is open, without a script too.
    """
    run = get_object_or_404(JobRun, pk=pk)
    if wants_excel(request):
        return workbook_response(f"job-{run.pk}", _header(), map(_row, run.lines.all()))
    lines = run.lines.all()
    wanted = request.GET.get("outcome", "")
    if wanted in JobLine.Outcome.values:
        lines = lines.filter(outcome=wanted)
    counted = run.lines.values("outcome").annotate(n=Count("pk")).order_by("outcome")
    context = {
        "run": run,
        "lines": Paginator(lines, A_PAGE).get_page(request.GET.get("page")),
        "counts": [(c["outcome"], JobLine.Outcome(c["outcome"]).label, c["n"]) for c in counted],
        "wanted": wanted,
        "may_cancel": bool(run.cancel_permission) and request.user.has_perm(run.cancel_permission),
    }
    return render(request, "jobs/job.html", context)


@may("jobs.view_jobrun")
@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the end of a job: what is done stays done."""
    run = get_object_or_404(JobRun, pk=pk)
    if not run.cancel_permission or not request.user.has_perm(run.cancel_permission):
        raise PermissionDenied
    try:
        cancel(run)
    except ValidationError as error:  # it has ended in this moment
        messages.error(request, as_said(error)[0], extra_tags="bad")
    else:
        messages.success(request, _("正在取消：已完成的部分会保留。"), extra_tags="ok")
    return redirect("job", pk)


def _header() -> list[str]:
    return [*(_("姓名"), _("结果"), _("编号"), _("原因")), *(_("实际"), _("要求"), _("规则文件"))]


def _row(line: JobLine) -> list[str]:
    said = line.said
    reasons = "；".join(in_language(v.get("zh", ""), v.get("en", "")) for v in said)
    facts = [
        "；".join(str(v[key]) for v in said if v.get(key))
        for key in ("value", "threshold", "source")
    ]
    outcome = str(JobLine.Outcome(line.outcome).label)
    return [line.subject, outcome, line.reference, reasons, *facts]
