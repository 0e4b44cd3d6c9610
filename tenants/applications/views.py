"""The public door: apply, and follow the application without an account."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tenants.applications.forms import ApplicationForm
from tenants.applications.models import Application
from tenants.applications.services import take_application
from tenants.current import current_tenant
from tenants.designations.models import Step
from tenants.faults import put_faults
from tenants.throttle import too_often, used_up


def apply(request: HttpRequest) -> HttpResponse:
    """The form; at most ten applications an hour from one address."""
    centre = current_tenant()
    form = ApplicationForm(request.POST or None, request.FILES or None, centre=centre)
    if request.method == "POST":
        if used_up(request, "apply", 10, 3600):
            return render(request, "registration/too_often.html", status=429)
        if form.is_valid():
            too_often(request, "apply", 10, 3600)
            try:
                application = take_application(form.sent())
            except ValidationError as error:
                put_faults(form, error)
            else:
                return redirect("application", application.number)
    return render(request, "applications/apply.html", {"form": form})


def application(request: HttpRequest, number: str) -> HttpResponse:
    """Where an application stands, for whoever has its number; no person's data is shown."""
    if too_often(request, "application", 60, 60):
        return render(request, "registration/too_often.html", status=429)
    found = Application.objects.filter(number=number.upper()).select_related("base").first()
    if found is None:
        raise Http404
    steps = Step.objects.filter(base_id=found.base_id).order_by("number")
    response = render(request, "applications/application.html", {"found": found, "steps": steps})
    response["X-Robots-Tag"] = "noindex"
    return response
