from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.forms import RosterForm
from courses.models import RosterImport, TrainingClass
from courses.roster import RosterError
from courses.services import seen
from courses.services.classes import enrolling_verdicts
from courses.services.roster import (
    AlreadyConfirmed,
    confirm_import,
    judged_rows,
    upload_roster,
)
from tenants.looks.services import Reason
from tenants.looks.views import after_reason
from tenants.staff.access import actor, may
from tenants.tables import XLSX, download
from tenants.verdict import faults_of


@may("courses.import_roster")
def roster_upload(request: HttpRequest, code: str) -> HttpResponse:
    training_class = get_object_or_404(TrainingClass, code=code)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = upload_roster(training_class, file.name, file.read(), actor(request))
        except RosterError as error:
            form.add_error("file", str(error))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("roster_preview", kept.pk)
    return render(request, "courses/roster_upload.html", {"class": training_class, "form": form})


@may("courses.import_roster")
def roster_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import would do with every row; POST does it."""
    kept = get_object_or_404(RosterImport.objects.select_related("training_class"), pk=pk)
    if request.method == "POST":
        try:
            done = confirm_import(kept)
        except AlreadyConfirmed:
            messages.info(request, _("这份花名册已经导入过了。"))
        except ValidationError as error:
            for fault in error.messages:
                messages.error(request, fault, extra_tags="bad")
        else:
            messages.success(
                request,
                _("已导入 %(good)s 人，退回 %(bad)s 行。")
                % {"good": done.imported, "bad": done.refused},
                extra_tags="ok",
            )
        return redirect("roster_preview", pk)
    rows = judged_rows(kept) if kept.file_sealed else []
    counts = {v: sum(r.verdict == v for r in rows) for v in ("accept", "warn", "reject")}
    good = counts["accept"] + counts["warn"]
    faults = faults_of(enrolling_verdicts(kept.training_class, good))
    context = {
        "import": kept,
        "class": kept.training_class,
        "rows": rows,
        "counts": counts,
        "faults": faults if kept.state == RosterImport.State.PREVIEW else [],
    }
    return render(request, "courses/roster_preview.html", context)


@may("courses.import_roster", "looks.see_resident_id")
def roster_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The clerk's own sheet, marked. It holds IDs: GET asks why, POST hands it out."""
    kept = get_object_or_404(RosterImport.objects.select_related("training_class"), pk=pk)
    if not kept.file_sealed:  # its term is over
        raise Http404
    stem = kept.file_name.rsplit(".", 1)[0]

    def show(reason: Reason) -> HttpResponse:
        content = seen.roster_file(kept, reason, actor(request))
        return download(content, f"{stem}-{_('核对结果')}.xlsx", XLSX)

    context = {
        "title": _("下载核对结果：文件里有身份证号"),
        "back": reverse("roster_preview", args=[pk]),
        "back_title": _("核对花名册"),
    }
    return after_reason(request, context, show)
