from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.forms import RosterForm
from courses.intake.models import Sender
from courses.intake.services import parts
from courses.intake.services.columns import sender_named
from courses.intake.services.enter import room_of
from courses.intake.services.rosters import AlreadyConfirmed, confirm, read_old, run_of, take_in
from courses.intake.views.columns import panel
from courses.models import RosterImport, TrainingClass
from courses.roster import RosterError
from courses.services import seen
from courses.services.classes import enrolling_verdicts
from tenants.faults import as_said
from tenants.looks.services import Reason
from tenants.looks.views import after_reason
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import XLSX, download
from tenants.verdict import faults_of

A_PAGE = 100  # rows
State = RosterImport.State


@may("courses.import_roster")
def roster_upload(request: HttpRequest, code: str) -> HttpResponse:
    training_class = get_object_or_404(
        TrainingClass.objects.select_related("rule_set", "project"), code=code
    )
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sender = sender_named(form.cleaned_data["sender"])
            kept = take_in(training_class, file.name, file.read(), actor(request), sender)
        except RosterError as error:
            form.add_error("file", in_language(*error.said))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _onward(kept)
    context = {"class": training_class, "form": form, "senders": Sender.objects.all()}
    return render(request, "courses/roster_upload.html", context)


def _onward(kept: RosterImport) -> HttpResponse:
    """To the job where there is one that goes on, else to the preview."""
    run = run_of(kept)
    return redirect("job", run.pk) if run and run.is_open else redirect("roster_preview", kept.pk)


@may("courses.import_roster")
def roster_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import would do with every row, the refused first; POST does it."""
    kept = get_object_or_404(
        RosterImport.objects.select_related("training_class__rule_set", "sheet__sender"), pk=pk
    )
    if request.method == "POST":
        return _confirm(request, kept)
    read_old(kept)
    verdict = request.GET.get("verdict", "")
    rows: Any = parts.ErrorsFirst(kept, verdict)  # what a paginator slices
    counts = parts.counts_of(kept)
    run, page = run_of(kept), request.GET.get("page")
    context: dict[str, Any] = {
        "import": kept,
        "class": kept.training_class,
        "rows": Paginator(rows, A_PAGE).get_page(page),  # type: ignore[arg-type]
        "counts": counts,
        "good": counts["accept"] + counts["warn"],
        "verdict": verdict,
        "run": run,
        "panel": panel(kept) if kept.state in (State.COLUMNS, State.PREVIEW) else {},
        "stuck": kept.state in (State.READING, State.IMPORTING) and not (run and run.is_open),
    }
    if kept.state == State.PREVIEW:
        context |= _room(kept.training_class, context["good"])
    return render(request, "courses/roster_preview.html", context)


def _room(one: TrainingClass, good: int) -> dict[str, Any]:
    """How many of the good get a place, how many would wait, and what the designation says."""
    inside = room_of(one).takes(good)
    faults = faults_of(enrolling_verdicts(one, inside)) if inside else []
    return {"inside": inside, "waits": good - inside, "faults": faults}


def _confirm(request: HttpRequest, kept: RosterImport) -> HttpResponse:
    try:
        run = confirm(kept, actor(request))
    except AlreadyConfirmed:
        messages.info(request, _("这份花名册已经导入过了。"))
    except ValidationError as error:
        for fault in as_said(error):
            messages.error(request, fault, extra_tags="bad")
    else:
        if run is not None:
            return redirect("job", run.pk)
    return redirect("roster_preview", kept.pk)


@may("courses.import_roster", "looks.see_resident_id")
def roster_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The clerk's own sheet, marked. It holds IDs: GET asks why, POST hands it out."""
    kept = get_object_or_404(RosterImport.objects.select_related("sheet"), pk=pk)
    if not kept.file_sealed or kept.state in (State.COLUMNS, State.READING):  # or its term is over
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
