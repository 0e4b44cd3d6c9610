"""The signed token of the QR code, and the code that people type.

A token is base64url of CBOR [payload, signature]; the payload is CBOR of version, key id, number,
name, project, class hours, day of issue, the first 16 bytes of the digest of all claims, and since
version 2 the certificate's place among the base's statuses: number of the list, and index in it. A
phone that knows the base's public key and its list of statuses can check it with no network.
"""

import base64
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from certificates.claims import Claims

VERSIONS = (1, 2)
DIGEST_BYTES = 16
LONGEST = 2000  # characters that are looked at
EPOCH = date(1970, 1, 1).toordinal()
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
CODE_LENGTH = 20  # 100 bits


class TokenError(ValueError):
    """No token of ours."""


class UnknownKey(TokenError):
    """The issuer's public key is not known here."""


class BadSignature(TokenError):
    """The token was changed, or another key signed it."""


@dataclass(frozen=True)
class Token:
    """`place` is (list, index) of its status; None in tokens of version 1, which had none."""

    kid: str
    number: str
    holder_name: str
    project_name: str
    hours: str
    issued_on: date
    digest: bytes
    payload: bytes
    signature: bytes
    place: tuple[int, int] | None = None


def sign_token(claims: Claims, kid: str, private: Ed25519PrivateKey, place: tuple[int, int]) -> str:
    payload = cbor2.dumps(
        [
            VERSIONS[-1],
            kid,
            claims.number,
            claims.holder_name,
            claims.project_name,
            claims.total_hours,
            claims.issued_on.toordinal() - EPOCH,
            claims.digest()[:DIGEST_BYTES],
            *place,
        ]
    )
    return _packed(payload, private.sign(payload))


def _packed(payload: bytes, signature: bytes) -> str:
    packed = cbor2.dumps([payload, signature])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_token(text: str) -> Token:
    """Take a token apart, unverified. Raises TokenError for anything else, and nothing else.

    A token has one spelling: what would be read the same but is written otherwise is none.
    """
    if len(text) > LONGEST or not text.isascii():
        raise TokenError("too long, or not base64url")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        payload, signature = cbor2.loads(packed)
        version, kid, number, name, project, hours, day, digest, *place = cbor2.loads(payload)
        issued_on = date.fromordinal(day + EPOCH)
        spelled = _packed(payload, signature)
    except Exception as error:  # a stranger's CBOR may hold tags that raise almost anything
        raise TokenError("not a token") from error
    if spelled != text:
        raise TokenError("not a token as we write it")
    texts = (kid, number, name, project, hours)
    if type(version) is not int or version not in VERSIONS:
        raise TokenError("not a token of a version that is known")
    if not all(isinstance(t, str) for t in texts) or len(place) != 2 * (version - 1):
        raise TokenError("not a token")
    if not all(type(n) is int and 0 <= n < 2**31 for n in place):
        raise TokenError("not a token")
    if not (isinstance(digest, bytes) and isinstance(signature, bytes) and len(signature) == 64):
        raise TokenError("not a token")
    where = (place[0], place[1]) if place else None
    return Token(*texts, issued_on, digest, payload, signature, where)


def verify_token(text: str, public_keys: Mapping[str, bytes]) -> Token:
    """Read a token and check its signature. Raises TokenError, UnknownKey or BadSignature."""
    token = read_token(text)
    raw = public_keys.get(token.kid)
    if raw is None:
        raise UnknownKey(token.kid)
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(token.signature, token.payload)
    except (InvalidSignature, ValueError) as error:
        raise BadSignature(token.number) from error
    return token


def token_matches(token: Token, claims: Claims) -> bool:
    """Whether a verified token says what `claims` say, every one of them."""
    said = (token.number, token.holder_name, token.project_name, token.hours, token.issued_on)
    return (
        said
        == (
            claims.number,
            claims.holder_name,
            claims.project_name,
            claims.total_hours,
            claims.issued_on,
        )
        and token.digest == claims.digest()[:DIGEST_BYTES]
    )


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def normalise_code(text: str) -> str:
    """A code as people type it: any case and width, spaces, hyphens, O for 0, I and L for 1."""
    folded = unicodedata.normalize("NFKC", text).upper()
    kept = "".join(c for c in folded if not c.isspace() and c not in "-‐–—·")
    return kept.translate(str.maketrans("OIL", "011"))


def new_keypair() -> tuple[Ed25519PrivateKey, bytes]:
    """A private key and its raw 32-byte public half."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    return private, public
