"""A base's site at the centre: open it with a button, rename, move and close it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from tenants import sites
from tenants.cells import must_be_here
from tenants.console.access import at_centre
from tenants.console.crumbs import crumbs
from tenants.console.forms import (
    FirstForm,
    HostForm,
    OpenSiteForm,
    ReasonForm,
    RenameForm,
)
from tenants.console.jobs import OPEN
from tenants.designations.models import TrainingBase
from tenants.faults import put_faults
from tenants.jobs.services import start
from tenants.links import absolute
from tenants.models import SiteChange, Tenant
from tenants.staff.access import actor
from tenants.staff.services import invite

Change = Callable[[Tenant, str, dict[str, str]], None]
#: What can be done to a site that stands: form, deed. Titles are those of the change.
CHANGES: dict[str, tuple[type[forms.Form], Change]] = {
    "renamed": (RenameForm, lambda t, by, d: sites.rename(t, d["name"], by, d["reason"])),
    "moved": (HostForm, lambda t, by, d: sites.change_host(t, d["host"], by, d["reason"])),
    "closed": (ReasonForm, lambda t, by, d: sites.close(t, by, d["reason"])),
    "reopened": (ReasonForm, lambda t, by, d: sites.reopen(t, by, d["reason"])),
}


def title_of(kind: str) -> str:
    return str(SiteChange.Kind(kind).label)


@at_centre("view_trainingbase", "open_base_site")
def site_open(request: HttpRequest, base: TrainingBase) -> HttpResponse:
    """The button: a job with a progress bar makes the site."""
    if base.tenant_id or base.state not in ("designated", "warned"):
        raise Http404
    form = OpenSiteForm(request.POST or None, rule_codes=sites.rule_codes())
    if request.method == "POST" and form.is_valid():
        params = {"base": base.pk} | form.cleaned_data
        back = reverse("console:base", args=[base.pk])
        run = start(OPEN, base.name, params, actor(request), back)
        return redirect("job", run.pk)
    return _form(request, base, form, title_of("opened"))


@at_centre("view_trainingbase", "open_base_site")
def site_change(request: HttpRequest, base: TrainingBase, kind: str) -> HttpResponse:
    if kind not in CHANGES or base.tenant is None:
        raise Http404
    form_class, deed = CHANGES[kind]
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deed(base.tenant, str(actor(request)), form.cleaned_data)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已记入：%(what)s") % {"what": title_of(kind)})
            return redirect("console:base", base.pk)
    return _form(request, base, form, title_of(kind))


@at_centre("view_trainingbase", "open_base_site")
def site_first_link(request: HttpRequest, base: TrainingBase) -> HttpResponse:
    """An invitation for a manager of the base; the link is shown once."""
    if base.tenant is None:
        raise Http404
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            must_be_here(base.tenant)
            with tenant_context(base.tenant):
                token = invite(
                    data["username"], data["display_name"], ["manager"], str(actor(request))
                )
                path = reverse("accept_invitation", args=[token], urlconf="lms.urls.base")
        except ValidationError as error:
            put_faults(form, error)
        else:
            address = absolute(base.tenant, path)
            context = {"base": base, "name": data["display_name"], "address": address}
            context["crumbs"] = crumbs(base, _("邀请基地管理员"))
            response = render(request, "console/link.html", context)
            response["Cache-Control"] = "no-store"
            return response
    return _form(request, base, form, _("邀请基地管理员"))


def _form(request: HttpRequest, base: TrainingBase, form: forms.Form, title: str) -> HttpResponse:
    context = {"base": base, "form": form, "title": title, "crumbs": crumbs(base, title)}
    return render(request, "console/step.html", context)
