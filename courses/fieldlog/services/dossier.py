"""All that a supervisor looks at before accepting a session: events, people, pictures, places."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.fieldlog.models import Blob, FieldEvent, Reading, SessionLog, VillagePlace
from courses.fieldlog.rules.flags import FLAGS, weight_of
from courses.fieldlog.rules.places import Map, Spot, draw
from courses.fieldlog.rules.settle import Claim
from courses.fieldlog.rules.words import FAULTS, HOW, KINDS, REASONS, WHY, Words
from courses.fieldlog.services.project.beside import file_of, files_of
from courses.fieldlog.services.project.claims import Spoken, gather
from courses.fieldlog.services.project.flags import spots_of
from courses.models import Attendance, Enrolment, Mark, VillageSession
from courses.retention.gone import gone_pictures
from tenants.models import Division

UNKNOWN: Words = ("未知", "unknown")


@dataclass(frozen=True)
class Line:
    """One event in the timeline. `speaker` is the phone, or who wrote at the desk."""

    reading: Reading
    kind: Words
    speaker: str
    person: str
    text: str
    fault: Words | None


@dataclass(frozen=True)
class Word:
    """One claim about one person. It counts when the standing mark rests on it."""

    reading: Reading
    mark: str
    minutes: int
    speaker: str
    how: Words
    signed: bool
    counts: bool


@dataclass(frozen=True)
class Row:
    """A person of the list with all that was said, and why the mark counts nothing."""

    enrolment: Enrolment
    standing: Attendance | None
    why: list[Words]
    words: list[Word]
    signatures: list[str]


@dataclass(frozen=True)
class Raised:
    """A flag with its words; `tone` is the class of its badge."""

    code: str
    detail: str
    title: Words
    meaning: Words
    tone: str


@dataclass(frozen=True)
class Picture:
    """A file that the session names. It is shown only when it is whole and a picture."""

    name: str
    note: str
    reading: Reading
    state: str  # shown, missing, no_picture


@dataclass(frozen=True)
class Stranger:
    """Somebody who came and is on no list. The ID number is known by its last four digits."""

    reading: Reading
    name: str
    last4: str
    phone: str
    village: str
    marks: list[str]
    devices: int


@dataclass
class Dossier:
    session: VillageSession
    log: SessionLog | None
    lines: list[Line] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    flags: list[Raised] = field(default_factory=list)
    reasons: list[Words] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    strangers: list[Stranger] = field(default_factory=list)
    map: Map | None = None

    @property
    def digest(self) -> str:
        return bytes(self.log.digest).hex() if self.log else ""

    @property
    def missing(self) -> int:
        return sum(1 for each in self.pictures if each.state == "missing")


def dossier(session: VillageSession) -> Dossier:
    log = SessionLog.objects.filter(session=session).select_related("review_event__by").first()
    found = Dossier(session, log)
    spoken = gather(session)
    names = _names(session)
    found.lines = _lines(session, names)
    found.rows = _rows(spoken)
    found.flags = raised(log)
    found.reasons = reasons_of(log)
    found.pictures = _pictures(spoken)
    found.strangers = _strangers(spoken)
    village = VillagePlace.objects.filter(village=session.training_class.village_id).first()
    spot = Spot(village.lat, village.lon) if village else None
    found.map = draw(spot, spots_of(spoken.readings))
    return found


def raised(log: SessionLog | None) -> list[Raised]:
    """The heaviest first."""
    rows = [
        Raised(
            code,
            detail,
            (FLAGS[code].zh, FLAGS[code].en) if code in FLAGS else (code, code),
            (FLAGS[code].why_zh, FLAGS[code].why_en) if code in FLAGS else UNKNOWN,
            ("", "warn", "warn", "bad")[weight_of([code, detail])],
        )
        for code, detail in (log.flags if log else [])
    ]
    return sorted(rows, key=lambda each: -weight_of([each.code, each.detail]))


def rests_on(log: SessionLog) -> list[Words]:
    """What the grade rests on beside the flags that stand next to it."""
    return [REASONS[code] for code in log.reasons if code in REASONS]


def reasons_of(log: SessionLog | None) -> list[Words]:
    return [
        (FLAGS[code].zh, FLAGS[code].en) if code in FLAGS else REASONS.get(code, (code, code))
        for code in (log.reasons if log else [])
    ]


def _names(session: VillageSession) -> dict[int, str]:
    rows = session.training_class.enrolments.select_related("trainee").defer("photo")
    return {row.pk: row.trainee.name for row in rows}


def speaker(event: FieldEvent) -> str:
    return str(event.device) if event.device else str(event.by)


def _lines(session: VillageSession, names: dict[int, str]) -> list[Line]:
    """Everything that names the session, readable or not, by the time at which it happened."""
    rows = (
        Reading.objects.filter(session=session)
        .select_related("event__device__trainer", "event__by")
        .order_by("at", "event__seq", "event_id")
    )
    return [
        Line(
            reading=row,
            kind=KINDS.get(row.kind, UNKNOWN),
            speaker=speaker(row.event),
            person=names.get(row.enrolment_id or 0, "") or str(row.said.get("name", "")),
            text=_said(row),
            fault=FAULTS.get(row.fault, (row.fault, row.fault)) if row.fault else None,
        )
        for row in rows
    ]


def _said(row: Reading) -> str:
    """What the event says, in a few words that need no translation but those of marks."""
    said = row.said
    if row.kind in ("mark", "decision"):
        text = f"{Mark(said['mark']).label} {said['minutes']}"
    elif row.kind == "session_closed":
        text = f"{said['headcount']} · {said['minutes']}"
    elif row.kind == "roll_call":
        text = f"{len(said['here'])} / {len(said['asked'])}"
    elif row.kind == "walk_in":
        text = f"****{row.id_last4}"
    elif row.kind == "review":
        text = f"{SessionLog.Review(said['verdict']).label} {said['grade']}"
    elif row.kind in ("paper_sheet", "countersign"):
        text = str(said["sheet"])
    else:
        text = str(said.get("place") or said.get("text") or said.get("note") or "")
    reason = str(said.get("reason") or "")
    return " · ".join(each for each in (text, reason) if each)


def _rows(spoken: Spoken) -> list[Row]:
    by_hash = {bytes(each.event.hash).hex(): each for each in spoken.readings}
    standing = {row.enrolment_id: row for row in Attendance.objects.filter(session=spoken.session)}
    signatures: dict[int | None, list[str]] = {}
    for each in spoken.of_kind("signature"):
        signatures.setdefault(each.enrolment_id, []).append(each.said["image"])
    people = spoken.session.training_class.enrolments.select_related("trainee").defer("photo")
    on_roll = set(people.on_roll_of(spoken.session.held_on).values_list("pk", flat=True))
    people = people.filter(pk__in=on_roll | standing.keys() | spoken.claims.keys())
    rows = []
    for enrolment in people.order_by("id"):
        mark = standing.get(enrolment.pk)
        basis = set(mark.basis) if mark else set()
        claims = [_word(claim, by_hash[claim.hash], basis) for claim in spoken.claims[enrolment.pk]]
        decided = [by_hash[each.hash] for each in spoken.decisions[enrolment.pk]]
        words = claims + [_decision(each, basis) for each in decided]
        words.sort(key=lambda each: (each.reading.at, each.reading.event_id))
        why = [WHY.get(code, (code, code)) for code in (mark.why if mark else [])]
        rows.append(Row(enrolment, mark, why, words, signatures.get(enrolment.pk, [])))
    return sorted(rows, key=lambda row: not row.why)  # what has to be decided first


def _word(claim: Claim, reading: Reading, basis: set[str]) -> Word:
    label = str(Mark(claim.mark).label)
    who = speaker(reading.event)
    how = HOW.get(claim.how, UNKNOWN)
    return Word(reading, label, claim.minutes, who, how, claim.signed, claim.hash in basis)


def _decision(reading: Reading, basis: set[str]) -> Word:
    said = reading.said
    counts = bytes(reading.event.hash).hex() in basis
    label, who = str(Mark(said["mark"]).label), speaker(reading.event)
    return Word(reading, label, said["minutes"], who, HOW["decision"], False, counts)


def _pictures(spoken: Spoken) -> list[Picture]:
    named = [each for each in spoken.readings if each.kind != "signature" and file_of(each)]
    blobs = {blob.hash: blob for blob in Blob.objects.filter(hash__in=files_of(named))}
    gone = gone_pictures(blobs.keys())
    found: dict[str, Picture] = {}
    for each in sorted(named, key=lambda row: (row.at, row.event_id)):
        name, note = file_of(each), str(each.said.get("note") or "")
        found.setdefault(
            name, Picture(name, note, each, "gone" if name in gone else _state(blobs.get(name)))
        )
    return list(found.values())


def _state(blob: Blob | None) -> str:
    if blob is None or blob.whole_at is None:
        return "missing"
    return "shown" if blob.is_picture else "no_picture"


def named_by(session: VillageSession) -> set[str]:
    """Files that the session's events name: what its supervisor may see."""
    return files_of(Reading.objects.filter(session=session, fault="").select_related("event"))


def _strangers(spoken: Spoken) -> list[Stranger]:
    codes = {each.said["village"] for same in spoken.walk_ins.values() for each in same}
    villages = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    found = []
    for same in spoken.walk_ins.values():
        first = min(same, key=lambda each: (each.at, each.event_id))
        uuids = {each.walk_in for each in same}
        marks = [
            str(Mark(each.said["mark"]).label)
            for each in spoken.of_kind("mark")
            if each.walk_in in uuids
        ]
        found.append(
            Stranger(
                reading=first,
                name=" / ".join(sorted({str(each.said["name"]) for each in same})),
                last4=first.id_last4,
                phone=str(first.said["phone"]),
                village=villages.get(first.said["village"], ""),
                marks=marks,
                devices=len({each.event.device_id for each in same}),
            )
        )
    return sorted(found, key=lambda each: (each.reading.at, each.reading.event_id))


def waiting() -> Iterable[SessionLog]:
    """Logs that wait for a supervisor: those that changed after a review first."""
    order = [SessionLog.Review.CHANGED, SessionLog.Review.DISPUTED, SessionLog.Review.WAITING]
    rows = SessionLog.objects.exclude(review=SessionLog.Review.ACCEPTED).filter(marked__gt=0)
    rows = rows.select_related("session__training_class__project")
    return sorted(
        rows,
        key=lambda each: (
            order.index(SessionLog.Review(each.review)),
            each.session.held_on,
            each.session_id,
        ),
    )
