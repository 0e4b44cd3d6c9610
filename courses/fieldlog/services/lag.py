"""Count how far the log is behind, by phone, by village and for the base; publish the counts."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from courses.directory.models import FieldLag
from courses.fieldlog.models import Device, FieldEvent, Unread
from courses.fieldlog.rules.lag import Lag, overdue, silent_days
from courses.fieldlog.services.receipts import Arrived, Lost, arrived
from courses.models import TrainingClass, VillageSession
from tenants.current import current_tenant


@dataclass(frozen=True)
class Behind:
    """`sessions` are those that have gone by without a log, the oldest first; `lost` is what phones
    have declared lost, by phone.
    """

    base: Lag
    devices: list[Lag]
    villages: list[Lag]
    sessions: list[VillageSession]
    planned: list[date]  # of all sessions without a log, those to come too
    lost: list[tuple[Device, list[Lost]]]


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
    devices, missing, lost = _devices(sessions)
    villages = _villages(sessions, missing)
    unread = sum(len(each.events) for each in Unread.objects.all())
    base = Lag(
        "base",
        str(current_tenant()),
        sessions=len(sessions),
        oldest=sessions[0].held_on if sessions else None,
        silent=max((d.silent for d in devices if d.waits and d.silent is not None), default=None),
        numbers=sum(each.numbers for each in devices),
        lost=sum(each.lost for each in devices),
        blobs=len(missing),
        unread=unread + sum(each.unread for each in devices),
    )
    return Behind(base, devices, villages, sessions, [each.held_on for each in waiting], lost)


def _devices(
    sessions: list[VillageSession],
) -> tuple[list[Lag], set[str], list[tuple[Device, list[Lost]]]]:
    """A row a phone, all hashes that are named and have not come whole, and what is lost. A session
    counts for each phone in use of whoever teaches its class: one of them must hold its log.
    """
    now, rows, missing, lost = timezone.now(), [], set(), []
    days: dict[int, list[date]] = defaultdict(list)
    for session in sessions:
        days[session.training_class.trainer_id].append(session.held_on)
    for device in Device.objects.select_related("trainer"):
        found = arrived(device)
        missing |= set(found.missing_blobs)
        lost += [(device, found.lost)] if found.lost else []
        late = days[device.trainer_id] if device.revoked_at is None else []
        rows.append(
            Lag(
                "device",
                str(device),
                device.pk,
                sessions=len(late),
                oldest=min(late, default=None),
                silent=silent_days(device.last_contact_at, now),
                numbers=missing_numbers(found),
                lost=sum(each.last - each.first + 1 for each in found.lost),
                blobs=len(found.missing_blobs),
                unread=len(found.unreadable),
                waits=device.revoked_at is None,
            )
        )
    return rows, missing, lost


def missing_numbers(found: Arrived) -> int:
    """How many are still to come: what is lost is not waited for."""
    return sum(last - first + 1 for first, last in found.awaited)


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
    contacts = _contacts(rows)
    now = timezone.now()
    return [replace(row, silent=silent_days(contacts.get(pk), now)) for pk, row in rows.items()]


def _contacts(villages: Collection[int]) -> dict[int, datetime]:
    """When a phone in use of somebody who teaches there was last heard of, by village."""
    classes = TrainingClass.objects.filter(village__in=villages).exclude(
        state=TrainingClass.State.FINISHED
    )
    used = Q(
        trainer__field_devices__revoked_at=None,
        trainer__field_devices__last_contact_at__isnull=False,
    )
    rows = classes.filter(used).values_list("village_id").order_by()
    return dict(rows.annotate(newest=Max("trainer__field_devices__last_contact_at", filter=used)))


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
