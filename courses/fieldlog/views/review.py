"""A supervisor's desk: what waits, a session's file, and the words that settle it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.fieldlog.lists.queue import QUEUE
from courses.fieldlog.models import Blob, Reading, SessionLog
from courses.fieldlog.services.blobs import shown
from courses.fieldlog.services.dossier import (
    Dossier,
    dossier,
    named_by,
    waiting,
)
from courses.fieldlog.services.project import read_pending
from courses.fieldlog.services.review import decide_mark, recorders, review_session
from courses.models import Mark, VillageSession
from courses.services.walk_ins import enrol_walk_in
from tenants.faults import as_said
from tenants.lists.views import show
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


def _session(pk: int) -> VillageSession:
    rows = VillageSession.objects.select_related(
        "training_class__project", "training_class__village", "training_class__trainer"
    )
    return get_object_or_404(rows, pk=pk)


@may("fieldlog.review_attendance")
def review_queue(request: HttpRequest) -> HttpResponseBase:
    """Sessions that wait; those that changed after a review come first."""
    read_pending()
    logs = list(waiting())
    changed = sum(log.review == SessionLog.Review.CHANGED for log in logs)
    return show(request, QUEUE, logs, "fieldlog/review_queue.html", changed=changed)


@may("fieldlog.review_attendance")
def session_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was said of a session, and the form that settles it."""
    session = _session(pk)
    read_pending()
    found = dossier(session)
    if wants_excel(request):
        name = f"{session.training_class.code}-{session.number}"
        return workbook_response(name, _people_header(), _people_lines(found))
    context = {
        "session": session,
        "class": session.training_class,
        "found": found,
        "log": found.log,
        "marks": Mark.choices,
        "recorded": actor(request).pk in recorders(session),
        "now": timezone.now(),
    }
    return render(request, "fieldlog/session_review.html", context)


def _people_header() -> list[str]:
    return [
        *(_("姓名"), _("证件后四位"), _("采用"), _("分钟"), _("计入分钟"), _("争议")),
        *(_("来源"), _("考勤"), _("方式"), _("时间"), _("序号"), _("依据")),
    ]


def _people_lines(found: Dossier) -> list[list[Any]]:
    """One line a claim; a person of whom nothing was said has one line."""
    lines = []
    for row in found.rows:
        trainee, mark = row.enrolment.trainee, row.standing
        head = [
            *(trainee.name, trainee.id_last4),
            *(
                (str(mark.get_mark_display()), mark.said_minutes, mark.minutes)
                if mark
                else [""] * 3
            ),
            "；".join(in_language(*why) for why in row.why),
        ]
        lines += [
            [
                *head,
                *(word.speaker, f"{word.mark} {word.minutes}", in_language(*word.how)),
                timezone.localtime(word.reading.at).strftime("%Y-%m-%d %H:%M:%S"),
                *(word.reading.event.seq or "", "✓" if word.counts else ""),
            ]
            for word in row.words
        ] or [[*head, *[""] * 6]]
    return lines


def _told(request: HttpRequest, error: ValidationError) -> None:
    for message in as_said(error):
        messages.error(request, message, extra_tags="bad")


@may("fieldlog.review_attendance")
@require_POST
def session_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or dispute what the page has shown: its digest comes back with the form."""
    session = _session(pk)
    sent = request.POST
    try:
        log = review_session(
            session,
            sent.get("verdict", ""),
            actor(request),
            sent.get("reason", "")[:500],
            sent.get("digest", "-") or "-",
        )
    except ValidationError as error:
        _told(request, error)
    else:
        text = _("已审核：%(review)s。") % {"review": log.get_review_display()}
        messages.success(request, text, extra_tags="ok")
    return redirect("session_review", pk)


@may("fieldlog.review_attendance")
@require_POST
def mark_decide(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """Decide one person's mark in sight of all that was said."""
    session = _session(pk)
    sent = request.POST
    mark = sent.get("mark", "")
    whole = {"present": session.minutes, "excused": 0, "absent": 0}
    text = sent.get("minutes", "").strip()[:5]
    minutes = whole.get(mark, int(text) if text.isdecimal() else 0)
    try:
        decide_mark(
            session,
            enrolment,
            mark,
            minutes,
            sent.get("reason", "")[:500],
            actor(request),
            sent.get("digest", "-") or "-",
        )
    except ValidationError as error:
        _told(request, error)
    else:
        messages.success(request, _("已裁定，请再审核整次课。"), extra_tags="ok")
    return redirect("session_review", pk)


@may("fieldlog.review_attendance", "courses.import_roster")
@require_POST
def walk_in_enrol(request: HttpRequest, pk: int, reading: int) -> HttpResponse:
    """Put a walk-in on the class's list, where the rules of a roster allow it."""
    session = _session(pk)
    found = get_object_or_404(Reading, pk=reading, session=session, kind="walk_in", fault="")
    try:
        enrolment = enrol_walk_in(session.training_class, found, actor(request))
    except ValidationError as error:
        _told(request, error)
    else:
        said = _("%(name)s 已入班，考勤已计入。")
        if enrolment.state == "waiting":
            said = _("%(name)s 已列入候补名单：本班名额已满，递补后考勤才计入。")
        text = said % {"name": enrolment.trainee.name}
        messages.success(request, text, extra_tags="ok")
    return redirect("session_review", pk)


@may("fieldlog.review_attendance")
def session_picture(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A photo or signature of the session, drawn anew: nothing that hides in the file goes out."""
    session = _session(pk)
    blob = Blob.objects.filter(hash=name).first()
    if blob is None or name not in named_by(session):
        raise Http404
    try:
        content = shown(blob)
    except ValidationError:
        raise Http404 from None
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
