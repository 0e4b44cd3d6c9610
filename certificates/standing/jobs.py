"""Long work of this app."""

from typing import Any

from django.utils.translation import gettext_lazy

from certificates.standing.models import MonthlyReport
from certificates.standing.services.report_paper import make
from tenants.jobs.models import JobRun
from tenants.jobs.services import Progress, job

PAPER = "standing.report_paper"


@job(PAPER, gettext_lazy("月报 PDF"))
def report_paper(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Draw a signed report. Safe to run twice: what is kept is not drawn again."""
    report = MonthlyReport.objects.select_related("signature").get(pk=run.params["report"])
    make(report)
    progress(1, 1)
    return {"digest": report.digest, "download": run.params["path"]}
