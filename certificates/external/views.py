"""The desk's pages of certificates that other bodies issued."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.external import services, sheet
from certificates.external.forms import CorrectForm, KindForm, RecordForm, initial_of
from certificates.external.lists import EXTERNALS
from certificates.external.models import ExternalCertificate, ExternalKind
from courses.roster.faults import RosterError
from courses.roster.read import plain_rows
from tenants.faults import as_said, put_faults
from tenants.lists.views import show
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import download, workbook_response

VIEW, RECORD = "external.view_externalcertificate", "external.record_externalcertificate"
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg"}


@may(VIEW)
def external_list(request: HttpRequest) -> HttpResponseBase:
    """The expiry list: what expires first stands first."""
    return show(request, EXTERNALS, services.standing_list(), "external/list.html")


@may(RECORD)
def external_new(request: HttpRequest) -> HttpResponse:
    form = RecordForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            trainee = services.find_trainee(data["name"], data["tail"])
            made = services.record(trainee, form.facts(), actor(request), form.scanned())
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已登记。"), extra_tags="ok")
            return redirect("external_certificate", made.pk)
    context = {"form": form, "title": _("登记外部证书")}
    return render(request, "external/form.html", context)


@may(VIEW)
def external_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One row with all its corrections; an old row shows the whole history too."""
    row = get_object_or_404(
        ExternalCertificate.objects.select_related("kind", "trainee", "recorded_by"), pk=pk
    )
    rows = services.history(row)
    context = {"newest": rows[0], "rows": rows}
    return render(request, "external/certificate.html", context)


@may(RECORD)
def external_correct(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ExternalCertificate.objects.select_related("kind", "trainee"), pk=pk)
    if request.method == "POST":
        row = services.history(row)[0]  # somebody may have corrected it since: the form tells
    if not row.is_current:
        raise Http404
    form = CorrectForm(request.POST or None, request.FILES or None, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        try:
            made = services.correct(row, form.facts(), why, actor(request), form.scanned())
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已更正，原来的一条保留在下面。"), extra_tags="ok")
            return redirect("external_certificate", made.pk)
    context = {"form": form, "title": _("更正登记"), "row": row}
    return render(request, "external/form.html", context)


@may(RECORD)
@require_POST
def external_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ExternalCertificate, pk=pk)
    try:
        made = services.withdraw(row, request.POST.get("why", "")[:200], actor(request))
    except ValidationError as error:
        messages.error(request, as_said(error)[0], extra_tags="bad")
        return redirect("external_certificate", pk)
    messages.success(request, _("已撤回登记。"), extra_tags="ok")
    return redirect("external_certificate", made.pk)


@may(VIEW)
def external_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan as a download, never shown in a page of ours."""
    row = get_object_or_404(ExternalCertificate, pk=pk)
    if not row.scan:
        raise Http404
    suffix = str(row.scan.name).rsplit(".", 1)[-1]
    with row.scan.open("rb") as file:
        return download(file.read(), f"external-{row.pk}.{suffix}", TYPES[suffix])


@may(RECORD)
def external_import(request: HttpRequest) -> HttpResponse:
    """A sheet is taken whole, or not at all with what is wrong in which row."""
    if request.GET.get("format") == "xlsx":
        return workbook_response("external-certificates-empty", sheet.header(), [])
    context: dict[str, Any] = {"kinds": ExternalKind.objects.filter(in_use=True)}
    context |= {"most": sheet.MOST}
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise RosterError("empty")
            rows, faults = sheet.read(plain_rows(file, sheet.MOST + 1))
            if not faults:
                new = services.record_all(rows, actor(request))
                said = _("已登记 %(new)s 份，%(old)s 份此前已登记。")
                said %= {"new": new, "old": len(rows) - new}
                messages.success(request, said, extra_tags="ok")
                return redirect("external_list")
            context["faults"] = faults
        except RosterError as error:
            context["fault"] = in_language(*error.said)
        except ValidationError as error:
            context["fault"] = as_said(error)[0]
    return render(request, "external/import.html", context, status=400 if len(context) > 2 else 200)


@may(RECORD)
def external_kinds(request: HttpRequest) -> HttpResponse:
    """Which kinds there are; one that is out of use stays on what was recorded with it."""
    may_change = request.user.has_perm("external.change_externalkind")
    form = KindForm(request.POST if "code" in request.POST else None)
    if request.method == "POST":
        if not may_change:
            return HttpResponse(status=403)
        if "code" in request.POST and form.is_valid():
            form.save()
            return redirect("external_kinds")
        if code := request.POST.get("switch", ""):
            kind = get_object_or_404(ExternalKind, code=code)
            ExternalKind.objects.filter(pk=kind.pk).update(in_use=not kind.in_use)
            return redirect("external_kinds")
    context = {"kinds": ExternalKind.objects.all(), "form": form, "may_change": may_change}
    return render(request, "external/kinds.html", context)
