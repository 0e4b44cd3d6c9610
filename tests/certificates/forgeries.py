"""Tokens that nobody of ours has written: changed, spliced, re-spelled, or signed by a thief."""

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import cbor2

from certificates.token import new_keypair, read_token, sign_token
from tests.certificates.papers import CLAIMS

ORDER = 2**252 + 27742317777372353535851937790883648493  # of Ed25519's base point
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
OTHER = replace(CLAIMS, number="22240301-2026-00002", holder_name="王小明")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Forger:
    """Knows two good tokens of one key and one of another, and the public keys; not the private ones.

    The same `seed` gives the same forgeries of its own keys.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        private, public = new_keypair()
        beside, public_beside = new_keypair()
        self.thief, _ = new_keypair()
        self.keys = {"k-2026": public, "m-2026": public_beside}
        self.genuine = [
            sign_token(CLAIMS, "k-2026", private, (1, 70_000)),
            sign_token(OTHER, "k-2026", private, (1, 70_001)),
            sign_token(CLAIMS, "m-2026", beside, (1, 5)),
        ]
        self.ways: list[Callable[[], str]] = [
            self.flipped,
            self.flipped,
            self.edited,
            self.retyped,
            self.shortened,
            self.lengthened,
            self.spliced,
            self.signed_by_thief,
            self.other_signature,
            self.spelled_otherwise,
            self.noise,
        ]

    def forgeries(self, count: int) -> Iterator[str]:
        """None of them is a genuine token."""
        known = set(self.genuine)
        made = 0
        while made < count:
            text = self.ways[made % len(self.ways)]()
            if text not in known:
                made += 1
                yield text

    def _one(self) -> tuple[str, bytes, bytes]:
        text = self.chance.choice(self.genuine)
        token = read_token(text)
        return text, token.payload, token.signature

    def flipped(self) -> str:
        packed = bytearray(cbor2.dumps(list(self._one()[1:])))
        for _ in range(self.chance.choice((1, 1, 1, 2, 3, 8))):
            packed[self.chance.randrange(len(packed))] ^= 1 << self.chance.randrange(8)
        return b64(bytes(packed))

    def edited(self) -> str:
        """Another claim under the old signature."""
        _, payload, signature = self._one()
        fields = cbor2.loads(payload)
        place = self.chance.randrange(len(fields))
        old = fields[place]
        changes = {int: lambda: old + self.chance.randint(1, 99), str: lambda: f"{old}1"}
        fields[place] = changes.get(type(old), lambda: self.chance.randbytes(16))()
        return b64(cbor2.dumps([cbor2.dumps(fields), signature]))

    def retyped(self) -> str:
        text, place = self._one()[0], self.chance.randrange(150)
        return text[:place] + self.chance.choice(ALPHABET) + text[place + 1 :]

    def shortened(self) -> str:
        text = self._one()[0]
        begin = self.chance.randrange(len(text))
        return text[:begin] + text[begin + self.chance.randint(1, 40) :]

    def lengthened(self) -> str:
        text = self._one()[0]
        more = "".join(self.chance.choices(ALPHABET, k=self.chance.randint(1, 12)))
        place = self.chance.choice((0, len(text), self.chance.randrange(len(text))))
        return text[:place] + more + text[place:]

    def spliced(self) -> str:
        """What one token says, with the signature of another."""
        return b64(cbor2.dumps([self._one()[1], self._one()[2]]))

    def signed_by_thief(self) -> str:
        claims = replace(CLAIMS, holder_name=f"学员{self.chance.randrange(10**6)}")
        kid = self.chance.choice(("k-2026", "m-2026", "x-2026"))
        return sign_token(claims, kid, self.thief, (1, self.chance.randrange(131_072)))

    def other_signature(self) -> str:
        """Of the same payload: one that a lenient check would take, or one of no meaning."""
        _, payload, signature = self._one()
        scalar = int.from_bytes(signature[32:], "little")
        odd = [
            signature[:32] + ((scalar + ORDER) % 2**256).to_bytes(32, "little"),
            signature[:32] + (-scalar % ORDER).to_bytes(32, "little"),
            bytes(64),
            bytes([1]) + bytes(63),
            signature[32:] + signature[:32],
            signature[:63],
            signature + b"\0",
            self.chance.randbytes(64),
        ]
        return b64(cbor2.dumps([payload, self.chance.choice(odd)]))

    def spelled_otherwise(self) -> str:
        """The same bytes or the same meaning, written in another way."""
        text, payload, signature = self._one()
        packed = cbor2.dumps([payload, signature])
        endless = b"\x9f" + packed[1:] + b"\xff"
        odd = [
            text + "=" * self.chance.randint(1, 3),
            text + self.chance.choice(" \n\t\u3000\u200b"),
            "\u202e" + text,
            text.translate(str.maketrans("-_", "+/")) + "==",
            "".join(chr(ord(c) + 0xFEE0) for c in text),
            text[:-1] + self.chance.choice(ALPHABET),
            b64(packed + self.chance.randbytes(self.chance.randint(1, 4))),
            b64(endless),
            b64(b"\x98\x02" + packed[1:]),
            b64(cbor2.dumps(cbor2.CBORTag(55799, [payload, signature]))),
            b64(cbor2.dumps([payload, signature, b""])),
            b64(cbor2.dumps({0: payload, 1: signature})),
        ]
        return self.chance.choice(odd)

    def noise(self) -> str:
        return b64(self.chance.randbytes(self.chance.randint(0, 300)))
