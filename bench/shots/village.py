"""A session that a phone has recorded in a village, with all that a supervisor may have to ask."""

import hashlib
import io
import uuid
from datetime import datetime, timedelta

from django.utils import timezone
from PIL import Image, ImageDraw

from courses.fieldlog.models import Blob, VillagePlace
from courses.fieldlog.rules.envelope import unb64
from courses.fieldlog.services import blobs, enrol, keys
from courses.fieldlog.services.ingest import take_in
from courses.fieldlog.services.project import read_pending
from courses.models import TrainingClass
from tenants.staff.models import User
from tests.phone import Phone, key_from
from tests.story import ids


def taught_in_the_village(training_class: TrainingClass, clerk: User) -> int:
    """Two phones disagree about one person, a walk-in waits, one photo is here and one is not."""
    today = timezone.localdate()
    session = training_class.sessions.filter(held_on__lt=today).latest("held_on", "starts_at")
    start = timezone.make_aware(datetime.combine(session.held_on, session.starts_at))
    VillagePlace.objects.get_or_create(
        village=training_class.village, defaults={"lat": 42.9, "lon": 129.5, "said_by": "示范"}
    )
    people = list(training_class.enrolments.order_by("pk").values_list("pk", flat=True))
    one, other = _phone(training_class, clerk, start), _phone(training_class, clerk, start)
    photo = _photo()
    name = hashlib.sha256(photo).hexdigest()
    one.opens(
        session.pk,
        place="村部会议室",
        photo=name,
        position={"lat": 42.913, "lon": 129.521, "accuracy": 60},
    )
    for number, person in enumerate(people):
        one.now += timedelta(seconds=3 + number % 4)
        one.mark(session.pk, person, minutes=session.minutes)
    other.mark(session.pk, people[0], "absent", 0)
    [resident] = ids(1, seed=501)
    one.say(
        "walk_in",
        session=session.pk,
        walk_in=str(uuid.uuid4()),
        name="金顺女",
        id_number=resident,
        phone="13800000077",
        village=training_class.village.code,
    )
    one.say("photo", ["e" * 64], session=session.pk, image="e" * 64, note="实操")
    one.say("position", session=session.pk, position={"lat": 42.94, "lon": 129.46, "accuracy": 900})
    one.say("dance", session=session.pk)
    one.now += timedelta(minutes=session.minutes)
    one.closes(session.pk, len(people) + 1, minutes=session.minutes)
    take_in([*one.events, *other.events, {"body": "x", "sig": ""}])
    blobs.put(name, blobs.Piece(0, len(photo), photo))
    assert Blob.objects.get(hash=name).is_picture
    read_pending()
    return session.pk


def _phone(training_class: TrainingClass, clerk: User, now: datetime) -> Phone:
    phone = Phone(now)
    ticket = enrol.new_ticket(training_class.trainer, clerk, False)
    made = enrol.enrol(ticket, unb64(phone.public_key), "红米 9A", "1")
    sealing = keys.public("sealing")
    phone.uuid, phone.kid = made.device.uuid, sealing.kid
    phone.sealing = key_from(sealing.public_key)
    return phone


def _photo() -> bytes:
    picture = Image.new("RGB", (1200, 800), "#c9d6c0")
    draw = ImageDraw.Draw(picture)
    for n in range(8):
        draw.ellipse((80 + 135 * n, 380, 170 + 135 * n, 470), fill="#6b4f3a")
        draw.rectangle((60 + 135 * n, 470, 190 + 135 * n, 800), fill="#3b5a78")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    return buffer.getvalue()
