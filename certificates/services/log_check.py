"""Compare this base's issuance log with all that it speaks of: every single change is named.

What a change could hide in: the lines themselves, the certificates, the public register, the keys, and
the heads that the centre has signed. Reads only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.chain import FIRST, head_text, line_hash
from certificates.models import Certificate, LogEntry
from certificates.register.models import IssuerKey, LogHead, RegisterEntry
from certificates.services.log import frozen_digest, register_digest
from tenants.current import current_tenant

Kind = LogEntry.Kind


@dataclass(frozen=True)
class Finding:
    """`what` was found at `subject` (a line, number or key), in Chinese and English."""

    what: str
    subject: str
    zh: str
    en: str


WORDS = {
    "line_gap": ("缺少记录行", "a line is missing"),
    "line_changed": ("记录行被改动", "the line was changed"),
    "twice": ("同一事项登记了两次", "the same was logged twice"),
    "certificate_missing": ("有签发记录而无证书", "issued in the log, but there is no certificate"),
    "certificate_unlogged": ("有证书而无签发记录", "the certificate was never logged"),
    "certificate_changed": ("证书内容与签发时不符", "the certificate is not as it was issued"),
    "status_changed": ("证书状态与记录不符", "the certificate's status is not what was logged"),
    "register_missing": ("公开登记簿缺少此证", "the public register lacks it"),
    "register_unlogged": ("公开登记簿多出此证", "the public register has it, the log has not"),
    "register_changed": ("公开登记与签发时不符", "the register is not as it was at issue"),
    "register_status": ("公开登记的状态与记录不符", "the register's status is not what was logged"),
    "key_missing": ("有密钥记录而无公钥", "the key was logged, but there is none"),
    "key_unlogged": ("有公钥而无记录", "the key was never logged"),
    "key_changed": ("公钥或其状态与记录不符", "the key or its state is not what was logged"),
    "head_forged": ("已公布的链头签名不符", "the published head bears no good signature"),
    "head_ahead": ("记录少于已公布的链头", "the log is shorter than a published head"),
    "head_differs": ("记录与已公布的链头不符", "the log is not the one whose head was published"),
}


def check() -> list[Finding]:
    """Everything that is wrong, in the order of the log; empty when all agrees."""
    lines = list(LogEntry.objects.order_by("seq"))
    said = _Said()
    return [
        Finding(what, subject, *WORDS[what])
        for findings in (
            _lines(lines, said), _certificates(said), _register(said), _keys(said), _heads(lines)
        )
        for what, subject in findings
    ]  # fmt: skip


class _Said:
    """What the log says, read from its first line to its last."""

    def __init__(self) -> None:
        self.issued: dict[str, dict[str, Any]] = {}
        self.ended: dict[str, tuple[str, dict[str, Any]]] = {}
        self.released: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, dict[str, Any]] = {}

    def take(self, line: LogEntry) -> bool:
        """False when the line says something for the second time."""
        if line.kind == Kind.ISSUED:
            return _first(self.issued, line.subject, line.facts)
        if line.kind in (Kind.REVOKED, Kind.SUPERSEDED):
            return _first(self.ended, line.subject, (line.kind, line.facts))
        if line.kind == Kind.REISSUE_ALLOWED:
            return _first(self.released, line.subject, line.facts)
        if line.kind == Kind.KEY_MADE:
            return _first(self.keys, line.subject, dict(line.facts))
        known = self.keys.setdefault(line.subject, {})
        known["reason"] = line.facts.get("reason")
        known.setdefault("at", line.facts.get("at"))
        if "since" in line.facts:
            known["since"] = line.facts["since"]
        return True


def _first(known: dict[str, Any], subject: str, facts: Any) -> bool:
    return known.setdefault(subject, facts) is facts


Found = Iterator[tuple[str, str]]


def _lines(lines: list[LogEntry], said: _Said) -> Found:
    before, expected = FIRST, 1
    for line in lines:
        name = f"#{line.seq}"
        if line.seq != expected:
            yield "line_gap", f"#{expected}"
        digest = line_hash(before, line.seq, line.at, line.kind, line.subject, line.facts)
        if digest != bytes(line.hash):
            yield "line_changed", name
        if not said.take(line):
            yield "twice", f"{name} {line.subject}"
        before, expected = bytes(line.hash), line.seq + 1


def _certificates(said: _Said) -> Found:
    standing = {row.number: row for row in Certificate.objects.order_by("pk").iterator(500)}
    for number in said.issued.keys() - standing.keys():
        yield "certificate_missing", number
    for number, row in standing.items():
        if number not in said.issued:
            yield "certificate_unlogged", number
            continue
        if frozen_digest(row) != said.issued[number].get("certificate"):
            yield "certificate_changed", number
        if _status_of(row) != _status_said(said, number):
            yield "status_changed", number


def _status_of(row: Certificate) -> list[Any]:
    end = [str(row.revoked_on or ""), row.revoke_code, row.revoke_reason]
    two = [row.revoke_asked_by_id, row.revoked_by_id]
    release = [str(row.reissue_on or ""), row.reissue_by_id, row.reissue_reason]
    return [row.status, *end, *two, *release]


def _status_said(said: _Said, number: str) -> list[Any]:
    status, facts = said.ended.get(number, ("valid", {}))
    end = [facts.get("on", ""), facts.get("code", ""), facts.get("reason", "")]
    two = [facts.get("asked_by"), facts.get("by")]
    release = said.released.get(number, {})
    released = [release.get("on", ""), release.get("by"), release.get("reason", "")]
    return [str(status), *end, *two, *released]


def _register(said: _Said) -> Found:
    entries = RegisterEntry.objects.filter(tenant_id=current_tenant().pk)
    rows = entries.select_related("tenant", "key").order_by("pk")
    standing = {row.number: row for row in rows.iterator(500)}
    for number in said.issued.keys() - standing.keys():
        yield "register_missing", number
    for number, row in standing.items():
        if number not in said.issued:
            yield "register_unlogged", number
            continue
        if register_digest(row) != said.issued[number].get("register"):
            yield "register_changed", number
        status, facts = said.ended.get(number, ("valid", {}))
        wanted = [str(status), facts.get("on", ""), facts.get("code", ""), facts.get("reason", "")]
        wanted.append(facts.get("superseded_by", ""))
        found = [row.status, str(row.revoked_on or ""), row.revoke_code, row.reason]
        if [*found, row.superseded_by] != wanted:
            yield "register_status", number


def _keys(said: _Said) -> Found:
    standing = {row.kid: row for row in IssuerKey.objects.filter(tenant_id=current_tenant().pk)}
    for kid in said.keys.keys() - standing.keys():
        yield "key_missing", kid
    for kid, row in standing.items():
        facts = said.keys.get(kid)
        if facts is None:
            yield "key_unlogged", kid
            continue
        found = {
            "use": row.use,
            "year": row.year,
            "serial": row.serial,
            "public_key": bytes(row.public_key).hex(),
        }
        if row.retired_at or row.reason:
            found |= {"reason": row.reason, "at": _moment(row.retired_at)}
        if row.compromised_on:
            found["since"] = str(row.compromised_on)
        if found != facts:
            yield "key_changed", kid


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _heads(lines: list[LogEntry]) -> Found:
    tenant = current_tenant()
    public = {key.kid: bytes(key.public_key) for key in IssuerKey.objects.filter(use="trust")}
    ends = {line.seq: bytes(line.hash) for line in lines}
    for head in LogHead.objects.filter(tenant_id=tenant.pk):
        name = f"{head.day} #{head.seq}"
        text = head_text(tenant.issuer_code, head.day, head.seq, bytes(head.hash), head.kid)
        if not _signed(public.get(head.kid, b""), bytes(head.signature), text):
            yield "head_forged", name
        elif head.seq and head.seq not in ends:
            yield "head_ahead", name
        elif head.seq and ends[head.seq] != bytes(head.hash):
            yield "head_differs", name


def _signed(public: bytes, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
