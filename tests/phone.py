"""A phone in Python: it seals, chains and signs as the app does, against the protocol and nothing else."""

import json
import uuid
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from courses.fieldlog.rules.envelope import FIRST, b64, hash_of, unb64

SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def stamp(moment):
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def key_from(point):
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(point))


class Phone:
    """`events` is its outbox, from the first to the last. `now` is its clock."""

    def __init__(self, now=None):
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.events = []
        self.uuid = self.kid = self.sealing = self.token = self.receipts = None
        self.contact = None
        self.pack = ""  # etag of the list that it has
        self.boot = str(uuid.uuid4())
        self.now = now or datetime.now(UTC)

    @property
    def public_key(self):
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return b64(point)

    def enrolled(self, answer):
        """Take over what the server has said to `POST enrol`."""
        self.uuid, self.token = answer["device"], answer["token"]
        self.kid = answer["sealing_key"]["kid"]
        self.sealing = key_from(answer["sealing_key"]["public_key"])
        self.receipts = key_from(answer["receipt_key"]["public_key"])
        return self

    @property
    def head(self):
        if not self.events:
            return None
        return {"seq": len(self.events), "hash": hash_of(self.events[-1]["body"]).hex()}

    def say(self, kind, blobs=(), wall=None, **members):
        """Append one event; returns it."""
        event = self.signed(self.body({"kind": kind, **members}, blobs, wall))
        self.events.append(event)
        return event

    def body(self, payload, blobs=(), wall=None, **other):
        seq = other.pop("seq", len(self.events) + 1)
        self.now += timedelta(seconds=2)
        info = f"trainbase/field/1/{self.uuid}/{seq}".encode()
        sealed = SUITE.encrypt(json.dumps(payload).encode(), self.sealing, info)
        head = self.head
        return json.dumps(
            {
                "v": 1,
                "app": "test",
                "uuid": str(uuid.uuid4()),
                "device": str(self.uuid),
                "seq": seq,
                "prev": head["hash"] if head else FIRST,
                "wall": stamp(wall or self.now),
                "mono": 1000 * seq,
                "boot": self.boot,
                "contact": {"at": stamp(self.contact), "mono": 0, "boot": self.boot}
                if self.contact
                else None,
                "pack": self.pack,
                "kid": self.kid,
                "blobs": list(blobs),
                "sealed": b64(sealed),
            }
            | other,
            separators=(",", ":"),
        )

    def signed(self, body):
        r, s = decode_dss_signature(self.private.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        return {"body": body, "sig": b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))}

    def mark(self, session, enrolment, mark="present", minutes=180, how="tap", **more):
        return self.say(
            "mark",
            session=session,
            person={"enrolment": enrolment},
            mark=mark,
            minutes=minutes,
            how=how,
            **more,
        )

    def opens(self, session, **members):
        given = {"place": "村部", "photo": None, "position": None} | members
        blobs = [given["photo"]] if given["photo"] else []
        return self.say("session_opened", blobs, session=session, **given)

    def closes(self, session, headcount, minutes=180, **members):
        head = self.head or {"seq": 0, "hash": FIRST}
        return self.say(
            "session_closed",
            session=session,
            headcount=headcount,
            minutes=minutes,
            head=head,
            photo=None,
            **members,
        )

    def believes(self, signed):
        """The body of a receipt, after its signature is checked."""
        raw = unb64(signed["sig"])
        halves = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        self.receipts.verify(
            encode_dss_signature(*halves), signed["body"].encode(), ec.ECDSA(hashes.SHA256())
        )
        return json.loads(signed["body"])
