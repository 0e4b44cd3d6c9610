"""Take in what phones send: store first, read later.

One statement a batch, and the database decides what is new: checking first and inserting after
doubles rows as soon as a browser sends the same batch twice at once, which Chromium does by itself.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from django.db import connection, transaction
from django.utils import timezone

from courses.fieldlog.models import Device, FieldEvent, Unread
from courses.fieldlog.rules.envelope import (
    LARGEST_BODY,
    Envelope,
    Unfit,
    hash_of,
    is_signed,
    public_key,
    read_envelope,
    unb64,
)
from courses.fieldlog.services.quarantine import Apart, keep_apart

MOST_EVENTS = 100
LARGEST_BATCH = 256 * 1024  # bytes


@dataclass(frozen=True)
class Result:
    """What became of one item: `stored`, `duplicate`, or `quarantined` for `reason`."""

    hash: str
    seq: int | None
    result: str
    reason: str = ""


@dataclass(frozen=True)
class _Fit:
    """An event that a device may have signed."""

    hash: bytes
    body: str
    signature: bytes
    envelope: Envelope


def take_in(
    items: Sequence[Any], at: datetime | None = None, from_stranger: bool = False
) -> list[Result]:
    """Store each item; one result an item, in its order. `at` is the arrival, now.

    Never raises for what an item holds. Whoever sends need not be known: the signatures say who
    wrote. Only of what nobody has signed does a stranger's share have bounds (`quarantine`).
    """
    at = at or timezone.now()
    read = [_read(item) for item in items]
    named = {each.envelope.device for each in read if isinstance(each, _Fit)}
    writers = {
        device.uuid: (device.pk, public_key(bytes(device.public_key)))
        for device in Device.objects.only("uuid", "public_key").filter(uuid__in=named)
    }
    judged = [
        _proved(each, item, writers) if isinstance(each, _Fit) else each
        for each, item in zip(read, items, strict=True)
    ]
    fit = {each.hash: each for each in judged if isinstance(each, _Fit)}
    apart = [each for each in judged if isinstance(each, Apart)]
    with transaction.atomic() if apart else nullcontext():
        new = _insert(fit, {uuid: pk for uuid, (pk, _) in writers.items()}, at)
        turned_away = keep_apart(apart, at, from_stranger)
    results = []
    for each in judged:
        if isinstance(each, Apart):
            reason = "quarantine_full" if each in turned_away else each.reason
            results.append(Result(each.hash.hex(), None, "quarantined", reason))
            continue
        # A second copy within the batch is a duplicate of the first.
        result = "stored" if each.hash in new else "duplicate"
        new.discard(each.hash)
        results.append(Result(each.hash.hex(), each.envelope.seq, result))
    return results


def _read(item: Any) -> _Fit | Apart:
    """The item as far as it can be read without knowing who wrote it."""
    body = item.get("body") if isinstance(item, dict) else None
    if not isinstance(body, str):
        return _apart(item, "", "not_an_event")
    try:
        found = read_envelope(body)
        return _Fit(hash_of(body), body, unb64(item.get("sig")), found)
    except Unfit as error:
        return _apart(item, body, str(error))
    except ValueError:
        return _apart(item, body, "bad_signature")


def _proved(
    fit: _Fit, item: Any, writers: Mapping[UUID, tuple[int, EllipticCurvePublicKey]]
) -> _Fit | Apart:
    """The event, when the device that it names is known and has signed it."""
    if fit.envelope.device not in writers:
        return _apart(item, fit.body, "unknown_device")
    if not is_signed(writers[fit.envelope.device][1], fit.body, fit.signature):
        return _apart(item, fit.body, "bad_signature")
    return fit


def _apart(item: Any, body: str, reason: str) -> Apart:
    try:
        raw = json.dumps(item, sort_keys=True).encode()
    except RecursionError:  # as deep as could just be read
        raw = repr(type(item)).encode()
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest()
    return Apart(digest, raw[: 4 * LARGEST_BODY], reason)


#: Store and note what is to be read, in one statement: what is stored is sure to be read. The rows
#: come as one JSON text, which is quicker to write and to send than as many parameters.
STORE = f"""
WITH came AS (
    INSERT INTO {FieldEvent._meta.db_table}
        (hash, source, body, signature, device_id, seq, blobs, received_at)
    SELECT decode(h, 'hex'), '{FieldEvent.Source.PHONE.value}', b, decode(s, 'hex'), d, n,
        f::varchar(64)[], %s
    FROM json_to_recordset(%s::json)
        AS sent (h text, b text, s text, d bigint, n bigint, f text)
    ON CONFLICT (hash) DO NOTHING
    RETURNING hash, id
), waits AS (
    INSERT INTO {Unread._meta.db_table} (events)
    SELECT array_agg(id ORDER BY id) FROM came HAVING count(*) > 0
)
SELECT hash FROM came
"""


def _insert(fit: Mapping[bytes, _Fit], devices: Mapping[UUID, int], at: datetime) -> set[bytes]:
    """The hashes of those that were new."""
    if not fit:
        return set()
    rows = [
        {
            "h": each.hash.hex(),
            "b": each.body,
            "s": each.signature.hex(),
            "d": devices[each.envelope.device],
            "n": each.envelope.seq,
            "f": f"{{{','.join(each.envelope.blobs)}}}",
        }
        # Sorted: two batches with the same events lock them in the same order.
        for _, each in sorted(fit.items())
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [at, json.dumps(rows, ensure_ascii=False)])
        return {bytes(found) for (found,) in cursor.fetchall()}


def note_contact(device: Device, seq: int = 0) -> None:
    """The device was here itself, and says that it has written up to `seq`."""
    Device.objects.filter(pk=device.pk).update(last_contact_at=timezone.now())
    Device.objects.filter(pk=device.pk, claimed_seq__lt=seq).update(claimed_seq=seq)
