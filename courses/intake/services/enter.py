"""Put people into a class, or onto its waiting list: those of a roster, an application, or at the door."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from courses.fieldlog.services.walk_ins import recognise
from courses.intake.models import ClassSize, EnrolmentChange
from courses.intake.services import yearly
from courses.intake.services.knowing import Asked
from courses.models import Enrolment, Trainee, TrainingClass
from courses.moments import chain_moved
from courses.roster import REASONS, REJECTIONS, WARNINGS, RosterRow, Seen, judge_rows
from courses.services.classes import enrolling_verdicts
from courses.services.identity import id_sealer
from tenants.designations.models import Designation
from tenants.many import insert
from tenants.models import Division
from tenants.staff.models import User
from tenants.verdict import Verdict, faults_of

#: What a refusal of a row itself comes from.
SOURCES = {"under_age": "《劳动法》第十五条", "id_": "GB 11643-1999"}


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is to join a class, as a form or an application says it."""

    name: str
    resident_id: str
    phone: str = ""
    village_code: str = ""


@dataclass(frozen=True)
class Admission:
    """What the rules say of a newcomer, and what became of it. `state` is that of the enrolment, ""
    for somebody who was refused or only judged.
    """

    newcomer: Newcomer
    refusals: tuple[Verdict, ...]
    warnings: tuple[Verdict, ...]
    state: str = ""
    enrolment: int | None = None

    @property
    def ok(self) -> bool:
        return not self.refusals


@dataclass(frozen=True)
class Room:
    """How many a class takes (None: as many as the designation allows), has, and lets wait."""

    places: int | None
    on_roll: int
    waiting: int

    def takes(self, people: int) -> int:
        """How many of `people` get a place at once: nobody overtakes those who wait."""
        if self.places is None:
            return people
        return 0 if self.waiting else max(0, min(people, self.places - self.on_roll))


def room_of(training_class: TrainingClass) -> Room:
    size = ClassSize.objects.filter(training_class=training_class).last()
    rows = training_class.enrolments
    return Room(
        size.places if size else None,
        rows.on_roll().count(),
        rows.filter(state=Enrolment.State.WAITING).count(),
    )


def judge_people(training_class: TrainingClass, people: Sequence[Newcomer]) -> list[Admission]:
    """What the rules say of people who want to join, in their order. Writes nothing."""
    told = _judged(training_class, people, Asked(training_class))
    return [_admission(who, row) for who, row in told]


@transaction.atomic
def enrol_people(
    training_class: TrainingClass, people: Sequence[Newcomer], by: User | None
) -> list[Admission]:
    """Enrol whom nothing refuses, in the order given; the rest of them wait when the class is full.

    One after the other or many at once: who is refused keeps nobody else out. Raises ValidationError
    when the class takes nobody any more, or the designation has no place for so many.
    """
    locked = lock_class(training_class)
    asked = Asked(locked)
    told = _judged(locked, people, asked)
    good = [row for _, row in told if row.verdict != "reject"]
    joined = write_rows(locked, good, asked, by)
    found = []
    for who, row in told:
        enrolment = joined.get(row.resident_id) if row.verdict != "reject" else None
        admission = _admission(who, row)
        if enrolment is not None:
            admission = replace(admission, state=enrolment.state, enrolment=enrolment.pk)
        found.append(admission)
    return found


def lock_class(training_class: TrainingClass) -> TrainingClass:
    """One writer of its list at a time. Raises ValidationError for a class that is finished."""
    rows = TrainingClass.objects.select_related("rule_set", "project__trade", "designation")
    locked = rows.select_for_update(of=("self",)).get(pk=training_class.pk)
    refuse_finished(locked)
    return locked


def refuse_finished(training_class: TrainingClass) -> None:
    if training_class.state == TrainingClass.State.FINISHED:
        raise ValidationError(
            "班次已结业，不能再导入学员 / the class is finished: nobody joins it any more"
        )


def refuse_crowd(training_class: TrainingClass, people: int) -> None:
    """Raises ValidationError when the designation has no place for so many more.

    It is held until the end: two who fill one trade's places cannot both take the last ones.
    """
    Designation.objects.select_for_update().get(pk=training_class.designation_id)
    if faults := faults_of(enrolling_verdicts(training_class, people)):
        raise ValidationError(faults)


class Joined(NamedTuple):
    """The place that somebody got: the enrolment's key, its state, whose it is."""

    pk: int
    state: str
    trainee: int


def write_rows(
    training_class: TrainingClass, rows: Sequence[RosterRow], asked: Asked, by: User | None
) -> dict[str, Joined]:
    """Write judged rows that nothing refuses, by their resident ID. Call it with the class locked."""
    if not rows:
        return {}
    room = room_of(training_class)
    inside = room.takes(len(rows))
    if inside:
        refuse_crowd(training_class, inside)
    persons = [asked.person(row.resident_id) for row in rows]
    digests = [person.base for person in persons]
    joined = _enrolments(training_class, _trainees(rows, digests), digests, inside)
    today = timezone.localdate()
    insert(
        EnrolmentChange,
        [
            {
                "enrolment_id": each.pk,
                "state": each.state,
                "on": today,
                "warned": [verdict.as_json() for verdict in row.warned],
                "by_id": by.pk if by else None,
            }
            for each, row in zip(joined, rows, strict=True)
        ],
    )
    seated = list(zip(joined, persons, strict=True))[:inside]
    yearly.note_new(training_class, [(each.pk, person.year) for each, person in seated])
    chain_moved.send(None, enrolments={each.pk for each in joined})
    if inside:
        recognise(training_class, digests[:inside])
    return {row.resident_id: each for row, each in zip(rows, joined, strict=True)}


def _enrolments(
    training_class: TrainingClass, people: Mapping[bytes, int], digests: list[bytes], inside: int
) -> list[Joined]:
    """A place for the first of them, and one on the waiting list for the rest, in their order."""
    last = training_class.enrolments.aggregate(last=Max("queue"))["last"] or 0
    wanted: list[dict[str, Any]] = []
    for n, digest in enumerate(digests):
        state, queue = Enrolment.State.ENROLLED, None
        if n >= inside:
            state, queue = Enrolment.State.WAITING, last + 1 + n - inside
        wanted.append(
            {
                "trainee_id": people[digest],
                "training_class_id": training_class.pk,
                "state": state,
                "queue": queue,
            }
        )
    keys = dict(insert(Enrolment, wanted, returning=["trainee_id", "id"]))
    return [Joined(keys[w["trainee_id"]], w["state"], w["trainee_id"]) for w in wanted]


def placed(enrolments: Collection[Enrolment]) -> None:
    """What follows when places in a class have changed: the year's count, and the chain."""
    yearly.note(enrolments)
    chain_moved.send(None, enrolments={each.pk for each in enrolments})


def _judged(
    training_class: TrainingClass, people: Sequence[Newcomer], asked: Asked
) -> list[tuple[Newcomer, RosterRow]]:
    numbered = [
        (n, {"name": p.name, "resident_id": p.resident_id, "phone": p.phone})
        for n, p in enumerate(people, 1)
    ]
    rows = judge_rows(
        numbered,
        timezone.localdate(),
        asked.known,
        lambda *_: (),
        asked.eligible,
        Seen(),
    )
    return [
        (who, replace(row, village_code=who.village_code))
        for who, row in zip(people, rows, strict=True)
    ]


def _admission(who: Newcomer, row: RosterRow) -> Admission:
    refused = tuple(_verdict(code) for code in row.codes if code in REJECTIONS)
    doubted = tuple(_verdict(code) for code in row.codes if code in WARNINGS)
    return Admission(who, (*refused, *row.refusals), (*doubted, *row.warned))


def _verdict(code: str) -> Verdict:
    """What is wrong with what was written, in the form of a rule's answer."""
    zh, en = REASONS[code]
    source = next((s for start, s in SOURCES.items() if code.startswith(start)), "—")
    return Verdict(f"roster_{code}", False, "✗", "✓", source, zh, en)


def _trainees(rows: Sequence[RosterRow], digests: Sequence[bytes]) -> dict[bytes, int]:
    """Those on file, those who were forgotten and come back, and those who are new: their keys."""
    on_file = {bytes(t.id_digest): t for t in Trainee.objects.filter(id_digest__any_of=digests)}
    villages = dict(
        Division.objects.filter(code__in={r.village_code for r in rows}).values_list("code", "id")
    )
    seal, new = id_sealer(), []
    for row, digest in zip(rows, digests, strict=True):
        person = on_file.get(digest)
        if person is not None and person.id_sealed:
            continue
        facts: dict[str, Any] = {
            "sex": row.sex,
            "id_last4": row.last4,
            "phone": row.phone,
            "village_id": villages.get(row.village_code),
            "id_sealed": seal(row.resident_id),
        }
        if person is None:
            new.append({"name": row.name, "id_digest": digest, **facts})
            continue
        for name, value in facts.items():
            setattr(person, name, value)
        person.save(update_fields=["id_sealed", "id_last4", "sex", "phone", "village"])
    written = insert(Trainee, new, returning=["id_digest", "id"])
    found = {digest: person.pk for digest, person in on_file.items()}
    return found | {bytes(digest): key for digest, key in written}
