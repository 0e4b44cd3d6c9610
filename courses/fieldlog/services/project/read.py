"""One event to its reading: opened, checked against the class, stripped of ID numbers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from courses.fieldlog.models import FieldEvent, Reading
from courses.fieldlog.rules import payloads
from courses.fieldlog.rules.envelope import read_envelope, when
from courses.fieldlog.rules.payloads import Unreadable, read_payload
from courses.fieldlog.services.keys import Opener
from courses.models import Enrolment, VillageSession
from courses.retention.gone import forget, retired_classes
from courses.rules import minutes_fault, normalise_id
from courses.services import identity

#: Members that have a column of their own in a reading, or none because they are an ID number.
OWN_COLUMN = {"kind", "session", "person", "walk_in", "id_number"}


@dataclass
class Known:
    """What readings are checked against, looked up once a pass."""

    opener: Opener
    sessions: dict[int, VillageSession] = field(default_factory=dict)
    enrolments: dict[int, int] = field(default_factory=dict)  # enrolment -> class
    retired: set[int] = field(default_factory=retired_classes)  # their walk-ins are forgotten


def known() -> Known:
    return Known(Opener())


def readings(events: Iterable[FieldEvent], given: Known) -> list[Reading]:
    """Unsaved readings of the events, which come with their devices."""
    opened = [(event, *_open(event, given)) for event in events]
    _look_up([said for _, said, _ in opened if said is not None], given)
    return [_reading(event, said, fault, given) for event, said, fault in opened]


def _open(event: FieldEvent, given: Known) -> tuple[Any, str]:
    """(payload, fault): one of them says something."""
    try:
        if event.source != FieldEvent.Source.PHONE:
            payload = json.dumps(json.loads(event.body)["payload"]).encode()
            return read_payload(payload, from_phone=False), ""
        envelope = read_envelope(event.body)
        if envelope.v != 1:
            return None, "version_unknown"
        plain = given.opener.open(envelope.kid, envelope.device, envelope.seq, envelope.sealed)
        return read_payload(plain, from_phone=True), ""
    except Unreadable as error:
        return None, str(error)


def _look_up(said: list[Any], given: Known) -> None:
    sessions = {each.session for each in said if getattr(each, "session", None)}
    given.sessions |= {
        each.pk: each
        for each in VillageSession.objects.filter(
            pk__in=sessions - given.sessions.keys()
        ).select_related("training_class")
    }
    people = {each.person.enrolment for each in said if hasattr(each, "person")} - {None}
    given.enrolments |= dict(
        Enrolment.objects.filter(pk__in=people - given.enrolments.keys()).values_list(
            "pk", "training_class_id"
        )
    )


def _reading(event: FieldEvent, said: Any, fault: str, given: Known) -> Reading:
    found = Reading(event=event, fault=fault)
    _set_time(found, event)
    if said is None:
        return found
    found.kind = said.kind
    number = getattr(said, "session", None)
    session = given.sessions.get(number) if number else None
    if number and session is None:
        found.fault = "session_unknown"
        return found
    found.session = session
    found.said = said.model_dump(mode="json", by_alias=True, exclude=OWN_COLUMN)
    if isinstance(said, payloads.WalkIn):
        found.walk_in = said.walk_in
        number = normalise_id(said.id_number)
        found.id_sealed = identity.seal_id(number)
        found.id_digest = identity.base_digest(number)
        found.id_last4 = number[-4:]
        if session and session.training_class_id in given.retired:
            forget(found)
    elif isinstance(said, payloads.Marked | payloads.Signature | payloads.Decision):
        found.fault = _set_person(found, said.person, session, given)
    if not found.fault and session and isinstance(said, payloads.Marked | payloads.Decision):
        impossible = minutes_fault(said.mark, said.minutes, session.minutes)
        found.fault = "minutes_impossible" if impossible else ""
    return found


def _set_person(
    found: Reading, person: payloads.Person, session: VillageSession | None, given: Known
) -> str:
    found.walk_in = person.walk_in
    if person.enrolment is None:
        return ""
    training_class = given.enrolments.get(person.enrolment)
    if session is None or training_class != session.training_class_id:
        return "not_on_list"
    found.enrolment_id = person.enrolment
    return ""


def _set_time(found: Reading, event: FieldEvent) -> None:
    if event.source != FieldEvent.Source.PHONE:
        # The desk's clock is the server's; the time of a mark may be said for an earlier day.
        found.at = datetime.fromisoformat(json.loads(event.body)["wall"])
        found.not_after = event.received_at
        return
    envelope = read_envelope(event.body)
    time = when(envelope.wall, envelope.contact_at, event.received_at)
    found.at, found.not_before, found.not_after = time.at, time.not_before, time.not_after
    found.clock_wrong = time.clock_wrong
    revoked = event.device.revoked_at if event.device else None
    found.after_revocation = revoked is not None and found.at > revoked
