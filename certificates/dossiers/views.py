"""Dossiers at the base, and their register at the centre."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.dossiers.forms import FileForm
from certificates.dossiers.jobs import AGAIN, MAKE
from certificates.dossiers.lists import REGISTER, dossiers_in_sight
from certificates.dossiers.models import Dossier
from certificates.dossiers.rules import short
from certificates.dossiers.services.collect import missing
from certificates.dossiers.services.make import KINDS, file_of, with_ids
from certificates.dossiers.services.verify import by_digest, verify
from courses.models import TrainingClass
from tenants.jobs.models import JobRun
from tenants.jobs.services import start
from tenants.lists.views import show
from tenants.looks.services import Reason
from tenants.looks.views import after_reason
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import XLSX, download

TYPES = {"xlsx": XLSX, "pdf": "application/pdf"}


@may("dossiers.make_dossier")
def class_dossiers(request: HttpRequest, code: str) -> HttpResponse:
    """The versions of a class's dossier, and what is missing for one."""
    one = get_object_or_404(TrainingClass.objects.select_related("project"), code=code)
    kept = list(Dossier.objects.filter(training_class=one).select_related("made_by").defer("body"))
    context = {
        "class": one,
        "dossiers": [(each, short(each.digest)) for each in kept],
        "missing": [in_language(zh, en) for zh, en in missing(one)],
        "runs": JobRun.objects.filter(kind=MAKE, params={"class": one.pk})[:3],
    }
    return render(request, "dossiers/class.html", context)


@may("dossiers.make_dossier")
@require_POST
def dossier_make(request: HttpRequest, code: str) -> HttpResponse:
    """A job gathers and draws; refused here already when something is missing."""
    one = get_object_or_404(TrainingClass, code=code)
    back = reverse("class_dossiers", args=[code])
    if missing(one):
        messages.error(request, _("还缺材料，见下。"), extra_tags="bad")
        return redirect(back)
    run = start(MAKE, one.code, {"class": one.pk}, actor(request), back)
    return redirect("job", run.pk)


@may("dossiers.make_dossier")
def dossier_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The file as it was made; when it is not there a job makes it, byte for byte the same."""
    kept = get_object_or_404(Dossier.objects.select_related("training_class"), pk=pk)
    kind = kind if kind in KINDS else "xlsx"
    code = kept.training_class.code
    content = file_of(kept, kind)
    if content is None:
        params = {"dossier": kept.pk, "kind": kind}
        run = start(AGAIN, code, params, actor(request), reverse("class_dossiers", args=[code]))
        return redirect("job", run.pk)
    return download(content, f"{code}-补贴档案-v{kept.number}{KINDS[kind]}", TYPES[kind])


@may("dossiers.make_dossier", "looks.see_resident_id")
def dossier_ids(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook with a sheet of resident IDs: GET asks why, POST hands it out."""
    kept = get_object_or_404(Dossier.objects.select_related("training_class"), pk=pk)
    code = kept.training_class.code

    def shown(reason: Reason) -> HttpResponse:
        content = with_ids(kept, reason, actor(request))
        return download(content, f"{code}-补贴档案-v{kept.number}-含证号.xlsx", XLSX)

    context = {
        "title": _("下载含身份证号的补贴档案"),
        "back": reverse("class_dossiers", args=[code]),
        "back_title": code,
    }
    return after_reason(request, context, shown)


@may("designations.view_trainingbase")
def dossier_register(request: HttpRequest) -> HttpResponseBase:
    """What bases have registered; a digest to look up, a file to compare."""
    digest = request.GET.get("digest", "").strip()[:64]
    sent = request.method == "POST" and "do" not in request.POST  # what has it is the list's
    form = FileForm(request.POST if sent else None, request.FILES if sent else None)
    context: dict[str, Any] = {"digest": digest, "form": form}
    if form.is_bound and form.is_valid():
        checked = verify(form.cleaned_data["file"].read())
        context["checked"] = checked
        context["findings"] = [(ok, in_language(zh, en)) for ok, zh, en in checked.findings]
        context["short"] = short(checked.digest) if checked.digest else ""
    elif digest:
        context["told"], context["row"] = True, by_digest(digest)
    rows = dossiers_in_sight(actor(request))
    return show(request, REGISTER, rows, "dossiers/register.html", **context)
