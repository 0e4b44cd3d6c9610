"""Settle one session: its marks, its facts, its flags and grade, and whether its review still holds."""

import hashlib
import json
from typing import Any

from courses.fieldlog.models import Reading, SessionLog
from courses.fieldlog.rules.settle import Settled, settle
from courses.fieldlog.services.project import presence
from courses.fieldlog.services.project.beside import near
from courses.fieldlog.services.project.claims import Spoken, gather, span_of
from courses.fieldlog.services.project.flags import flags_and_grade
from courses.models import Attendance, Enrolment, VillageSession


def settle_session(session: VillageSession) -> SessionLog:
    """Write the marks and the log of the session as its readings have them now."""
    spoken = gather(session)
    persons = presence.digests_of({*spoken.claims, *spoken.decisions})
    clashes = _clashes(spoken)
    trainers = presence.trainers_of(session.pk)
    elsewhere = presence.clashes_elsewhere(spoken.span, persons)
    taught = presence.clashes_elsewhere(spoken.span, trainers)
    for person, tokens in elsewhere.tokens.items():
        clashes[person] = [*clashes.get(person, []), *tokens]
    marks = {}
    for person in sorted({*spoken.claims, *spoken.decisions}):
        found = settle(
            spoken.claims[person],
            spoken.decisions[person],
            spoken.held_minutes,
            clashes.get(person, ()),
        )
        if found:
            marks[person] = found
    if elsewhere.tokens or taught.tokens:
        known = presence.named(session.pk)
        presence.answer(elsewhere, known)
        presence.answer(taught, known)
    _write_marks(session, marks)
    trainees = {persons[person] for person, mark in marks.items() if mark.said_minutes}
    presence.write(session, spoken.span, presence.there(trainees, trainers.values()))
    return _write_log(spoken, marks, sorted(taught.others))


def _write_marks(session: VillageSession, marks: dict[int, Settled]) -> None:
    Attendance.objects.filter(session=session).exclude(enrolment__in=marks).delete()
    fields = ("state", "why", "mark", "minutes", "said_minutes", "source", "basis", "claims")
    Attendance.objects.bulk_create(
        [
            Attendance(
                session=session,
                enrolment_id=person,
                state=Attendance.State.DISPUTED if found.why else Attendance.State.CLEAR,
                why=list(found.why),
                mark=found.mark,
                minutes=found.minutes,
                said_minutes=found.said_minutes,
                source=found.source,
                basis=list(found.basis),
                claims=list(found.claims),
            )
            for person, found in marks.items()
        ],
        update_conflicts=True,
        unique_fields=["session", "enrolment"],
        update_fields=fields,
    )


def _write_log(
    spoken: Spoken, marks: dict[int, Settled], trainers_elsewhere: list[str]
) -> SessionLog:
    openings = spoken.of_kind("session_opened")
    position = _position(spoken)
    closing = max(spoken.closings, key=lambda each: each.at, default=None)
    flags, grade, reasons = flags_and_grade(spoken, marks, len(trainers_elsewhere))
    found = SessionLog(
        session=spoken.session,
        opened_at=spoken.opened_at,
        closed_at=spoken.closed_at,
        held_minutes=spoken.held_minutes,
        headcount=closing.said["headcount"] if closing else None,
        place=openings[0].said["place"] if openings else "",
        lat=position.get("lat"),
        lon=position.get("lon"),
        accuracy=position.get("accuracy"),
        sources=sorted({each.event.source for each in spoken.of_kind("mark", "paper_sheet")}),
        devices=sorted({each.event.device.uuid for each in spoken.readings if each.event.device}),
        marked=len(marks),
        disputed=sum(1 for each in marks.values() if each.why),
        flags=flags,
        grade=grade,
        reasons=reasons,
        walk_ins=len(spoken.walk_ins),
        trainers_elsewhere=trainers_elsewhere,
    )
    found.digest = _digest(found, spoken, marks)
    _set_review(found, spoken)
    names = [f.name for f in SessionLog._meta.fields if f.name not in ("id", "session")]
    SessionLog.objects.bulk_create(
        [found], update_conflicts=True, unique_fields=["session"], update_fields=names
    )
    return found


def _position(spoken: Spoken) -> dict[str, float]:
    """The most accurate one of the session."""
    said = [each.said.get("position") for each in spoken.of_kind("session_opened", "position")]
    found = [each for each in said if each]
    return min(found, key=lambda each: (each["accuracy"], each["lat"], each["lon"]), default={})


def _digest(found: SessionLog, spoken: Spoken, marks: dict[int, Settled]) -> bytes:
    """Over what a supervisor sees and decides about: a change of it asks for a new look."""
    facts: dict[str, Any] = {
        "session": [spoken.session.training_class.code, spoken.session.number],
        "opened": found.opened_at,
        "closed": found.closed_at,
        "held": found.held_minutes,
        "headcount": found.headcount,
        "place": found.place,
        "position": [found.lat, found.lon, found.accuracy],
        "flags": found.flags,
        "grade": found.grade,
        "marks": [
            [person, each.mark, each.said_minutes, each.why, each.basis]
            for person, each in sorted(marks.items())
        ],
        # All that the page shows beside them: photos, signatures, roll calls, notes, walk-ins.
        "said": sorted(
            bytes(each.event.hash).hex() for each in spoken.readings if each.kind != "review"
        ),
    }
    if found.trainers_elsewhere:
        facts["trainers_elsewhere"] = found.trainers_elsewhere
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).digest()


def _set_review(found: SessionLog, spoken: Spoken) -> None:
    reviews: list[Reading] = sorted(
        spoken.of_kind("review"), key=lambda each: (each.at, bytes(each.event.hash))
    )
    if not reviews:
        return
    last = reviews[-1]
    found.review_event = last.event
    if last.said["verdict"] == "disputed":
        found.review = SessionLog.Review.DISPUTED
    elif last.said["digest"] == found.digest.hex():
        found.review = SessionLog.Review.ACCEPTED
    else:
        found.review = SessionLog.Review.CHANGED


def _clashes(spoken: Spoken) -> dict[int, list[str]]:
    """By enrolment: the sessions, as `session:<id>`, in which the same trainee was also present while
    this one was held. As the rows stand now; `run.resettle` goes over both.
    """
    people = {*spoken.claims, *spoken.decisions}
    start, end = spoken.span
    trainees = dict(Enrolment.objects.filter(pk__in=people).values_list("trainee_id", "pk"))
    rows = (
        Attendance.objects.filter(
            near(spoken.session, start, end, "session__"),
            enrolment__trainee__in=trainees,
            said_minutes__gt=0,
        )
        .exclude(session=spoken.session)
        .select_related("session__log", "enrolment")
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        log = getattr(row.session, "log", None)
        other = span_of(row.session, log.opened_at if log else None, log.closed_at if log else None)
        if start < other[1] and other[0] < end:
            person = trainees[row.enrolment.trainee_id]
            found.setdefault(person, []).append(f"session:{row.session_id}")
    return {person: sorted(names) for person, names in found.items()}
