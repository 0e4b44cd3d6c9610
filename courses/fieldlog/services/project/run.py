"""The passes over the log. One at a time in a base: a session is settled with all of it in sight."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable

from django.db import connection, transaction

from courses.fieldlog.models import FieldEvent, Reading, SessionLog, Unread
from courses.fieldlog.moments import sessions_settled
from courses.fieldlog.rules.envelope import Unfit, read_envelope
from courses.fieldlog.services.project import presence
from courses.fieldlog.services.project.beside import around, neighbours
from courses.fieldlog.services.project.keep import read_into, settled
from courses.fieldlog.services.project.read import known
from courses.fieldlog.services.project.session import settle_session
from courses.models import Attendance, VillageSession

AT_ONCE = 500  # events read between two looks at the clock


def _alone() -> None:
    """Until the transaction ends no other pass runs in this base."""
    name = f"field:{_schema()}"
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def read_pending(progress: Callable[[int, int], None] | None = None) -> int:
    """Read what has arrived since; the number of events. Safe to call at any time, by many.

    What other bases have done meanwhile is compared first, and after each commit once more.
    """
    _compare()
    done = 0
    while Unread.objects.exists():
        with transaction.atomic():
            _alone()
            waiting, ids = [], []
            for each in Unread.objects.order_by("pk")[:AT_ONCE]:
                waiting.append(each.pk)
                ids += each.events
                if len(ids) >= AT_ONCE:
                    break
            done += _read(ids)
            Unread.objects.filter(pk__in=waiting).delete()
        if progress:
            progress(done, done + sum(len(each.events) for each in Unread.objects.all()))
    return done


def _compare() -> None:
    """Settle anew what names other clashes with other bases than there are."""
    if presence.in_doubt():
        with transaction.atomic():
            _alone()
            resettle(presence.take_doubts())


def _compare_after_commit() -> None:
    """Until then two bases that write at the same moment do not see each other. If this process dies
    before it, the doubt stands in the database for the next reading.
    """
    schema = _schema()

    def compare() -> None:
        if _schema() == schema:
            _compare()

    transaction.on_commit(compare, robust=True)


def _schema() -> str:
    return str(connection.schema_name)  # type: ignore[attr-defined]


def hold_still() -> None:
    """Read what waits, and let no other pass run until the transaction ends: what is decided in it
    is decided in sight of all that has arrived.
    """
    _alone()
    read_pending()


def _read(ids: Collection[int]) -> int:
    """Read the events, and settle the sessions that they touch; how many were new."""
    events = FieldEvent.objects.filter(pk__in=ids, reading__isnull=True).select_related("device")
    found = read_into(list(events.order_by("pk")), known())
    touched = {each.session_id for each in found if each.session_id}
    touched |= _check_chain([each.event for each in found])
    touched |= around([each.event for each in found])
    # Those that were read before are here because a file of theirs has arrived. No question rests on
    # whether that of a signature has.
    again = Reading.objects.filter(event__in=ids, session__isnull=False).exclude(kind="signature")
    touched |= set(again.values_list("session_id", flat=True))
    resettle(touched)
    return len(found)


def _check_chain(events: Iterable[FieldEvent]) -> set[int]:
    """Mark readings whose event does not follow from the one before it. An event may be proved
    wrong only when its forerunner arrives, so each new one is looked at with its successor.
    """
    looked: dict[int, set[int]] = {}
    for event in events:
        if event.device_id and event.seq:
            looked.setdefault(event.device_id, set()).update((event.seq, event.seq + 1))
    touched: set[int] = set()
    for device, numbers in looked.items():
        around = numbers | {number - 1 for number in numbers}
        rows = list(FieldEvent.objects.filter(device=device, seq__in=around))
        hashes: dict[int, set[str]] = {}
        for row in rows:
            hashes.setdefault(row.seq, set()).add(bytes(row.hash).hex())
        checked = [row for row in rows if row.seq in numbers]
        wrong = {row.pk for row in checked if not _follows(row, hashes)}
        for is_wrong in (True, False):
            changed = Reading.objects.filter(
                event__in=[row.pk for row in checked if (row.pk in wrong) is is_wrong],
                chain_wrong=not is_wrong,
            )
            touched |= set(changed.exclude(session=None).values_list("session_id", flat=True))
            changed.update(chain_wrong=is_wrong)
    return touched


def _follows(event: FieldEvent, hashes: dict[int, set[str]]) -> bool:
    """Whether one of the events before it is the one that it names; true while none is here, and of
    a text that no release reads any more.
    """
    before = (event.seq or 0) - 1
    try:
        return before not in hashes or read_envelope(event.body).prev in hashes[before]
    except Unfit:
        return True


def resettle(sessions: Collection[int]) -> None:
    """Settle the sessions anew, and those that share a trainee at the same time with one of them.
    Call when something else has changed that they rest on: an enrolment, a revoked phone.
    """
    if not sessions:
        return
    with transaction.atomic():
        _alone()
        beside = neighbours(sessions)
        _settle(sessions)
        beside |= neighbours(sessions)
        if beside:  # now that all marks of the first pass stand
            _settle({*sessions, *beside})
        sessions_settled.send(None, sessions={*sessions, *beside})
        if presence.in_doubt():
            _compare_after_commit()


def _settle(sessions: Collection[int]) -> None:
    rows = VillageSession.objects.select_related("training_class__village")
    for session in rows.filter(pk__in=sessions).order_by("pk"):
        settled(session, settle_session)


@transaction.atomic
def rebuild(progress: Callable[[int, int], None] | None = None) -> bytes:
    """Drop the projection and make it from the log alone; its digest, which is the same as before
    unless somebody has written into the projection by hand.
    """
    _alone()
    Attendance.objects.all().delete()
    SessionLog.objects.all().delete()
    Reading.objects.all().delete()
    Unread.objects.all().delete()
    total = FieldEvent.objects.count()
    given, done, newest = known(), 0, 0
    while True:
        page = FieldEvent.objects.filter(pk__gt=newest).select_related("device").order_by("pk")
        events = list(page[:AT_ONCE])
        if not events:
            break
        read_into(events, given)
        _check_chain(events)
        newest, done = events[-1].pk, done + len(events)
        if progress:
            progress(done, total)
    rows = Reading.objects.exclude(session=None).values_list("session_id", flat=True)
    sessions = set(rows.order_by().distinct())
    for _pass in range(2):  # the second with all marks of the first in sight, as `resettle` does
        _settle(sessions)
    presence.forget(sessions)
    sessions_settled.send(None, sessions=sessions)
    return digest()


def digest() -> bytes:
    """SHA-256 over all of the projection, in an order that does not depend on how it was made."""
    found = hashlib.sha256()
    for rows in (
        _reading_rows(), _session_rows(), _attendance_rows(), presence.digest_rows()
    ):  # fmt: skip
        for row in rows:
            found.update(json.dumps(row, sort_keys=True, default=str).encode() + b"\n")
    return found.digest()


def _reading_rows() -> Iterable[list[object]]:
    rows = Reading.objects.order_by("event__hash").values_list(
        "event__hash", "fault", "kind", "session_id", "enrolment_id", "walk_in", "said",
        "id_digest", "at", "clock_wrong", "chain_wrong", "after_revocation",
    )  # fmt: skip
    for row in rows.iterator():
        yield [bytes(each).hex() if isinstance(each, memoryview | bytes) else each for each in row]


def _session_rows() -> Iterable[list[object]]:
    rows = SessionLog.objects.order_by("session_id").values_list("session_id", "digest", "review")
    for session, found, review in rows:
        yield [session, bytes(found).hex(), review]


def _attendance_rows() -> Iterable[list[object]]:
    rows = Attendance.objects.order_by("session_id", "enrolment_id").values_list(
        "session_id", "enrolment_id", "state", "why", "mark", "minutes", "said_minutes", "source",
        "basis", "claims",
    )  # fmt: skip
    return (list(row) for row in rows)
