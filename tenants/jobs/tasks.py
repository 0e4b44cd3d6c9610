"""The one task of ours: it finds its JobRun in the tenant that the worker has set."""

from django_tasks import task

from tenants.jobs.models import JobRun
from tenants.jobs.services import perform


@task()
def run_job(run_id: int) -> None:
    perform(JobRun.objects.get(pk=run_id))
