"""Events and files come in; a receipt goes out."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema
from pydantic import Field

from courses.fieldlog.api.callers import sender_of
from courses.fieldlog.api.faults import Refusal, fault
from courses.fieldlog.jobs import read_soon
from courses.fieldlog.rules.batch import read_json
from courses.fieldlog.services import blobs, ingest
from courses.fieldlog.services.receipts import named, receipt

HASH = re.compile(r"[0-9a-f]{64}")
router = Router()


class HeadIn(Schema):
    seq: int = Field(ge=0, le=2**53 - 1)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


class SignedOut(Schema):
    """`body` is JSON as text; the signature is over its bytes."""

    body: str
    sig: str
    kid: str


class ResultOut(Schema):
    hash: str
    seq: int | None
    result: str
    reason: str


class BatchOut(Schema):
    results: list[ResultOut]
    receipt: SignedOut | None


def _length(request: HttpRequest) -> int:
    """Bytes that are on their way; asked for before they are read."""
    said = request.headers.get("Content-Length", "")
    return int(said) if re.fullmatch(r"[0-9]{1,18}", said) else 0


def _sent(request: HttpRequest) -> dict[str, Any]:
    if _length(request) > ingest.LARGEST_BATCH:
        raise Refusal(413, "batch_too_large")
    try:
        found = read_json(request.body)
    except ValueError:
        raise Refusal(400, "not_json") from None
    if not isinstance(found, dict) or not isinstance(found.get("events"), list):
        raise Refusal(400, "not_json")
    return found


BATCH_SCHEMA = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["device", "events"],
                    "properties": {
                        "device": {"type": "string", "format": "uuid"},
                        "head": {
                            "nullable": True,
                            "type": "object",
                            "properties": {
                                "seq": {"type": "integer", "minimum": 0},
                                "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                            },
                        },
                        "events": {
                            "type": "array",
                            "maxItems": ingest.MOST_EVENTS,
                            "items": {
                                "type": "object",
                                "properties": {
                                    "body": {"type": "string"},
                                    "sig": {"type": "string"},
                                },
                            },
                        },
                    },
                }
            }
        },
    }
}


@router.post("batches", response=BatchOut, openapi_extra=BATCH_SCHEMA)
def post_batch(request: HttpRequest) -> Any:
    """Events, each judged by itself. The body is read by hand: one bad item is no bad batch."""
    sender = sender_of(request)
    sent = _sent(request)
    if len(sent["events"]) > ingest.MOST_EVENTS:
        raise Refusal(413, "batch_too_large")
    results = ingest.take_in(sent["events"], from_stranger=sender is None)
    device = named(sent.get("device"))
    if device is not None and sender is not None and sender.pk == device.pk:
        ingest.note_contact(device, _head_of(sent.get("head")))
    if any(each.result == "stored" for each in results):
        read_soon()
    return {
        "results": [vars(each) for each in results],
        "receipt": receipt(device) if device else None,
    }


def _head_of(sent: Any) -> int:
    try:
        return HeadIn.model_validate(sent).seq
    except ValueError:
        return 0


@router.get("receipt", response={200: dict[str, SignedOut]})
def get_receipt(request: HttpRequest, device: str) -> Any:
    """What has arrived of a device, for anybody who knows its UUID."""
    sender_of(request)
    found = named(device)
    if found is None:
        raise Refusal(404, "device_unknown")
    return {"receipt": receipt(found)}


@router.api_operation(["HEAD"], "blobs/{name}", response={200: None, 404: None})
def head_blob(request: HttpRequest, name: str) -> HttpResponse:
    """200 when the file is whole; else 404 and how much of it is here."""
    sender_of(request)
    found = blobs.state_of(name)
    if found and found.whole_at:
        return HttpResponse()
    offset = found.received if found else 0
    return HttpResponse(status=404, headers={"Upload-Offset": str(offset)})


@router.put("blobs/{name}", response={200: dict[str, Any], 202: dict[str, Any]})
def put_blob(request: HttpRequest, name: str) -> HttpResponse:
    """A file or the next piece of it."""
    sender_of(request)
    if not HASH.fullmatch(name):
        raise Refusal(404, "not_found")
    if _length(request) > blobs.LARGEST_PIECE:
        raise Refusal(413, "blob_too_large")
    try:
        found = blobs.put(name, _piece(request))
    except blobs.Refused as error:
        return _blob_refused(error)
    if found.whole_at:
        read_soon()
        return JsonResponse({"state": "stored"})
    return JsonResponse({"state": "partial", "offset": found.received}, status=202)


def _piece(request: HttpRequest) -> blobs.Piece:
    said = request.headers.get("Content-Range", "")
    content = request.body
    if not said:
        return blobs.Piece(0, len(content), content)
    match = re.fullmatch(r"bytes ([0-9]{1,10})-([0-9]{1,10})/([0-9]{1,10})", said)
    if not match or int(match[2]) - int(match[1]) + 1 != len(content):
        raise Refusal(422, "bad_range")
    return blobs.Piece(int(match[1]), int(match[3]), content)


def _blob_refused(error: blobs.Refused) -> HttpResponse:
    code = str(error)
    status = {"blob_not_named": 403, "blob_too_large": 413, "piece_does_not_follow": 409}
    return fault(status.get(code, 422), code, offset=error.offset)
