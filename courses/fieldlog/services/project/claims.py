"""All that was said in one session, gathered for the rules."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from courses.fieldlog.models import FieldEvent, Reading
from courses.fieldlog.rules.settle import Claim, Decided
from courses.models import Enrolment, VillageSession


@dataclass
class Spoken:
    """A session's readings that speak, with the marks by enrolment.

    `walk_ins` are those whom no enrolment of the class answers to yet, by the digest of their ID.
    """

    session: VillageSession
    readings: list[Reading]
    claims: dict[int, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    decisions: dict[int, list[Decided]] = field(default_factory=lambda: defaultdict(list))
    walk_ins: dict[bytes, list[Reading]] = field(default_factory=lambda: defaultdict(list))
    forked: dict[int, int] = field(default_factory=dict)  # device -> the first number used twice

    def of_kind(self, *kinds: str) -> list[Reading]:
        return [each for each in self.readings if each.kind in kinds]

    @property
    def opened_at(self) -> datetime | None:
        return min((each.at for each in self.of_kind("session_opened")), default=None)

    @property
    def closings(self) -> list[Reading]:
        """The last closing of each device, unless it was reopened after."""
        last: dict[int | None, Reading] = {}
        for each in self.of_kind("session_closed", "session_reopened"):
            last[each.event.device_id] = each
        return [each for each in last.values() if each.kind == "session_closed"]

    @property
    def closed_at(self) -> datetime | None:
        return max((each.at for each in self.closings), default=None)

    @property
    def held_minutes(self) -> int | None:
        return min((int(each.said["minutes"]) for each in self.closings), default=None)

    @property
    def span(self) -> tuple[datetime, datetime]:
        return span_of(self.session, self.opened_at, self.closed_at)


def planned_span(session: VillageSession) -> tuple[datetime, datetime]:
    start = timezone.make_aware(datetime.combine(session.held_on, session.starts_at))
    return start, start + timedelta(minutes=session.minutes)


def span_of(
    session: VillageSession, opened_at: datetime | None, closed_at: datetime | None
) -> tuple[datetime, datetime]:
    """From when to when it was held: as the phones saw it, else as planned."""
    if opened_at and closed_at and opened_at < closed_at:
        return opened_at, closed_at
    return planned_span(session)


def order_of(reading: Reading) -> tuple[int, str]:
    """Its place among the words of the same origin: the phone's count, or our clock at the desk."""
    event = reading.event
    place = event.seq if event.seq is not None else round(event.received_at.timestamp() * 10**6)
    return place, bytes(event.hash).hex()


def gather(session: VillageSession) -> Spoken:
    found = Reading.objects.filter(session=session, fault="").select_related(
        "event__device__trainer", "event__by"
    )
    readings = sorted(found, key=order_of)
    spoken = Spoken(session, readings)
    forked = spoken.forked = first_forks({each.event.device_id for each in readings})
    people = _walk_ins(spoken)
    signed = {(each.event.device_id, _person(each, people)) for each in spoken.of_kind("signature")}
    for each in spoken.of_kind("mark", "decision"):
        person = _person(each, people)
        if person is None:
            continue
        if each.kind == "decision":
            spoken.decisions[person].append(_decided(each))
        else:
            is_signed = each.event.device_id is not None and (
                (each.event.device_id, person) in signed
            )
            spoken.claims[person].append(_claim(each, forked, is_signed))
    return spoken


def _claim(reading: Reading, forked: dict[int, int], signed: bool) -> Claim:
    event = reading.event
    name = bytes(event.hash).hex()
    origin = str(event.device.uuid) if event.device else event.source
    if event.device_id in forked and (event.seq or 0) >= forked[event.device_id]:
        origin = f"{origin}/{name}"  # two histories of one phone: each word stands for itself
    return Claim(
        hash=name,
        origin=origin,
        source=event.source,
        order=order_of(reading),
        mark=reading.said["mark"],
        minutes=reading.said["minutes"],
        how=event.source if event.source != FieldEvent.Source.PHONE else reading.said["how"],
        signed=signed,
        late=reading.after_revocation,
    )


def _decided(reading: Reading) -> Decided:
    return Decided(
        hash=bytes(reading.event.hash).hex(),
        at=reading.at,
        mark=reading.said["mark"],
        minutes=reading.said["minutes"],
        seen=frozenset(reading.said["seen"]),
    )


def _person(reading: Reading, walk_ins: dict[str, int]) -> int | None:
    if reading.enrolment_id is not None:
        return reading.enrolment_id
    return walk_ins.get(str(reading.walk_in))


def _walk_ins(spoken: Spoken) -> dict[str, int]:
    """Enrolments of the class that walk-ins turned out to be, by the walk-in's UUID. The same ID
    twice, on two phones or on one, is one person.
    """
    arrivals = spoken.of_kind("walk_in")
    digests = {bytes(each.id_digest or b"") for each in arrivals}
    enrolled = {
        bytes(digest): pk
        for digest, pk in Enrolment.objects.exclude(state=Enrolment.State.WAITING)
        .filter(training_class=spoken.session.training_class_id, trainee__id_digest__in=digests)
        .values_list("trainee__id_digest", "pk")
    }
    people = {}
    for each in arrivals:
        digest = bytes(each.id_digest or b"")
        if digest in enrolled:
            people[str(each.walk_in)] = enrolled[digest]
        else:
            spoken.walk_ins[digest].append(each)
    return people


def first_forks(devices: Iterable[int | None]) -> dict[int, int]:
    """The first number that a device has used twice, of those that have."""
    rows = (
        FieldEvent.objects.filter(device_id__in=[each for each in devices if each])
        .order_by()
        .values("device_id", "seq")
        .annotate(n=Count("id"))
        .filter(n__gt=1)
    )
    first: dict[int, int] = {}
    for row in rows:
        device, seq = row["device_id"], row["seq"]
        first[device] = min(seq, first.get(device, seq))
    return first
