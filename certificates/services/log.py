"""Write this base's issuance log. Every service that changes a certificate or a key writes its line
in the same transaction; `services.log_check` compares the lines with what stands.
"""

import hashlib
from typing import Any

from django.db import connection
from django.utils import timezone

from certificates.chain import FIRST, digest_of_row, line_hash
from certificates.models import Certificate, LogEntry
from certificates.register.models import RegisterEntry

#: Written after the issue, each with a line of its own or proved by another digest.
LATER = Certificate.WRITTEN_LATER
REGISTER_LATER = {"status", "revoked_on", "revoke_code", "reason", "superseded_by"}


def append(kind: str, subject: str, facts: dict[str, Any]) -> LogEntry:
    """The next line. Call it inside the transaction that does what it says."""
    _alone()
    last = LogEntry.objects.order_by("-seq").first()
    seq, before = (last.seq + 1, bytes(last.hash)) if last else (1, FIRST)
    at = timezone.now()
    return LogEntry.objects.create(
        seq=seq,
        at=at,
        kind=kind,
        subject=subject,
        facts=facts,
        hash=line_hash(before, seq, at, kind, subject, facts),
    )


def _alone() -> None:
    """Until the transaction ends nobody else writes a line of this tenant."""
    name = f"issuance-log:{connection.schema_name}"  # type: ignore[attr-defined]
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def issued(code: str) -> LogEntry:
    """Of the rows as the database has them: JSON that went in may come back otherwise."""
    certificate = Certificate.objects.get(code=code)
    entry = RegisterEntry.objects.select_related("tenant", "key").get(code=code)
    facts = {
        "code": certificate.code,
        "issued_on": str(certificate.issued_on),
        "certificate": frozen_digest(certificate),
        "register": register_digest(entry),
    }
    return append(LogEntry.Kind.ISSUED, certificate.number, facts)


def ended(certificate: Certificate, superseded_by: str = "") -> LogEntry:
    """A revocation, or that a newer version has taken the certificate's place."""
    kind = LogEntry.Kind.SUPERSEDED if superseded_by else LogEntry.Kind.REVOKED
    facts = {
        "on": str(certificate.revoked_on),
        "code": certificate.revoke_code,
        "reason": certificate.revoke_reason,
        "asked_by": certificate.revoke_asked_by_id,
        "by": certificate.revoked_by_id,
        "superseded_by": superseded_by,
    }
    return append(kind, certificate.number, facts)


def frozen_digest(certificate: Certificate) -> str:
    """Over every column that is written once. Keys of the schema travel with it."""
    names = [
        field.attname
        for field in Certificate._meta.concrete_fields
        if field.name not in LATER and field.name not in ("id", "rule_set")
    ]
    found = {name: getattr(certificate, name) for name in names}
    # Keys of shared tables differ from one installation to another: the rule set is in the claims.
    return digest_of_row(found)


def register_digest(entry: RegisterEntry) -> str:
    """Over what the register says once and for all; the base and its key by their names."""
    names = [
        field.attname
        for field in RegisterEntry._meta.concrete_fields
        if field.name not in REGISTER_LATER | {"id", "tenant", "key"}
    ]
    found = {name: getattr(entry, name) for name in names}
    return digest_of_row({**found, "issuer": entry.tenant.issuer_code, "kid": entry.key.kid})
