"""The issuance log as text and hashes: pure, so that an auditor can do the same by hand.

Canonical JSON has sorted keys, no spaces, UTF-8. A line's hash is SHA-256 over the hash of the line
before it (32 zero bytes for the first) and the canonical JSON of the line.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

FIRST = bytes(32)


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def line_hash(
    before: bytes, seq: int, at: datetime, kind: str, subject: str, facts: dict[str, Any]
) -> bytes:
    """`at` is taken to the microsecond, in UTC."""
    line = [seq, at.astimezone(UTC).isoformat(), kind, subject, facts]
    return hashlib.sha256(before + canonical(line)).digest()


def head_text(issuer: str, day: date, seq: int, end: bytes, kid: str) -> bytes:
    """What the centre signs about a log of `issuer` (the prefix of its numbers) that ends in `end`."""
    said = {"issuer": issuer, "day": str(day), "seq": seq, "hash": end.hex(), "kid": kid}
    return canonical(said)


def digest_of_row(values: dict[str, Any]) -> str:
    """SHA-256 in hex over the columns of a row; bytes as hex, days and moments in ISO form."""
    return hashlib.sha256(
        canonical({key: _plain(each) for key, each in values.items()})
    ).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict | list | int | str | bool) or value is None:
        return value
    return str(value)
