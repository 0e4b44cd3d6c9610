"""What a phone takes along: classes, people, sessions, villages; never an ID number."""

import hashlib
import io
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image
from pypinyin import Style, lazy_pinyin

from courses.fieldlog.models import Device, PackTaken, VillagePlace
from courses.fieldlog.rules.envelope import b64
from courses.fieldlog.services.receipts import stamp
from courses.models import Attendance, Enrolment, Trainee, TrainingClass, VillageSession
from tenants.current import current_tenant
from tenants.models import Division

THUMB = 96  # pixels of a photo's longer side


@dataclass(frozen=True)
class Pack:
    etag: str
    content: bytes  # JSON


def classes_of(device: Device) -> QuerySet[TrainingClass]:
    """Those under way that the device's trainer teaches, or all of the base."""
    found = TrainingClass.objects.exclude(state=TrainingClass.State.FINISHED)
    if not device.all_classes:
        found = found.filter(trainer=device.trainer)
    return found.order_by("pk")


def pack(device: Device) -> Pack:
    """The `etag` is over all but the time at which it was made."""
    classes = list(classes_of(device).select_related("village"))
    ids = [each.pk for each in classes]
    tenant = current_tenant()
    found: dict[str, Any] = {
        "base": {"name": tenant.name, "name_en": tenant.name_en},
        "trainer": {"name": str(device.trainer)},
        "classes": [_class(each) for each in classes],
        "sessions": _sessions(ids),
        "people": _people(ids),
        "villages": _villages([each.village for each in classes]),
        "marks": list(
            Attendance.objects.filter(session__training_class__in=ids)
            .order_by("session_id", "enrolment_id")
            .values("session", "enrolment", "mark", "minutes")
        ),
    }
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    etag = hashlib.sha256(text.encode()).hexdigest()[:32]
    found |= {"etag": etag, "made_at": stamp(timezone.now())}
    return Pack(etag, json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode())


def note_taken(device: Device, found: Pack) -> None:
    """Remember that the phone had this list now, whether it was new to it or not."""
    PackTaken.objects.create(device=device, etag=found.etag, at=timezone.now())


def _class(found: TrainingClass) -> dict[str, Any]:
    return {
        "id": found.pk,
        "code": found.code,
        "project": found.project_name,
        "project_en": found.project_name_en,
        "place": found.place,
        "village": found.village.code,
        "starts_on": str(found.starts_on),
        "ends_on": str(found.ends_on),
        "minutes_per_hour": found.minutes_per_hour,
    }


def _sessions(classes: list[int]) -> list[dict[str, Any]]:
    rows = VillageSession.objects.filter(training_class__in=classes).order_by("pk")
    return [
        {
            "id": each.pk,
            "class": each.training_class_id,
            "number": each.number,
            "held_on": str(each.held_on),
            "starts_at": each.starts_at.strftime("%H:%M"),
            "kind": each.kind,
            "minutes": each.minutes,
            "topic": each.topic,
        }
        for each in rows
    ]


def _people(classes: list[int]) -> list[dict[str, Any]]:
    rows = (
        Enrolment.objects.on_roll()
        .filter(training_class__in=classes)
        .select_related("trainee")
        .defer("photo", "trainee__id_sealed")
        .order_by("pk")
    )
    with_photo = set(
        Enrolment.objects.on_roll()
        .filter(training_class__in=classes, photo__isnull=False)
        .values_list("pk", flat=True)
    )
    return [
        {
            "enrolment": each.pk,
            "class": each.training_class_id,
            "name": each.trainee.name,
            "initials": initials(each.trainee.name),
            "id": f"****{each.trainee.id_last4}",
            "card": card_of(each.trainee),
            "photo": each.pk in with_photo,
        }
        for each in rows
    ]


def initials(name: str) -> str:
    """Of the pinyin, as people type them: 张晓梅 is `zxm`."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default")).lower()


def card_of(trainee: Trainee) -> str:
    """What the QR of a trainee's card holds: random, and of no use to anybody but the base."""
    return f"TB1.{b64(trainee.uuid.bytes)}"


def _villages(villages: list[Division]) -> list[dict[str, Any]]:
    places = {each.village_id: each for each in VillagePlace.objects.all()}
    found = []
    for each in {village.pk: village for village in villages}.values():
        place = places.get(each.pk)
        found.append(
            {
                "code": each.code,
                "name": each.name,
                "township": each.parent.name if each.parent else "",
                "lat": place.lat if place else None,
                "lon": place.lon if place else None,
            }
        )
    return found


def photos(training_class: TrainingClass) -> dict[str, str]:
    """Small JPEGs of the class's trainees in b64, by enrolment."""
    rows = training_class.enrolments.on_roll().exclude(photo=None).values_list("pk", "photo")
    return {str(pk): b64(_small(bytes(photo))) for pk, photo in rows if photo}


def _small(photo: bytes) -> bytes:
    picture = Image.open(io.BytesIO(photo)).convert("RGB")
    picture.thumbnail((THUMB, THUMB))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()
