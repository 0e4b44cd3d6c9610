"""A phone in Python for the demo: it seals, chains and signs as docs/reference/field-protocol.md says."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from courses.fieldlog.models import Device
from courses.fieldlog.rules.envelope import FIRST, b64, hash_of, sealing_info, unb64
from courses.fieldlog.services import blobs, enrol, ingest, keys
from courses.fieldlog.services.receipts import stamp
from tenants.staff.models import User

SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
APP = "1.0.0"


class Phone:
    """`events` is its outbox; `now` its clock, which each event sets on by some seconds."""

    def __init__(self, trainer: User, clerk: User, name: str, now: datetime) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        ticket = enrol.new_ticket(trainer, clerk)
        self.device: Device = enrol.enrol(ticket, point, name, APP).device
        key = keys.public("sealing")
        self.kid = key.kid
        self.sealing = ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), unb64(key.public_key)
        )
        self.boot = str(uuid4())
        self.now = now.astimezone(UTC)
        self.events: list[dict[str, str]] = []

    def say(self, kind: str, blobs: Sequence[str] = (), **members: Any) -> None:
        """Append one event."""
        seq = len(self.events) + 1
        self.now += timedelta(seconds=4)
        payload = json.dumps({"kind": kind, **members}, ensure_ascii=False).encode()
        info = sealing_info(UUID(str(self.device.uuid)), seq)
        body = json.dumps(
            {
                "v": 1,
                "app": APP,
                "uuid": str(uuid4()),
                "device": str(self.device.uuid),
                "seq": seq,
                "prev": hash_of(self.events[-1]["body"]).hex() if self.events else FIRST,
                "wall": stamp(self.now),
                "mono": 4000 * seq,
                "boot": self.boot,
                "contact": None,
                "pack": "",
                "kid": self.kid,
                "blobs": list(blobs),
                "sealed": b64(SUITE.encrypt(payload, self.sealing, info)),
            },
            separators=(",", ":"),
        )
        r, s = decode_dss_signature(self.private.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        sig = b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        self.events.append({"body": body, "sig": sig})

    def closes(self, session: int, headcount: int, minutes: int) -> None:
        """With the head of the chain before it, which the liaison's code stands on."""
        head = {"seq": len(self.events), "hash": hash_of(self.events[-1]["body"]).hex()}
        self.say(
            "session_closed",
            session=session,
            headcount=headcount,
            minutes=minutes,
            photo=None,
            head=head,
        )

    def sends(self, without: Sequence[int] = ()) -> None:
        """Hand in all but some numbers, and say how many there are."""
        wanted = [e for seq, e in enumerate(self.events, 1) if seq not in without]
        for start in range(0, len(wanted), ingest.MOST_EVENTS):
            ingest.take_in(wanted[start : start + ingest.MOST_EVENTS])
        ingest.note_contact(self.device, len(self.events))

    @staticmethod
    def sends_file(name: str, content: bytes) -> None:
        for start in range(0, len(content), blobs.LARGEST_PIECE):
            piece = content[start : start + blobs.LARGEST_PIECE]
            blobs.put(name, blobs.Piece(start, len(content), piece))
