"""Sealing and keyed digests. One master key a purpose never sees: each purpose has its own key."""

import hmac
import os
from collections.abc import Callable
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = 1
NONCE = 12  # bytes; NIST SP 800-38D


class SealError(ValueError):
    """The blob was changed, belongs elsewhere, or its key is not here."""


@cache
def _expand(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master)


def derive(purpose: str, key_id: str) -> bytes:
    """The 32-byte key of `purpose` under the master key `key_id`. Raises SealError."""
    try:
        return _expand(settings.MASTER_KEYS[key_id], purpose)
    except KeyError as error:
        raise SealError(f"no master key {key_id!r}") from error


def seal(plain: bytes, purpose: str, context: bytes) -> bytes:
    """AES-256-GCM under the current key; opens only with the same purpose and context.

    The blob is version, length of the key id, key id, nonce, ciphertext.
    """
    return sealer(purpose, context)(plain)


def sealer(purpose: str, context: bytes) -> Callable[[bytes], bytes]:
    """The same for many: each has a nonce of its own."""
    key_id = settings.MASTER_KEY_ID
    head = bytes([VERSION, len(key_id)]) + key_id.encode("ascii")
    cipher, beside = AESGCM(derive(purpose, key_id)), head + context

    def sealed(plain: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return head + nonce + cipher.encrypt(nonce, plain, beside)

    return sealed


def sealed_key_id(blob: bytes) -> str:
    """The id of the master key that sealed `blob`. Raises SealError."""
    if len(blob) < 2 or blob[0] != VERSION or len(blob) < 2 + blob[1] + NONCE:
        raise SealError("not a sealed value")
    try:
        return blob[2 : 2 + blob[1]].decode("ascii")
    except UnicodeDecodeError as error:
        raise SealError("not a sealed value") from error


def unseal(blob: bytes, purpose: str, context: bytes) -> bytes:
    """What `seal` sealed. Raises SealError, never returns something else."""
    key_id = sealed_key_id(blob)
    start = 2 + blob[1]
    head, nonce, body = blob[:start], blob[start : start + NONCE], blob[start + NONCE :]
    try:
        return AESGCM(derive(purpose, key_id)).decrypt(nonce, body, head + context)
    except InvalidTag as error:
        raise SealError("the sealed value was changed or belongs elsewhere") from error


def keyed_digest(text: str, purpose: str, context: bytes = b"") -> bytes:
    """HMAC-SHA256 of `text`: the same for the same person, and no way back without the key.

    The digest key does not rotate with the sealing keys: uniqueness rests on it.
    """
    return digester(purpose, context)(text)


def digester(purpose: str, context: bytes = b"") -> Callable[[str], bytes]:
    """The same for many texts."""
    key, start = derive(purpose, settings.DIGEST_KEY_ID), context + b"\x00"
    return lambda text: hmac.digest(key, start + text.encode(), "sha256")
