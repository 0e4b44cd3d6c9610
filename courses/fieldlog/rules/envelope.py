"""The outside of an event: what its body says in clear, and whether its device has signed it."""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

LARGEST_BODY = 32 * 1024  # bytes
LARGEST_SEQ = 2**53 - 1  # what a phone can count to without rounding
FIRST = "0" * 64  # what the first event names as the one before it
CLOCK_TOLERANCE = timedelta(minutes=5)
HASH = re.compile(r"[0-9a-f]{64}")


class Unfit(ValueError):
    """No event; the text is the reason's code in the protocol."""


@dataclass(frozen=True)
class Envelope:
    """The clear part of a body, as its device says it. `contact_at` is its last word from us."""

    v: int
    uuid: UUID
    device: UUID
    seq: int
    prev: str
    wall: datetime
    contact_at: datetime | None
    kid: str
    blobs: tuple[str, ...]
    sealed: bytes


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Raises ValueError for anything but base64url without padding."""
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def hash_of(body: str) -> bytes:
    return hashlib.sha256(body.encode()).digest()


def read_envelope(body: str) -> Envelope:
    """Raises Unfit for a body that no app of any version would write.

    A version that is not known here is none of those: it is kept, and read by a later server.
    """
    if len(body.encode("utf-8", "surrogatepass")) > LARGEST_BODY:
        raise Unfit("too_large")
    try:
        said: Any = json.loads(body)
        body.encode()
        contact = said.get("contact") or {}
        found = Envelope(
            v=_whole(said["v"], 1, 1000),
            uuid=UUID(said["uuid"]),
            device=UUID(said["device"]),
            seq=_whole(said["seq"], 1, LARGEST_SEQ),
            prev=_hash(said["prev"]),
            wall=_moment(said["wall"]),
            contact_at=_moment(contact["at"]) if contact else None,
            kid=_clean(said["kid"]),
            blobs=tuple(dict.fromkeys(_hash(each) for each in said.get("blobs", ()))),
            sealed=unb64(said["sealed"]),
        )
    except (
        ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError,
    ) as error:  # fmt: skip
        raise Unfit("not_an_event") from error
    if "\x00" in body or "\\u0000" in body or len(found.blobs) > 20:
        raise Unfit("not_an_event")
    return found


def _whole(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(value)
    return value


def _hash(value: Any) -> str:
    if not isinstance(value, str) or not HASH.fullmatch(value):
        raise ValueError(value)
    return value


def _clean(value: Any) -> str:
    """A short text that the database can be asked for: half of a surrogate pair is none."""
    found = str(value)[:32]
    found.encode()
    return found


def _moment(text: Any) -> datetime:
    """In UTC: offsets of 16 hours and more, which Python reads, PostgreSQL refuses."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not 2000 <= found.year <= 9000:
        raise ValueError(text)
    return found.astimezone(UTC)


def public_key(point: bytes) -> EllipticCurvePublicKey:
    """From the uncompressed point. Raises ValueError."""
    if len(point) != 65 or point[0] != 4:
        raise ValueError("not an uncompressed point of P-256")
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)


def is_signed(key: EllipticCurvePublicKey, body: str, signature: bytes) -> bool:
    """Whether `signature` (r and s, 32 bytes each) is the key's over the body."""
    if len(signature) != 64:
        return False
    halves = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        key.verify(encode_dss_signature(*halves), body.encode(), ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True)
class When:
    """When an event happened: the phone's word, and the interval that it must lie in."""

    at: datetime
    not_before: datetime | None
    not_after: datetime
    clock_wrong: bool


def when(wall: datetime, contact_at: datetime | None, arrived: datetime) -> When:
    """The phone's clock is believed unless it leaves the interval by more than five minutes.

    Then the nearer end of the interval stands in for it. A contact after the arrival bounds nothing:
    the phone says it, not we.
    """
    lower = contact_at if contact_at is not None and contact_at <= arrived else None
    if wall > arrived + CLOCK_TOLERANCE:
        return When(arrived, lower, arrived, True)
    if lower is not None and wall < lower - CLOCK_TOLERANCE:
        return When(lower, lower, arrived, True)
    return When(wall, lower, arrived, False)


def sealing_info(device: UUID, seq: int) -> bytes:
    """Binds a sealed payload to its place in the chain."""
    return f"trainbase/field/1/{device}/{seq}".encode()
