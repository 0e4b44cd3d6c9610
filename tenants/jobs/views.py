from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tenants.jobs.models import JobRun
from tenants.staff.access import may


@may("jobs.view_jobrun")
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is. The page renews itself while the job is open, without a script too."""
    return render(request, "jobs/job.html", {"run": get_object_or_404(JobRun, pk=pk)})
