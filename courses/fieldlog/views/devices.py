"""Phones at the desk: which there are, what has arrived of them, let one in, keep one out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.fieldlog.forms import EnrolForm, RevokeForm
from courses.fieldlog.lists.devices import DEVICES
from courses.fieldlog.models import Device, FieldEvent
from courses.fieldlog.services import enrol
from courses.fieldlog.services.lag import missing_numbers
from courses.fieldlog.services.receipts import arrived
from tenants.current import current_tenant
from tenants.faults import put_faults
from tenants.links import absolute
from tenants.lists.views import show
from tenants.qr import qr_inline
from tenants.staff.access import actor, may


def _row(device: Device) -> dict[str, Any]:
    found = arrived(device)
    return {"device": device, "arrived": found, "missing": missing_numbers(found)}


@may("fieldlog.manage_device")
def device_list(request: HttpRequest) -> HttpResponseBase:
    return show(request, DEVICES, Device.objects.select_related("trainer"), "fieldlog/devices.html")


@may("fieldlog.manage_device")
def device_enrol(request: HttpRequest) -> HttpResponse:
    """Ask for whom; then show the ticket, once, in the answer itself: it stands in no address, no
    session and no history, and a page that is opened again asks anew.
    """
    form = EnrolForm(request.POST or None, initial={"trainer": request.GET.get("trainer")})
    context: dict[str, Any] = {"form": form}
    template = "fieldlog/device_enrol.html"
    if request.method == "POST" and form.is_valid():
        trainer = form.cleaned_data["trainer"]
        try:
            ticket = enrol.new_ticket(trainer, actor(request), form.cleaned_data["scope"] == "all")
        except ValidationError as error:
            put_faults(form, error)
        else:
            address = absolute(current_tenant(), "/field/") + f"#enrol={ticket}"
            template = "fieldlog/device_ticket.html"
            context = {
                "trainer": trainer,
                "all_classes": form.cleaned_data["scope"] == "all",
                "address": address,
                "qr": qr_inline(address),
                "ends_at": timezone.now() + enrol.TICKET_LIFE,
                "minutes": int(enrol.TICKET_LIFE.total_seconds() // 60),
            }
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response


@may("fieldlog.manage_device")
def device(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Device.objects.select_related("trainer", "revoked_by", "ticket__made_by"), pk=pk
    )
    return _device_page(request, found, RevokeForm())


def _device_page(request: HttpRequest, found: Device, form: RevokeForm) -> HttpResponse:
    events = FieldEvent.objects.filter(device=found)
    context = _row(found) | {
        "form": form,
        "events": events.count(),
        "newest": events.order_by("-received_at", "-id").first(),
    }
    return render(request, "fieldlog/device.html", context)


@may("fieldlog.manage_device")
@require_POST
def device_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Device.objects.select_related("trainer"), pk=pk)
    form = RevokeForm(request.POST)
    if form.is_valid():
        try:
            enrol.revoke(found, actor(request), form.cleaned_data["reason"], form.lost)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(
                request,
                _("手机已停用；没有送达的记录以后仍可送达，停用后写的算有争议。"),
                extra_tags="ok",
            )
            return redirect("device", pk)
    return _device_page(request, found, form)
