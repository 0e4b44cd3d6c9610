"""The signing key of this base and year."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from certificates.models import SigningKey
from certificates.register.models import IssuerKey
from certificates.token import new_keypair
from tenants import crypto
from tenants.current import current_tenant

PURPOSE = "certificates/signing"


@transaction.atomic
def signing_key(year: int) -> tuple[IssuerKey, Ed25519PrivateKey]:
    """The base's key of `year`, made at its first use. Call with the year's sequence locked."""
    tenant = current_tenant()
    kept = SigningKey.objects.filter(year=year).first()
    if kept is None:
        kid = f"{tenant.issuer_code}-{year}"
        private, public = new_keypair()
        raw = private.private_bytes(
            serialization.Encoding.Raw,
            serialization.PrivateFormat.Raw,
            serialization.NoEncryption(),
        )
        kept = SigningKey.objects.create(
            kid=kid, year=year, private_sealed=crypto.seal(raw, PURPOSE, tenant.uuid.bytes)
        )
        IssuerKey.objects.create(kid=kid, tenant_id=tenant.pk, year=year, public_key=public)
    raw = crypto.unseal(bytes(kept.private_sealed), PURPOSE, tenant.uuid.bytes)
    return IssuerKey.objects.get(kid=kept.kid), Ed25519PrivateKey.from_private_bytes(raw)
