"""Gather what makes one look twice at a session: its own readings, and those that lie beside it."""

import json
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from courses.fieldlog.models import Blob, FieldEvent, PackTaken, Reading, VillagePlace
from courses.fieldlog.rules.flags import Flag
from courses.fieldlog.rules.grades import Called, Evidence, flags_of, judged
from courses.fieldlog.rules.paper import vouched
from courses.fieldlog.rules.patterns import Touch
from courses.fieldlog.rules.places import Spot
from courses.fieldlog.rules.settle import AWAY, Settled
from courses.fieldlog.services.project.beside import (
    TEACHING,
    file_of,
    files_of,
    near,
    sharing,
    taught_by,
)
from courses.fieldlog.services.project.claims import Spoken, planned_span, span_of
from courses.models import VillageSession
from tenants.current import current_tenant
from tenants.designations.models import TrainingBase
from tenants.designations.rules import terms_on
from tenants.designations.services import history

ETAG = re.compile(r"[0-9a-f]{32}")  # of a pack; whatever else stands there is none


def flags_and_grade(
    spoken: Spoken, marks: dict[int, Settled], trainer_elsewhere: int
) -> tuple[list[Flag], str, list[str]]:
    """Flags as [code, detail], in a fixed order, the grade A to D, and the codes that it rests on.
    `trainer_elsewhere` is in how many sessions of other bases whoever taught was at the time.
    """
    evidence = replace(gather_evidence(spoken, marks), trainer_elsewhere=trainer_elsewhere)
    flags = flags_of(evidence)
    return flags, *judged(evidence, flags)


def gather_evidence(spoken: Spoken, marks: dict[int, Settled]) -> Evidence:
    session = spoken.session
    phone = [each for each in spoken.readings if each.event.device_id]
    begun = spoken.opened_at or min((each.at for each in phone), default=None)
    held_on = timezone.localdate(begun) if begun else session.held_on
    counted = [person for person, mark in marks.items() if mark.said_minutes]
    photos = _photos(spoken)
    here = _arrived(photos)
    pictures = {name for name, is_picture in here.items() if is_picture}
    touches = _touches(phone)
    return Evidence(
        sources=frozenset(
            marks[person].source
            for person in counted or marks  # where nobody was there, those who say so
        ),
        phone=bool(phone),
        closed=spoken.closed_at is not None,
        countersigned=_is_countersigned(spoken),
        clock_wrong=any(each.clock_wrong for each in phone),
        chain_wrong=any(each.chain_wrong for each in phone),
        chain_forked=any(
            (each.event.seq or 0) >= spoken.forked[each.event.device_id]
            for each in phone
            if each.event.device_id in spoken.forked
        ),
        revoked=any(each.after_revocation for each in phone),
        present=len(counted),
        disputed=sum(1 for each in marks.values() if each.why),
        two_places=sum(1 for each in marks.values() if "two_places" in each.why),
        elsewhere=sum(1 for each in marks.values() if "elsewhere" in each.why),
        walk_ins=len(spoken.walk_ins),
        headcount=max((each.said["headcount"] for each in spoken.closings), default=None),
        planned_minutes=session.minutes,
        held_minutes=spoken.held_minutes,
        photos=len(set(photos) & pictures),
        photos_missing=len(set(photos) - here.keys()),
        photos_no_picture=len(here.keys() - pictures),
        photos_twice=len(photos) - len(set(photos)),
        photos_elsewhere=_elsewhere(spoken, set(photos)),
        signatures_repeated=_signatures(spoken),
        numbers_missing=_missing(phone),
        opened_by=len({each.event.device_id for each in spoken.of_kind("session_opened")}),
        same_slot=_meanwhile(spoken),
        trainer_at=_trainer_at(spoken),
        planned_at=planned_span(session)[0],
        begun_at=begun,
        first_arrival=min((each.event.received_at for each in phone), default=None),
        held_on=held_on,
        class_days=(session.training_class.starts_on, session.training_class.ends_on),
        in_season=_in_season(held_on),
        designated=_not_designated(session, held_on),
        packs=_packs(phone),
        village=_village(session),
        spots=spots_of(spoken.readings),
        roll_calls=_roll_calls(spoken, marks),
        touches=tuple(touches[device] for device in sorted(touches)),
        others=_others(spoken, sorted(touches)),
    )


def _is_countersigned(spoken: Spoken) -> bool:
    """Whether somebody else than who entered it last agrees with each sheet."""
    entered: dict[str, int | None] = {}
    said = []
    for each in spoken.of_kind("paper_sheet", "countersign"):
        sheet, by = each.said["sheet"], each.event.by_id
        if each.kind == "paper_sheet":
            entered[sheet] = by
        elif entered.get(sheet) == by:
            continue
        said.append((each.kind, sheet))
    return vouched(said)


def _photos(spoken: Spoken) -> list[str]:
    """Hashes of the photos of the session, as often as they are named."""
    kinds = ("photo", "session_opened", "session_closed", "paper_sheet")
    return [name for each in spoken.of_kind(*kinds) if (name := file_of(each))]


def _arrived(names: Collection[str]) -> dict[str, bool]:
    """Those of the files that are here as a whole, and whether each is a picture."""
    rows = Blob.objects.filter(hash__in=names, whole_at__isnull=False)
    return {name: bool(is_picture) for name, is_picture in rows.values_list("hash", "is_picture")}


def _elsewhere(spoken: Spoken, photos: set[str]) -> int:
    if not photos:
        return 0
    others = sharing(spoken.session.pk, photos)
    return len(photos & files_of(others))


def _signatures(spoken: Spoken) -> int:
    """Images that stand for more than one person, here or in another session."""
    people = defaultdict(set)
    for each in spoken.of_kind("signature"):
        if name := file_of(each):
            people[name].add(each.enrolment_id or str(each.walk_in))
    if not people:
        return 0
    abroad = files_of(sharing(spoken.session.pk, list(people)))
    return sum(1 for image, signers in people.items() if len(signers) > 1 or image in abroad)


def _missing(phone: list[Reading]) -> int:
    """Numbers between the first and the last of the session that have not arrived, of each phone."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for each in phone:
        if each.event.device_id and each.event.seq:
            numbers[each.event.device_id].append(each.event.seq)
    missing = 0
    for device, seqs in numbers.items():
        low, high = min(seqs), max(seqs)
        here = FieldEvent.objects.filter(device=device, seq__range=(low, high))
        missing += high - low + 1 - here.order_by().values("seq").distinct().count()
    return missing


def _touches(phone: list[Reading]) -> dict[int, tuple[Touch, ...]]:
    """What was done on each phone. A clock that is known to be wrong says nothing about speed."""
    found: dict[int, list[Touch]] = defaultdict(list)
    for each in phone:
        if each.clock_wrong or each.kind not in ("mark", "signature") or not each.event.device_id:
            continue
        how = "signature" if each.kind == "signature" else each.said["how"]
        mark = "" if each.kind == "signature" else f"{each.said['mark']} {each.said['minutes']}"
        person = str(each.enrolment_id or each.walk_in)
        found[each.event.device_id].append(Touch(each.at, how, person, mark))
    return {device: tuple(told) for device, told in found.items()}


def _others(spoken: Spoken, devices: list[int]) -> tuple[tuple[str, tuple[Touch, ...]], ...]:
    """What the same phones did in the other sessions of the class."""
    if not devices:
        return ()
    rows = (
        Reading.objects.filter(
            session__training_class=spoken.session.training_class_id,
            event__device__in=devices,
            kind="mark",
            fault="",
        )
        .exclude(session=spoken.session)
        .select_related("event", "session")
    )
    by_session: dict[tuple[int, int], list[Reading]] = defaultdict(list)
    for row in rows:
        if row.session:
            by_session[row.session.number, row.event.device_id or 0].append(row)
    return tuple(
        (f"#{number}", _touches(found)[device])
        for (number, device), found in sorted(by_session.items())
        if device in _touches(found)
    )


def _meanwhile(spoken: Spoken) -> tuple[str, ...]:
    """Other sessions of the class that were held at an overlapping time."""
    mine = VillageSession.objects.filter(training_class=spoken.session.training_class_id)
    return _overlapping(spoken, mine.filter(log__isnull=False))


def _trainer_at(spoken: Spoken) -> tuple[str, ...]:
    """Sessions of other classes that a trainer of this one recorded at an overlapping time."""
    trainers = {
        each.event.device.trainer_id for each in spoken.of_kind(*TEACHING) if each.event.device
    }
    if not trainers:
        return ()
    theirs = VillageSession.objects.filter(taught_by(trainers), log__isnull=False)
    return _overlapping(spoken, theirs.exclude(training_class=spoken.session.training_class_id))


def _overlapping(spoken: Spoken, sessions: QuerySet[VillageSession]) -> tuple[str, ...]:
    start, end = spoken.span
    found = set()
    rows = sessions.exclude(pk=spoken.session.pk).filter(near(spoken.session, start, end))
    for row in rows.select_related("log", "training_class").distinct():
        other = span_of(row, row.log.opened_at, row.log.closed_at)
        if start < other[1] and other[0] < end:
            found.add(str(row))
    return tuple(sorted(found))


def _in_season(day: date) -> bool:
    seasons = list(current_tenant().off_seasons.all())
    return not seasons or any(season.holds(day) for season in seasons)


def _not_designated(session: VillageSession, day: date) -> str:
    """`days`, `trade` or `place` for what the centre's decisions did not allow on the day."""
    base = TrainingBase.objects.filter(tenant_id=current_tenant().pk).select_related("division")
    found = base.first()
    terms = terms_on(history(found), day) if found else None
    if found is None or terms is None:
        return "days"
    trade = session.training_class.project_key.partition("/")[0]
    if trade not in terms.trades:
        return "trade"
    # A base is designated by its prefecture, whose code is the first four digits.
    same = session.training_class.village.code[:4] == found.division.code[:4]
    return "" if same else "place"


def _packs(phone: list[Reading]) -> tuple[timedelta, ...]:
    """How old the list of each phone was when it was last used in the session."""
    last: dict[tuple[int, str], Reading] = {}
    for each in phone:
        etag = json.loads(each.event.body).get("pack")
        if isinstance(etag, str) and ETAG.fullmatch(etag) and each.event.device_id:
            key = (each.event.device_id, etag)
            if key not in last or last[key].at < each.at:
                last[key] = each
    ages = []
    for (device, etag), reading in last.items():
        # By the phone's clock, which may run ahead of ours: what it takes after this has arrived must
        # not change what was said.
        until = min(reading.at, reading.event.received_at)
        taken = PackTaken.objects.filter(device=device, etag=etag, at__lte=until)
        newest = taken.order_by("-at").values_list("at", flat=True).first()
        if newest:
            ages.append(reading.at - newest)
    return tuple(sorted(ages))


def _village(session: VillageSession) -> Spot | None:
    place = VillagePlace.objects.filter(village=session.training_class.village_id).first()
    return Spot(place.lat, place.lon) if place else None


def spots_of(readings: list[Reading]) -> tuple[Spot, ...]:
    """Positions that phones have written, in the order of their words."""
    said = [each.said.get("position") for each in readings if each.kind != "note"]
    return tuple(Spot(each["lat"], each["lon"], each["accuracy"]) for each in said if each)


def _roll_calls(spoken: Spoken, marks: dict[int, Settled]) -> tuple[Called, ...]:
    """Whoever was late or left early may honestly not have been there at the moment."""
    found = []
    for each in spoken.of_kind("roll_call"):
        asked = {person["enrolment"] for person in each.said["asked"] if person["enrolment"]}
        here = {person["enrolment"] for person in each.said["here"] if person["enrolment"]}
        against = [p for p in asked - here if p in marks and marks[p].mark == "present"]
        against += [p for p in here if p in marks and marks[p].mark in AWAY]
        found.append(Called(len(each.said["asked"]), len(each.said["here"]), len(against)))
    return tuple(found)
