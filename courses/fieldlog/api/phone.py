"""A phone before its trip: it enrols, takes its pack along, and asks how it stands."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from courses.fieldlog.api.callers import DEVICE_AN_HOUR, device_of, limit_of, token_of
from courses.fieldlog.api.faults import Refusal
from courses.fieldlog.rules.envelope import unb64
from courses.fieldlog.services import enrol, ingest, keys, pack
from courses.fieldlog.services.receipts import named, stamp
from tenants.current import current_tenant

ENROLMENTS_AN_HOUR = 60
router = Router()


class EnrolIn(Schema):
    ticket: str = Field(max_length=100)
    public_key: str = Field(max_length=100)
    name: str = Field("", max_length=200)
    app: str = Field("", max_length=100)


class KeyOut(Schema):
    kid: str
    public_key: str


class EnrolOut(Schema):
    device: UUID
    token: str
    base: dict[str, str]
    trainer: dict[str, str]
    sealing_key: KeyOut
    receipt_key: KeyOut
    server_time: str


@router.post("enrol", response=EnrolOut)
def enrol_device(request: HttpRequest, sent: EnrolIn) -> Any:
    """Make the phone one of the base's, by the ticket of the clerk's QR."""
    limit_of(request, "field-enrol", ENROLMENTS_AN_HOUR)
    try:
        found = enrol.enrol(sent.ticket, unb64(sent.public_key), sent.name, sent.app)
    except enrol.TicketOver:
        raise Refusal(410, "ticket_over") from None
    except ValueError:
        raise Refusal(422, "bad_key") from None
    tenant = current_tenant()
    return {
        "device": found.device.uuid,
        "token": found.token,
        "base": {"name": tenant.name, "name_en": tenant.name_en},
        "trainer": {"name": str(found.device.trainer)},
        "server_time": stamp(timezone.now()),
        **_keys(),
    }


def _keys() -> dict[str, Any]:
    return {
        "sealing_key": vars(keys.public("sealing")),
        "receipt_key": vars(keys.public("receipt")),
    }


@router.get("pack", response={200: dict[str, Any], 304: None})
def get_pack(request: HttpRequest) -> HttpResponse:
    """Classes, people, sessions and villages for a trip; the ETag says whether it is new."""
    device = device_of(request)
    ingest.note_contact(device)
    found = pack.pack(device)
    pack.note_taken(device, found)
    etag = f'"{found.etag}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": etag})
    answer = HttpResponse(found.content, content_type="application/json")
    answer["ETag"] = etag
    return answer


@router.get("pack/photos/{class_id}", response=dict[str, str])
def get_photos(request: HttpRequest, class_id: int) -> Any:
    """Small photos of a class's trainees, by enrolment."""
    device = device_of(request)
    return pack.photos(get_object_or_404(pack.classes_of(device), pk=class_id))


@router.get("status")
def get_status(request: HttpRequest, device: str = "") -> Any:
    """The server's time, whether the phone may still be used, and today's keys."""
    token = token_of(request)
    found = enrol.device_of(token) if token else named(device)
    limit_of(request, "field-status", DEVICE_AN_HOUR, str(found.uuid) if found else "")
    if token and found is None:
        raise Refusal(401, "token_unknown")
    active = found is not None and enrol.is_welcome(found)
    return {
        "server_time": stamp(timezone.now()),
        "device": ("active" if active else "revoked") if found else "unknown",
        "app": {"version": "1", "oldest": "1"},
        **_keys(),
    }
