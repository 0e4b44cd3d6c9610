"""One complaint before a handler: taken by phone, looked at, acted on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.plugin import actor, may
from trainbase_hotline import clock
from trainbase_hotline.files import answer_file
from trainbase_hotline.forms import ACTS, PhoneForm, SeenForm, mark
from trainbase_hotline.models import Attachment, Complaint, settings_now
from trainbase_hotline.services import handling, identity
from trainbase_hotline.services.consent import consent_now
from trainbase_hotline.services.intake import file_complaint
from trainbase_hotline.views.faults import put_faults
from trainbase_hotline.words import duty_words


@may("hotline.handle_complaint")
def by_phone(request: HttpRequest) -> HttpResponse:
    """Typed in while somebody is on the phone; received now, whatever was said about when."""
    initial = {"once": mark(), "consent_version": consent_now().version}
    form = PhoneForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            complaint = file_complaint(form.sent(), by=actor(request))
        except ValidationError as error:
            put_faults(form, error)
        else:
            said = _("已受理，请把回执号读给来电人：%(number)s") % {"number": complaint}
            messages.success(request, said, extra_tags="ok")
            return redirect("hotline:case", complaint.pk)
    context = {"form": form, "consent": consent_now(), "hotline": settings_now()}
    return render(request, "hotline/by_phone.html", context)


@may("hotline.view_complaint")
def case(request: HttpRequest, pk: int) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.select_related("department"), pk=pk)
    return _case(request, complaint)


def _case(
    request: HttpRequest,
    complaint: Complaint,
    sent: tuple[str, SeenForm] | None = None,
    **more: Any,
) -> HttpResponse:
    """The page; `sent` is the form that was not accepted, with what was typed in it."""
    now = clock.now()
    forms = [(name, _fresh(name, complaint)) for name in _possible(complaint)]
    if sent is not None:
        forms = [sent, *(pair for pair in forms if pair[0] != sent[0])]
    context = {
        "complaint": complaint,
        "steps": complaint.steps.select_related("by", "from_department", "to_department"),
        "looks": complaint.looks.select_related("by")[:20],
        "attachments": complaint.attachments.all(),
        "answer": duty_words(complaint.answer, now),
        "opinion": duty_words(complaint.opinion, now),
        "forms": forms if request.user.has_perm("hotline.handle_complaint") else [],
        "refused": sent is not None,
    }
    response = render(request, "hotline/case.html", context | more)
    response["Cache-Control"] = "no-store"
    return response


def _possible(complaint: Complaint) -> list[str]:
    if complaint.state == Complaint.State.CLOSED:
        return ["reopen"]
    acts = ["assign"]
    acts += ["answer"] if complaint.answered_at is None else []
    acts += ["opinion"] if complaint.opinion_at is None else []
    acts += ["close"] if complaint.answered_at and complaint.opinion_at else []
    return [*acts, "note", "attach"]


def _fresh(name: str, complaint: Complaint) -> SeenForm:
    return ACTS[name](initial={"seen": complaint.version}, auto_id=f"{name}_%s")


@may("hotline.handle_complaint")
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one of ACTS. What was typed comes back with the fault, ready to be sent again."""
    complaint = get_object_or_404(Complaint, pk=pk)
    if name not in ACTS:
        return redirect("hotline:case", pk)
    form = ACTS[name](request.POST, request.FILES, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            _do(request, pk, name, form)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已登记。"), extra_tags="ok")
            return redirect("hotline:case", pk)
    complaint.refresh_from_db()
    form.data = again = request.POST.copy()
    again["seen"] = str(complaint.version)
    return _case(request, complaint, sent=(name, form))


def _do(request: HttpRequest, pk: int, name: str, form: Any) -> None:
    by, data = actor(request), form.cleaned_data
    seen, text = data["seen"], data.get("text", "")
    match name:
        case "assign":
            handling.assign(pk, data["department"], by, seen, text)
        case "answer":
            handling.answer(pk, by, seen, text)
        case "opinion":
            handling.give_opinion(pk, by, seen, text)
        case "note":
            handling.note(pk, by, seen, text)
        case "attach":
            handling.attach(pk, by, seen, form.files_sent)
        case "close":
            handling.close(pk, by, seen, data["satisfaction"], text)
        case "reopen":
            handling.reopen(pk, by, seen, text)


@may("hotline.view_complaint", "hotline.view_identity")
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Show once who complained; the look is on record. By POST: a link would be fetched ahead."""
    complaint = get_object_or_404(Complaint.objects.select_related("department"), pk=pk)
    person = identity.look(complaint, actor(request))
    return _case(request, complaint, looked=True, person=person)


@may("hotline.view_complaint", "hotline.view_identity")
def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A photo can show who complained, so that it asks for the same permission."""
    return answer_file(get_object_or_404(Attachment, pk=file, complaint_id=pk))
