from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lms.archive.jobs import EXPORT, folder
from tenants.console.access import at_centre, bases_of
from tenants.designations.models import TrainingBase
from tenants.jobs.models import JobRun
from tenants.jobs.services import start
from tenants.staff.access import actor, may


@require_POST
@at_centre("view_trainingbase", "open_base_site")
def base_export(request: HttpRequest, base: TrainingBase) -> HttpResponse:
    """Start the export of a base's site."""
    if base.tenant_id is None:
        raise Http404
    back = reverse("console:base", args=[base.pk])
    run = start(EXPORT, base.name, {"tenant": base.tenant_id}, actor(request), back)
    return redirect("job", run.pk)


@may("designations.open_base_site", "designations.view_trainingbase")
def base_export_file(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out what an export job has written."""
    run = get_object_or_404(JobRun, pk=pk, kind=EXPORT, state=JobRun.State.DONE)
    get_object_or_404(bases_of(actor(request)), tenant_id=run.params["tenant"])
    path = folder() / str(run.result["file"])
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
    response["Cache-Control"] = "private, no-store"
    return response
