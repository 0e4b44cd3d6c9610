"""Dossiers at the base, and their register at the centre."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.dossiers.forms import FileForm
from certificates.dossiers.jobs import AGAIN, MAKE
from certificates.dossiers.models import Dossier
from certificates.dossiers.rules import short
from certificates.dossiers.services.collect import missing
from certificates.dossiers.services.make import KINDS, file_of, with_ids
from certificates.dossiers.services.verify import by_digest, verify
from certificates.dossiers.shared.models import RegisteredDossier
from courses.models import TrainingClass
from tenants.console.access import bases_of
from tenants.jobs.models import JobRun
from tenants.jobs.services import start
from tenants.looks.services import Reason
from tenants.looks.views import after_reason
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import XLSX, download, wants_excel, workbook_response

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

    def show(reason: Reason) -> HttpResponse:
        content = with_ids(kept, reason, actor(request))
        return download(content, f"{code}-补贴档案-v{kept.number}-含证号.xlsx", XLSX)

    context = {
        "title": _("下载含身份证号的补贴档案"),
        "back": reverse("class_dossiers", args=[code]),
        "back_title": code,
    }
    return after_reason(request, context, show)


@may("designations.view_trainingbase")
def dossier_register(request: HttpRequest) -> HttpResponse:
    """What bases have registered; a digest to look up, a file to compare."""
    found: QuerySet[RegisteredDossier] = RegisteredDossier.objects.filter(
        tenant__in=bases_of(actor(request)).exclude(tenant=None).values("tenant")
    ).select_related("tenant")
    if wants_excel(request):
        return workbook_response("dossiers", _header(), map(_row, found))
    digest = request.GET.get("digest", "").strip()[:64]
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"digest": digest, "form": form}
    if request.method == "POST" and form.is_valid():
        checked = verify(form.cleaned_data["file"].read())
        context["checked"] = checked
        context["findings"] = [(ok, in_language(zh, en)) for ok, zh, en in checked.findings]
        context["short"] = short(checked.digest) if checked.digest else ""
    elif digest:
        context["asked"], context["row"] = True, by_digest(digest)
    context["page"] = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "dossiers/register.html", context)


def _header() -> list[str]:
    return [
        *(_("基地"), _("班次"), _("版本"), _("资金项目"), _("人数"), _("发证"), _("已就业")),
        *(_("制作人"), _("制作时间"), _("摘要")),
    ]


def _row(each: RegisteredDossier) -> list[Any]:
    at = timezone.localtime(each.made_at).strftime("%Y-%m-%d %H:%M")
    return [
        each.tenant.title, each.class_code, each.number, each.programme, each.people,
        each.certified, each.employed, each.made_by, at, each.digest,
    ]  # fmt: skip
