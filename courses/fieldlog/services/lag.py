"""Count how far the log is behind, by phone, by village and for the base; publish the counts."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.directory.models import FieldLag
from courses.fieldlog.models import Device, FieldEvent, Unread
from courses.fieldlog.rules.lag import Lag, overdue, silent_days
from courses.fieldlog.services.receipts import Arrived, arrived
from courses.models import VillageSession
from tenants.current import current_tenant


@dataclass(frozen=True)
class Behind:
    """`sessions` are those that have gone by without a log, the oldest first."""

    base: Lag
    devices: list[Lag]
    villages: list[Lag]
    sessions: list[VillageSession]
    planned: list[date]  # of all sessions without a log, those to come too


def without_log() -> QuerySet[VillageSession]:
    """Planned sessions of which nobody has marked anybody. A class that is still open for
    enrolment counts too: its plan stands.
    """
    return (
        VillageSession.objects.exclude(log__marked__gt=0)
        .select_related("training_class__village__parent", "training_class__trainer")
        .order_by("held_on", "starts_at", "pk")
    )


def behind() -> Behind:
    today = timezone.localdate()
    waiting = list(without_log())
    late = set(overdue((each.held_on for each in waiting), today))
    sessions = [each for each in waiting if each.held_on in late]
    devices, missing = _devices()
    villages = _villages(sessions, missing)
    unread = sum(len(each.events) for each in Unread.objects.all())
    base = Lag(
        "base",
        str(current_tenant()),
        sessions=len(sessions),
        oldest=sessions[0].held_on if sessions else None,
        silent=max((d.silent for d in devices if d.waits and d.silent is not None), default=None),
        numbers=sum(each.numbers for each in devices),
        blobs=len(missing),
        unread=unread + sum(each.unread for each in devices),
    )
    return Behind(base, devices, villages, sessions, [each.held_on for each in waiting])


def _devices() -> tuple[list[Lag], set[str]]:
    """A row a phone, and all hashes that are named and have not come whole."""
    now, rows, missing = timezone.now(), [], set()
    for device in Device.objects.select_related("trainer"):
        found = arrived(device)
        missing |= set(found.missing_blobs)
        rows.append(
            Lag(
                "device",
                str(device),
                device.pk,
                silent=silent_days(device.last_contact_at, now),
                numbers=missing_numbers(found),
                blobs=len(found.missing_blobs),
                unread=len(found.unreadable),
                waits=device.revoked_at is None,
            )
        )
    return rows, missing


def missing_numbers(found: Arrived) -> int:
    return sum(last - first + 1 for first, last in found.gaps)


def _villages(sessions: list[VillageSession], missing: set[str]) -> list[Lag]:
    """Villages with something that is late: where nothing is, nobody has to look."""
    rows: dict[int, Lag] = {}
    for session in sessions:
        village = session.training_class.village
        row = rows.get(village.pk) or _village(village.pk, str(village), village.parent)
        oldest = min(row.oldest or session.held_on, session.held_on)
        rows[village.pk] = replace(row, sessions=row.sessions + 1, oldest=oldest)
    for pk, (name, parent, count) in _missing_by_village(missing).items():
        row = rows.get(pk) or _village(pk, name, parent)
        rows[pk] = replace(row, blobs=count)
    return list(rows.values())


def _village(pk: int, name: str, parent: object) -> Lag:
    return Lag("village", f"{parent} {name}" if parent else name, pk)


def _missing_by_village(missing: set[str]) -> dict[int, tuple[str, object, int]]:
    if not missing:
        return {}
    events = FieldEvent.objects.filter(~Q(blobs=[]), blobs__overlap=sorted(missing))
    hashes: dict[int, set[str]] = defaultdict(set)
    villages = {}
    for event in events.filter(reading__session__isnull=False).select_related(
        "reading__session__training_class__village__parent"
    ):
        village = event.reading.session.training_class.village
        villages[village.pk] = village
        hashes[village.pk] |= missing & set(event.blobs)
    return {pk: (str(village), village.parent, len(hashes[pk])) for pk, village in villages.items()}


def publish() -> FieldLag:
    """Write the base's counts where the centre can read them: no name, no village, no phone."""
    found = behind()
    devices = Device.objects.filter(revoked_at__isnull=True)
    contacts = [each for each in devices.values_list("last_contact_at", flat=True) if each]
    row, _made = FieldLag.objects.update_or_create(
        tenant_id=current_tenant().pk,
        defaults={
            "counted_at": timezone.now(),
            "devices": len(devices),
            "numbers_missing": found.base.numbers,
            "blobs_missing": found.base.blobs,
            "unread": found.base.unread,
            "without_log": found.planned,
            "contacts": sorted(contacts),
        },
    )
    return row
