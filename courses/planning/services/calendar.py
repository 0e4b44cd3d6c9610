"""The sessions of a time, at one base or of all bases, and what does not fit among them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from courses.fieldlog.models import TrainerIdentity, VillagePlace
from courses.fieldlog.rules.places import Spot, metres_between
from courses.models import TrainingClass, VillageSession
from courses.planning.models import Proposal
from courses.planning.services.share import span_of
from courses.requests.facts import Facts, facts_from
from courses.requests.models import ClassRequest, PlannedSession, RequestVersion
from courses.requests.rules import conflicts as rules
from courses.requests.rules.conflicts import Conflict, Slot, Way
from courses.requests.services.holidays import english_name
from courses.requests.services.policies import days_of
from courses.services.identity import presence_digest_of
from tenants.current import current_tenant
from tenants.designations.models import TrainingBase
from tenants.models import Division, Tenant

ALIVE = ("sent", "returned", "approved")


@dataclass(frozen=True)
class Entry:
    """A session on a calendar. `session` is its key at this base, 0 where there is none; `pending` are those
    of a request that is not yet a class, whose `number` leads to it.
    """

    slot: Slot
    title: str
    kind: str
    number: int
    minutes: int
    session: int = 0
    movable: bool = False
    pending: str = ""
    trade: str = ""


def entries_of_base(first: date, last: date) -> list[Entry]:
    """Sessions of this base's classes, and of requests that are on their way, in order."""
    rows = (
        VillageSession.objects.filter(held_on__range=(first, last))
        .select_related("training_class__village__parent", "training_class__trainer")
        .prefetch_related("training_class__project__trade")
    )
    taught = set(rows.filter(log__isnull=False).values_list("pk", flat=True))
    taught |= set(rows.filter(attendance__isnull=False).values_list("pk", flat=True))
    places = _places()
    found = [_entry(row, row.pk not in taught, places) for row in rows]
    for proposal in _under_way():
        facts = facts_from(proposal.facts)
        found += entries_of_facts(facts, f"p{proposal.pk}", str(proposal.pk), places)
    return _ordered(e for e in found if first <= e.slot.day <= last)


def _ordered(found: Iterable[Entry]) -> list[Entry]:
    return sorted(found, key=lambda e: (e.slot.starts, e.slot.class_code, e.number))


def _places() -> dict[str, tuple[float, float]]:
    rows = VillagePlace.objects.values_list("village__code", "lat", "lon")
    return {code: (lat, lon) for code, lat, lon in rows}


def _entry(row: VillageSession, untaught: bool, places: dict[str, tuple[float, float]]) -> Entry:
    found = row.training_class
    starts, ends = span_of(row)
    village = found.village
    slot = Slot(
        key=f"s{row.pk}",
        class_code=found.code,
        starts=timezone.localtime(starts),
        ends=timezone.localtime(ends),
        trainer=str(found.trainer_id),
        trainer_name=str(found.trainer),
        village=village.code,
        village_name=f"{village.parent.name} {village.name}" if village.parent else village.name,
        place=found.place,
        spot=places.get(village.code),
    )
    return Entry(
        slot,
        found.project_name,
        row.kind,
        row.number,
        row.minutes,
        session=row.pk,
        movable=untaught and found.state != TrainingClass.State.FINISHED,
        trade=found.project.trade.code,
    )


def _under_way() -> list[Proposal]:
    """Openings that a manager has to send, or that the centre has; not yet a class."""
    rows = Proposal.objects.filter(kind=Proposal.Kind.OPENING)
    alive = ClassRequest.objects.filter(tenant_id=current_tenant().pk, state__in=ALIVE)
    numbers = list(alive.values_list("number", flat=True))
    asked = rows.filter(state=Proposal.State.ASKED)
    return list(asked | rows.filter(state=Proposal.State.SENT, number__in=numbers))


def entries_of_facts(
    facts: Facts, key: str, pending: str, places: dict[str, tuple[float, float]], base: str = ""
) -> list[Entry]:
    """The sessions that a request asks for."""
    found = []
    for number, planned in enumerate(facts.sessions, 1):
        starts = timezone.make_aware(datetime.combine(planned.held_on, planned.starts_at))
        slot = Slot(
            key=f"{key}.{number}",
            class_code=facts.class_code,
            starts=starts,
            ends=starts + timedelta(minutes=planned.minutes),
            trainer=f"{base}/{facts.trainer_name}" if base else str(facts.trainer),
            trainer_name=facts.trainer_name,
            village=facts.village,
            village_name=facts.village_name,
            place=facts.place,
            base=base,
            spot=places.get(facts.village),
        )
        found.append(
            Entry(
                *(slot, facts.project_name, planned.kind, number, planned.minutes),
                pending=pending,
                trade=facts.trade,
            )
        )
    return found


def entries_of_bases(bases: Collection[Tenant], first: date, last: date) -> list[Entry]:
    """What all these bases plan, from the shared tables alone: classes, and requests on their way."""
    titles = {base.pk: base.title for base in bases}
    rows = (
        PlannedSession.objects.filter(held_on__range=(first, last), planned__tenant__in=titles)
        .select_related("planned__village__parent", "planned__trade")
        .order_by("starts_at", "pk")
    )
    found = [_shared(row, titles[row.planned.tenant_id]) for row in rows]
    requests = ClassRequest.objects.filter(
        tenant__in=titles, kind="opening", state__in=ALIVE, starts_on__lte=last, ends_on__gte=first
    )
    newest: dict[int, RequestVersion] = {}
    for version in RequestVersion.objects.filter(request__in=requests).order_by("number"):
        newest[version.request_id] = version
    for request in requests:
        facts = facts_from(newest[request.pk].facts)
        base = titles[request.tenant_id]
        found += entries_of_facts(facts, f"r{request.pk}", request.number, {}, base)
    return _ordered(e for e in found if first <= e.slot.day <= last)


def _shared(row: PlannedSession, base: str) -> Entry:
    """A trainer whom the bases have named is the same person at each of them; another, at one."""
    planned = row.planned
    village: Division = planned.village
    person = bytes(row.person).hex() if row.person else f"{base}/{planned.trainer}"
    slot = Slot(
        key=f"c{row.pk}",
        class_code=planned.code,
        starts=timezone.localtime(row.starts_at),
        ends=timezone.localtime(row.ends_at),
        trainer=person,
        trainer_name=planned.trainer,
        village=village.code,
        village_name=f"{village.parent.name} {village.name}" if village.parent else village.name,
        place=planned.place,
        base=base,
    )
    minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
    return Entry(slot, planned.title, row.kind, row.number, minutes, trade=planned.trade.code)


def ways_of(entries: Iterable[Entry]) -> list[Way]:
    """The trips of trainers between villages, where it is known where both lie."""
    return rules.ways(
        [e.slot for e in entries], lambda one, other: metres_between(Spot(*one), Spot(*other))
    )


def conflicts_of(entries: Collection[Entry], ends: dict[tuple[str, str], date]) -> list[Conflict]:
    """What does not fit, by day. `ends` is the last day of the designation, by base and class."""
    slots = [e.slot for e in entries]
    if not slots:
        return []
    days = [slot.day for slot in slots]
    rest = {
        day: (row.name, english_name(row.name))
        for day, row in days_of(current_tenant(), min(days), max(days)).items()
        if row.kind == "rest"
    }
    found = [
        *rules.trainer_twice(slots),
        *rules.hall_twice(slots),
        *rules.village_twice(slots),
        *rules.on_holiday(slots, rest),
        *rules.outside(slots, ends),
        *rules.too_far(ways_of(entries)),
    ]
    return sorted(found, key=lambda each: (each.day, each.kind, each.keys))


def conflicts_at_base(entries: Collection[Entry]) -> list[Conflict]:
    """Those of this base, and of its trainers with other bases."""
    record = TrainingBase.objects.filter(tenant_id=current_tenant().pk).first()
    codes = {e.slot.class_code for e in entries}
    ends = {
        ("", code): last
        for code, last in TrainingClass.objects.filter(code__in=codes).values_list(
            "code", "designation__ends_on"
        )
    }
    if record is not None and record.ends_on is not None:
        ends |= {("", code): record.ends_on for code in codes if ("", code) not in ends}
    found = [*conflicts_of(entries, ends), *_elsewhere([e.slot for e in entries])]
    return sorted(found, key=lambda each: (each.day, each.kind, each.keys))


def _elsewhere(slots: list[Slot]) -> list[Conflict]:
    """By the keyed digest: that somebody is planned at another base, never at which."""
    keys = {int(slot.trainer) for slot in slots if slot.trainer.isdecimal()}
    digests = {
        presence_digest_of(bytes(row.id_sealed)): str(row.trainer_id)
        for row in TrainerIdentity.objects.filter(trainer__in=keys)
    }
    if not digests:
        return []
    rows = PlannedSession.objects.filter(
        person__in=list(digests),
        starts_at__lt=max(slot.ends for slot in slots),
        ends_at__gt=min(slot.starts for slot in slots),
    ).exclude(planned__tenant_id=current_tenant().pk)
    others = [
        (digests[bytes(person)], starts, ends)
        for person, starts, ends in rows.values_list("person", "starts_at", "ends_at")
        if person is not None
    ]
    return rules.elsewhere(slots, others)


def conflicts_of_facts(facts: Facts) -> list[Conflict]:
    """What the sessions of a request would not fit with at this base."""
    days = [planned.held_on for planned in facts.sessions]
    if not days:
        return []
    mine = entries_of_facts(facts, "new", "", _places())
    beside = [
        entry
        for entry in entries_of_base(min(days), max(days))
        if entry.slot.class_code != facts.class_code
    ]
    found = conflicts_at_base([*mine, *beside])
    return [each for each in found if any(key.startswith("new.") for key in each.keys)]
