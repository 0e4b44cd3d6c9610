"""Stories for Hypothesis: what several phones and the desk say of two classes, clocks and all.

A story is drawn as plain values and told by `Told` into signed events, once. Deliveries of it are
drawn beside it. Files arrive when they may, or never, and phones take lists at any time.
"""

import hashlib
import io
import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from PIL import Image

from courses.fieldlog.models import Device, FieldEvent, PackTaken, Unread
from courses.fieldlog.rules.envelope import hash_of
from courses.fieldlog.services import blobs, ingest
from tests.phone import stamp

PHONES, SESSIONS, PEOPLE = 3, 4, 3
WALK_INS = [uuid.UUID(int=n + 1, version=4) for n in range(3)]


def picture(shade):
    """A photo; another shade, another file."""
    buffer = io.BytesIO()
    Image.new("RGB", (32, 32), (shade, 90, 120)).save(buffer, "JPEG")
    return buffer.getvalue()


FILES = [picture(10), picture(20), b"a text that is no photo"]
NAMES = [hashlib.sha256(content).hexdigest() for content in FILES]
PHOTO = NAMES[0]
PACKS = [f"{n:032x}" for n in (1, 2)]
#: At the village, beside it, and far from it; the last says nothing.
SPOTS = [(42.9, 129.5, 20.0), (42.901, 129.502, 20.0), (43.4, 129.5, 30.0), (42.9, 129.5, 50_000.0)]

numbers = st.integers
file = numbers(0, len(FILES) - 1)
session = numbers(0, SESSIONS - 1)
person = st.one_of(
    st.tuples(st.just("enrolment"), numbers(0, PEOPLE - 1)),
    st.tuples(st.just("walk_in"), numbers(0, len(WALK_INS) - 1)),
)
# The second says nothing: who is present is there for all of the time.
marks = st.sampled_from([("present", 180), ("present", 175), ("late", 150), ("absent", 0)])
said = st.one_of(
    st.tuples(st.just("open"), session),
    st.tuples(st.just("position"), session, numbers(0, len(SPOTS) - 1)),
    st.tuples(st.just("arrives"), file),
    st.tuples(st.just("takes"), st.sampled_from(PACKS), st.sampled_from([0, 10, 30])),
    st.tuples(st.just("mark"), session, person, marks, st.sampled_from(["tap", "card", "all"])),
    st.tuples(st.just("mark"), session, person, marks, st.sampled_from(["tap", "card", "all"])),
    st.tuples(st.just("sign"), session, person),
    st.tuples(st.just("walk_in"), session, numbers(0, len(WALK_INS) - 1), numbers(0, PEOPLE)),
    st.tuples(st.just("close"), session, numbers(0, 3), st.sampled_from([60, 180])),
    st.tuples(st.just("reopen"), session),
    st.tuples(st.just("photo"), session, file),
    st.tuples(st.just("dance"), session),
    st.tuples(st.just("wait"), st.sampled_from([-30, 3, 200, 1440])),
    st.tuples(st.just("contact"), st.sampled_from([-60, 0, 2880])),
    st.tuples(st.just("rewind"), numbers(1, 3)),
    st.tuples(st.just("break_chain"), session),
)
desk = st.one_of(
    st.tuples(st.just("mark"), session, numbers(0, PEOPLE - 1), marks),
    st.tuples(
        st.just("decision"), session, numbers(0, PEOPLE - 1), marks, st.lists(numbers(0, 40))
    ),
    st.tuples(st.just("review"), session, st.sampled_from(["accepted", "disputed"])),
)
phone = numbers(0, PHONES - 1)


def _corrected(who, n, person, first, second):
    return [(who, ("mark", n, person, first, "tap")), (who, ("mark", n, person, second, "tap"))]


def _forked(who, n, person, first, second, other):
    """A correction whose number is used once more, for something else."""
    again = (who, [("dance", n), ("photo", other, 1), ("open", other), ("reopen", other)][other])
    return [*_corrected(who, n, person, first, second), (who, ("rewind", 1)), again]


def _in_two_places(one, other, first, second, which):
    """Two phones see the same person at the same time."""
    mark = (("enrolment", which), ("present", 180), "tap")
    return [
        act
        for who, n in ((one, first), (other, second))
        for act in ((who, ("open", n)), (who, ("mark", n, *mark)))
    ]


def _stale(who, n, which, days, ahead):
    """A session at the time of the arrival, by a clock that runs ahead, with a list that is old or was
    taken anew just then.
    """
    mark = ("mark", n, ("enrolment", which), ("present", 180), "tap")
    acts = [("takes", PACKS[0], days), ("to_arrival", ahead), ("open", n), mark]
    return [(who, act) for act in [*acts, ("takes_again", PACKS[0])]]


def _with_photos(who, n, which, files, arriving):
    """A session with photos, of which some arrive."""
    acts = [("open", n), ("position", n, which), *(("photo", n, each) for each in files)]
    acts += [("arrives", each) for each in arriving]
    return [(who, act) for act in [*acts, ("close", n, 0, 180)]]


def _held_late(who, n, days, which):
    """A session that is held as a whole, days after it was planned."""
    mark = ("mark", n, ("enrolment", which), ("present", 180), "tap")
    acts = [("wait", days * 1440), ("open", n), mark, ("wait", 200), ("close", n, 1, 180)]
    return [(who, act) for act in acts]


scenes = st.one_of(
    st.tuples(phone, said).map(lambda act: [act]),
    st.tuples(phone, said).map(lambda act: [act]),
    st.tuples(st.just("desk"), desk).map(lambda act: [act]),
    st.builds(_corrected, phone, session, person, marks, marks),
    st.builds(_forked, phone, session, person, marks, marks, session),
    st.builds(_held_late, phone, session, numbers(1, 3), numbers(0, PEOPLE - 1)),
    st.builds(_stale, phone, session, numbers(0, PEOPLE - 1), numbers(0, 30), numbers(-1, 4)),
    st.builds(
        _with_photos,
        phone,
        session,
        numbers(0, len(SPOTS) - 1),
        st.lists(file, max_size=3),
        st.lists(file, max_size=3),
    ),
    st.builds(_in_two_places, phone, phone, session, session, numbers(0, PEOPLE - 1)),
)
#: (phone or "desk", what it says), in the order in which it is said.
stories = st.lists(scenes, min_size=2, max_size=12).map(
    lambda parts: [act for scene in parts for act in scene]
)


@dataclass
class World:
    """What there is before anything is said. `ids` are one more than there are people enrolled."""

    phones: list
    sessions: list
    enrolments: dict  # of a class, by the place in `sessions`
    ids: list
    clerk: object


@dataclass
class Told:
    """A story as events. `wire` are the phones', `rows` the desk's own."""

    world: World
    wire: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    files: set = field(default_factory=set)  # that arrive, by their place in FILES
    packs: list = field(default_factory=list)  # (UUID of the phone, etag, when)

    def tell(self, story):
        for who, what in story:
            if who == "desk":
                self._desk(*what)
            else:
                getattr(self, f"_{what[0]}")(self.world.phones[who], *what[1:])
        for phone in self.world.phones:
            self.wire += [event for event in phone.events if event not in self.wire]
        return self

    def _session(self, n):
        return self.world.sessions[n].pk

    def _who(self, n, person):
        kind, which = person
        if kind == "walk_in":
            return {"walk_in": str(WALK_INS[which])}
        return {"enrolment": self.world.enrolments[n][which]}

    # -- phones ------------------------------------------------------------------------------

    def _open(self, phone, n):
        phone.opens(self._session(n), place=f"村部{n}", photo=PHOTO if n % 2 else None)

    def _mark(self, phone, n, person, mark, how):
        phone.say(
            "mark", session=self._session(n), person=self._who(n, person), how=how, reason="",
            mark=mark[0], minutes=mark[1],
        )  # fmt: skip

    def _sign(self, phone, n, person):
        who = self._who(n, person)
        phone.say("signature", [PHOTO], session=self._session(n), person=who, image=PHOTO)

    def _walk_in(self, phone, n, which, owner):
        phone.say(
            "walk_in", session=self._session(n), walk_in=str(WALK_INS[which]), name="路过的人",
            id_number=self.world.ids[owner], phone="", village="",
        )  # fmt: skip

    def _close(self, phone, n, headcount, minutes):
        phone.closes(self._session(n), headcount, minutes)

    def _reopen(self, phone, n):
        phone.say("session_reopened", session=self._session(n), reason="来了人")

    def _photo(self, phone, n, which):
        name = NAMES[which]
        phone.say("photo", [name], session=self._session(n), image=name, note="")

    def _position(self, phone, n, which):
        spot = dict(zip(("lat", "lon", "accuracy"), SPOTS[which], strict=True))
        phone.say("position", session=self._session(n), position=spot)

    def _arrives(self, phone, which):
        self.files.add(which)

    def _takes(self, phone, etag, days):
        phone.pack = etag
        self.packs.append((phone.uuid, etag, phone.now - timedelta(days=days)))

    def _takes_again(self, phone, etag):
        """A minute after the arrival, which its own clock may take for before it wrote."""
        self.packs.append((phone.uuid, etag, ARRIVAL + timedelta(minutes=1)))

    def _to_arrival(self, phone, ahead):
        phone.now = ARRIVAL + timedelta(minutes=ahead)

    def _dance(self, phone, n):
        phone.say("dance", session=self._session(n))

    def _wait(self, phone, minutes):
        phone.now += timedelta(minutes=minutes)

    def _contact(self, phone, minutes):
        phone.contact = phone.now + timedelta(minutes=minutes)

    def _rewind(self, phone, count):
        """Its storage is put back to what it was: numbers will be used again."""
        self.wire += [event for event in phone.events if event not in self.wire]
        phone.events = phone.events[: max(0, len(phone.events) - count)]

    def _break_chain(self, phone, n):
        payload = {"kind": "photo", "session": self._session(n), "image": PHOTO, "note": ""}
        phone.events.append(phone.signed(phone.body(payload, [PHOTO], prev="cd" * 32)))

    # -- desk --------------------------------------------------------------------------------

    def _desk(self, kind, n, *rest):
        payload = {"kind": kind, "session": self._session(n)}
        if kind == "review":
            payload |= {"verdict": rest[0], "digest": "00" * 32, "grade": "B", "reasons": []}
            payload["reason"] = "看过"
        else:
            payload["person"] = {"enrolment": self.world.enrolments[n][rest[0]]}
            payload |= {"mark": rest[1][0], "minutes": rest[1][1], "reason": "核对过"}
        if kind == "decision":
            seen = [hash_of(self.wire[i]["body"]).hex() for i in rest[2] if i < len(self.wire)]
            payload["seen"] = seen + [f"session:{each.pk}" for each in self.world.sessions[:2]]
        self.say_at_the_desk(payload)

    def say_at_the_desk(self, payload):
        """An event as `services.desk` writes it, at a time that does not depend on the delivery."""
        at = self.world.phones[0].now + timedelta(seconds=len(self.rows))
        body = json.dumps(
            {
                "v": 1,
                "uuid": str(uuid.uuid4()),
                "source": "desk",
                "by": self.world.clerk.pk,
                "wall": stamp(at),
                "payload": payload,
            }
        )
        self.rows.append({"hash": hash_of(body), "body": body, "received_at": at})


def deliver(told, random, pieces):
    """All of it, each at least once, in the order that `random` gives and in batches of up to
    `pieces`; `between` is called after each. The arrival of an event is always the same. A file comes at
    any time after an event that names it, and a list is taken when it is taken.
    """
    for pack in told.packs:
        if pack[2] <= ARRIVAL:
            _take(pack)
    items = [*told.wire, *told.rows]
    items += random.sample(items, k=min(len(items), 6))
    items += sorted(told.files) + [pack for pack in told.packs if pack[2] > ARRIVAL]
    random.shuffle(items)
    while items:
        size = random.randint(1, pieces)
        batch, items = items[:size], items[size:]
        events = [each for each in batch if isinstance(each, dict)]
        ingest.take_in([each for each in events if "sig" in each], at=ARRIVAL)
        for each in events:
            if "sig" not in each:
                _append(told, each)
        others = [each for each in batch if not isinstance(each, dict)]
        for each in others:
            if isinstance(each, tuple):
                _take(each)
            elif not _put(FILES[each]) and any(isinstance(left, dict) for left in items):
                items.append(each)  # no event names it yet
        yield


def _take(pack):
    device, etag, at = pack
    PackTaken.objects.create(device=Device.objects.get(uuid=device), etag=etag, at=at)


def _put(content):
    name = hashlib.sha256(content).hexdigest()
    try:
        return blobs.put(name, blobs.Piece(0, len(content), content))
    except blobs.Refused:
        return None


ARRIVAL = timezone.now().replace(microsecond=0) - timedelta(hours=1)


def _append(told, row):
    if FieldEvent.objects.filter(hash=row["hash"]).exists():
        return
    event = FieldEvent.objects.create(source="desk", by=told.world.clerk, **row)
    Unread.objects.create(events=[event.pk])
