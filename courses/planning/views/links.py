"""Addresses for calendar programs."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.planning.forms import LinkForm
from courses.planning.models import CalendarLink
from courses.planning.services import links
from courses.planning.services.feed import feed
from tenants.current import current_tenant
from tenants.faults import put_faults
from tenants.links import absolute
from tenants.qr import qr_inline
from tenants.staff.access import actor, may
from tenants.throttle import too_often


@may("planning.share_calendar")
def calendar_links(request: HttpRequest) -> HttpResponse:
    """Who reads the calendar by a link; a new one is shown once."""
    form, address = LinkForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _made, secret = links.make_link(form.cleaned_data["trainer"], actor(request))
        except ValidationError as error:
            put_faults(form, error)
        else:
            address, form = absolute(current_tenant(), f"/calendar/{secret}.ics"), LinkForm()
    rows = CalendarLink.objects.select_related("trainer", "made_by", "revoked_by")
    context = {"form": form, "address": address, "rows": rows}
    context["qr"] = qr_inline(address) if address else ""
    response = render(request, "planning/links.html", context)
    response["Cache-Control"] = "no-store"
    return response


@may("planning.share_calendar")
@require_POST
def calendar_link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    links.revoke_link(get_object_or_404(CalendarLink, pk=pk), actor(request))
    messages.success(request, _("订阅已停用。"), extra_tags="ok")
    return redirect("calendar_links")


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For a program that has the secret; nobody else learns that there is such an address."""
    if too_often(request, "calendar", 60, 60):
        return HttpResponse(status=429)
    link = links.link_behind(secret)
    if link is None:
        raise Http404
    response = HttpResponse(feed(link), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response
