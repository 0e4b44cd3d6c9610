"""Proof: issued certificates, what they were issued on, and what came of them."""

from certificates.models.book import LogEntry, NumberSequence, SigningKey
from certificates.models.certificate import Certificate
from certificates.models.changes import Reevaluation, Revocation
from certificates.models.credential import Credential
from certificates.models.outcomes import FollowUp, Objection, Outcome

__all__ = [
    "Certificate",
    "Credential",
    "FollowUp",
    "LogEntry",
    "NumberSequence",
    "Objection",
    "Outcome",
    "Reevaluation",
    "Revocation",
    "SigningKey",
]
