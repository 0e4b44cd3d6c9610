"""The inside of an event: one class a kind, as docs/reference/field-protocol.md has it.

What fits none is not refused: the event is kept, and its reading says why it says nothing.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from courses.rules import normalise_id, resident_id_fault

#: PostgreSQL keeps no NUL in JSON: one such text would stop all reading.
NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(max_length=500, pattern=NO_NUL)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Mark = Literal["present", "late", "early_leave", "excused", "absent"]


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(Said):
    """One of the list, or somebody who was not on it when the phone left."""

    enrolment: Number | None = None
    walk_in: UUID | None = None

    @model_validator(mode="after")
    def _one(self) -> "Person":
        if (self.enrolment is None) == (self.walk_in is None):
            raise ValueError("either enrolment or walk_in")
        return self


class Position(Said):
    """Degrees of WGS 84, metres."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy: Annotated[float, Field(ge=0, le=1e7)]


class SessionOpened(Said):
    kind: Literal["session_opened"]
    session: Number
    place: Text
    photo: Hash | None = None
    position: Position | None = None


class Marked(Said):
    kind: Literal["mark"]
    session: Number
    person: Person
    mark: Mark
    minutes: Minutes
    how: Literal["tap", "card", "all", "desk", "paper"] = "tap"
    reason: Text = ""


class Signature(Said):
    kind: Literal["signature"]
    session: Number
    person: Person
    image: Hash


class WalkIn(Said):
    kind: Literal["walk_in"]
    session: Number
    walk_in: UUID
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=NO_NUL)]
    id_number: Annotated[str, Field(max_length=40)]
    phone: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""
    village: Annotated[str, Field(max_length=12, pattern=NO_NUL)] = ""

    @model_validator(mode="after")
    def _id(self) -> "WalkIn":
        if fault := resident_id_fault(normalise_id(self.id_number)):
            raise ValueError(fault)
        return self


class RollCall(Said):
    kind: Literal["roll_call"]
    session: Number
    asked_at: datetime
    asked: Annotated[list[Person], Field(max_length=100)]
    here: Annotated[list[Person], Field(max_length=100)]


class Photo(Said):
    kind: Literal["photo"]
    session: Number
    image: Hash
    note: Text = ""


class Positioned(Said):
    kind: Literal["position"]
    session: Number
    position: Position


class Head(Said):
    seq: Annotated[int, Field(ge=0)]
    hash: Hash


class SessionClosed(Said):
    kind: Literal["session_closed"]
    session: Number
    headcount: Annotated[int, Field(ge=0, le=5000)]
    minutes: Minutes
    photo: Hash | None = None
    head: Head


class SessionReopened(Said):
    kind: Literal["session_reopened"]
    session: Number
    reason: Annotated[Text, Field(min_length=1)]


class Note(Said):
    kind: Literal["note"]
    session: Number | None = None
    text: Text


class Loss(Said):
    kind: Literal["loss"]
    device: UUID
    from_: Annotated[int, Field(alias="from", ge=1)]
    to: Annotated[int, Field(ge=1)]
    reason: Text = ""


class Decision(Said):
    """A supervisor's word about one mark, made with all of `seen` before the eyes.

    `seen` holds hashes of claims, and `session:<id>` of sessions that the person was also marked in,
    `elsewhere:<digest>` of presences at another base.
    """

    kind: Literal["decision"]
    session: Number
    person: Person
    mark: Mark
    minutes: Minutes
    reason: Annotated[Text, Field(min_length=1)]
    seen: Annotated[list[str], Field(max_length=1000)]


class Reviewed(Said):
    """A supervisor's word about the session as a whole: it holds for `digest` only."""

    kind: Literal["review"]
    session: Number
    verdict: Literal["accepted", "disputed"]
    digest: Hash
    grade: Literal["A", "B", "C", "D"]
    reasons: list[Any]
    reason: Text = ""


class Sheet(Said):
    """A paper sheet as a whole: what was counted on it twice, and the photo that shows it."""

    kind: Literal["paper_sheet"]
    session: Number
    sheet: Annotated[str, Field(max_length=20)]
    photo: Hash
    totals: dict[str, int]
    taught_by: Text = ""


class Countersigned(Said):
    """A second person holds the sheet beside its photo and says that they agree."""

    kind: Literal["countersign"]
    session: Number
    sheet: Annotated[str, Field(max_length=20)]
    reason: Text = ""


FROM_PHONE = (
    SessionOpened | Marked | Signature | WalkIn | RollCall | Photo | Positioned
    | SessionClosed | SessionReopened | Note | Loss
)  # fmt: skip
FROM_DESK = Marked | Decision | Reviewed | Sheet | Countersigned | Note
_phone: TypeAdapter[Any] = TypeAdapter(Annotated[FROM_PHONE, Field(discriminator="kind")])
_desk: TypeAdapter[Any] = TypeAdapter(Annotated[FROM_DESK, Field(discriminator="kind")])


class Unreadable(ValueError):
    """The payload says nothing that this server understands; the text is a short code."""


def read_payload(data: bytes, from_phone: bool) -> Any:
    """The payload as one of the classes above. Raises Unreadable."""
    try:
        return (_phone if from_phone else _desk).validate_json(data)
    except ValidationError as error:
        kinds = {str(each["type"]) for each in error.errors(include_input=False, include_url=False)}
        if kinds & {"union_tag_invalid", "union_tag_not_found"}:
            raise Unreadable("kind_unknown") from None
        raise Unreadable("payload_malformed") from None
