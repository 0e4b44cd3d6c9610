import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from courses.fieldlog.models import Reading
from courses.models import Attendance, Enrolment, Mark, VillageSession
from courses.services.attendance import MarkEntry, record_attendance
from tenants.faults import as_said
from tenants.staff.access import actor, may


@may("courses.record_attendance")
def session_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a session. Nothing is marked beforehand: a mark is what the trainer saw."""
    session = get_object_or_404(
        VillageSession.objects.select_related("training_class__project"), pk=pk
    )
    on_roll = session.training_class.enrolments.on_roll_of(session.held_on)
    people = list(on_roll.select_related("trainee").order_by("id"))
    standing = {row.enrolment_id: row for row in Attendance.objects.filter(session=session)}
    faults: list[str] = []
    if request.method == "POST":
        entries, faults = _entries(request, people, session)
        if not faults:
            try:
                events = record_attendance(session, entries, actor(request))
            except ValidationError as error:
                faults = as_said(error)
            else:
                text = _("已保存 %(n)s 条考勤。") % {"n": len(events)}
                messages.success(request, text, extra_tags="ok")
                return redirect("session_attendance", pk)
    rows = [_row(request, enrolment, standing.get(enrolment.pk)) for enrolment in people]
    context = {
        "session": session,
        "class": session.training_class,
        "rows": rows,
        "marks": Mark.choices,
        "faults": faults,
        "history": _history(session),
        "marked": len(standing),
    }
    return render(request, "courses/attendance.html", context)


def _history(session: VillageSession) -> list[dict[str, Any]]:
    """Whoever was marked more than once, with each word in the order in which it came."""
    said = (
        Reading.objects.filter(session=session, kind__in=["mark", "decision"], fault="")
        .exclude(enrolment=None)
        .select_related("enrolment__trainee", "event__by", "event__device__trainer")
        .order_by("enrolment_id", "event__received_at", "event_id")
    )
    people: dict[int | None, list[dict[str, Any]]] = {}
    for each in said:
        speaker = each.event.device or each.event.by
        row = {"reading": each, "mark": Mark(each.said["mark"]).label, "by": speaker}
        people.setdefault(each.enrolment_id, []).append(row)
    return [row for rows in people.values() if len(rows) > 1 for row in rows]


def _row(request: HttpRequest, enrolment: Enrolment, current: Attendance | None) -> dict[str, Any]:
    key = str(enrolment.pk)
    sent = request.POST
    partial = ("late", "early_leave")
    return {
        "enrolment": enrolment,
        "current": current,
        "mark": sent.get(f"mark-{key}", current.mark if current else ""),
        "minutes": sent.get(
            f"minutes-{key}", current.said_minutes if current and current.mark in partial else ""
        ),
        "reason": sent.get(f"reason-{key}", ""),
        "uuid": sent.get(f"uuid-{key}") or uuid.uuid4(),
    }


def _entries(
    request: HttpRequest, people: list[Enrolment], session: VillageSession
) -> tuple[list[MarkEntry], list[str]]:
    """The marks that were sent. Present, excused and absent say their minutes themselves."""
    entries, faults = [], []
    for enrolment in people:
        key = str(enrolment.pk)
        mark = request.POST.get(f"mark-{key}", "")
        if not mark and request.POST.get("rest") == Mark.PRESENT:
            mark = Mark.PRESENT.value
        if not mark:
            continue
        minutes = {"present": session.minutes, "excused": 0, "absent": 0}.get(mark)
        if minutes is None:
            text = request.POST.get(f"minutes-{key}", "").strip()
            if not text.isdecimal():
                faults.append(
                    _("%(name)s：迟到、早退请填写实际上课分钟数") % {"name": enrolment.trainee.name}
                )
                continue
            minutes = min(int(text), 10_000)  # more is refused as impossible, as 10,000 is
        try:
            client = uuid.UUID(request.POST.get(f"uuid-{key}", ""))
        except ValueError:
            client = uuid.uuid4()
        reason = request.POST.get(f"reason-{key}", "")[:200]
        entries.append(MarkEntry(enrolment.pk, mark, minutes, reason, client))
    return entries, faults
