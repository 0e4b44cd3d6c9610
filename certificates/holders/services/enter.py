"""A holder comes in by the code of a certificate and the last four of the ID; guessing is hopeless.

Last four are ten thousand possibilities at most, and the code may lie on an employer's desk. So a
certificate takes A_DAY wrong attempts a day and IN_ALL within DAYS days, from all addresses together,
and then opens to nobody until they have passed or the base has set them back, face to face.
"""

import hmac
import secrets
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from certificates.holders.proof import proof_of
from certificates.holders.shared.models import Attempt, HolderProof
from certificates.register.models import RegisterEntry
from certificates.token import CODE_LENGTH, normalise_code
from tenants import crypto
from tenants.cells import cell_of, is_here

A_DAY, IN_ALL, DAYS = 5, 10, 90
PURPOSE = "holder/attempt"
LONGEST = 2000


def code_in(typed: str) -> str:
    """The code of what was typed: the code itself, an address, or the whole text of a QR code."""
    address = typed.strip()[:LONGEST].partition("#")[0]
    return normalise_code(address.rstrip("/").rsplit("/", 1)[-1])[:CODE_LENGTH]


def enter(typed: str, last4: str) -> RegisterEntry | None:
    """The entry when both belong together and nobody has guessed too often.

    The same work is done for a code that does not exist, and the same None is its answer. The attempt
    is counted before it is judged, so that a hundred at once are not a hundred attempts more.
    """
    code = code_in(typed)
    who = _who(code)
    open_ = _reserve(who)
    proof = HolderProof.objects.filter(code=code).first()
    entry = RegisterEntry.objects.select_related("tenant").filter(code=code).first()
    kept = bytes(proof.proof) if proof else secrets.token_bytes(32)
    right = hmac.compare_digest(kept, proof_of(code, last4[:40]))
    if not (right and open_ and entry is not None and proof is not None):
        return None
    Attempt.objects.filter(who=who, day=timezone.localdate(), times__gt=0).update(
        times=F("times") - 1
    )
    return entry


def moved_to(typed: str) -> str:
    """The door of the centre that serves the base now; empty when that is here, or nobody knows.

    It tells no more than a scan does, which leads there too.
    """
    entry = RegisterEntry.objects.select_related("tenant").filter(code=code_in(typed)).first()
    if entry is None or is_here(entry.tenant):
        return ""
    centre = cell_of(entry.tenant).centre.rstrip("/")
    return f"{centre}/my/" if centre else ""


def wrong_attempts(code: str) -> tuple[int, int]:
    """(today, within DAYS days)."""
    today = timezone.localdate()
    rows = Attempt.objects.filter(who=_who(code), day__gt=today - timedelta(days=DAYS))
    in_all = rows.aggregate(n=Sum("times"))["n"] or 0
    return rows.filter(day=today).aggregate(n=Sum("times"))["n"] or 0, in_all


def is_locked(code: str) -> bool:
    today, in_all = wrong_attempts(code)
    return today >= A_DAY or in_all >= IN_ALL


def set_back(code: str) -> None:
    """The base has seen the holder: the certificate opens again."""
    Attempt.objects.filter(who=_who(code)).delete()


def _who(code: str) -> bytes:
    return crypto.keyed_digest(code, PURPOSE)


def _reserve(who: bytes) -> bool:
    """Count one attempt, under a lock; False when there are too many, which counts no more."""
    today = timezone.localdate()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [who.hex()])
        own = Attempt.objects.filter(who=who)
        in_all = (
            own.filter(day__gt=today - timedelta(days=DAYS)).aggregate(n=Sum("times"))["n"] or 0
        )
        row, made = Attempt.objects.get_or_create(who=who, day=today)
        if made:
            Attempt.objects.filter(day__lte=today - timedelta(days=DAYS)).delete()
        if row.times >= A_DAY or in_all >= IN_ALL:
            return False
        Attempt.objects.filter(pk=row.pk).update(times=F("times") + 1)
        return True
