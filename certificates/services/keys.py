"""The signing keys of this tenant: made at first use, replaced, and given up when they are stolen."""

from datetime import date

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from certificates.models import LogEntry, SigningKey
from certificates.register import documents
from certificates.register.models import IssuerKey
from certificates.services import log
from certificates.token import new_keypair
from tenants import crypto
from tenants.current import current_tenant

PURPOSE = "certificates/signing"
CERTIFICATES, TRUST = IssuerKey.Use.CERTIFICATES, IssuerKey.Use.TRUST


@transaction.atomic
def signing_key(
    year: int, use: IssuerKey.Use = CERTIFICATES
) -> tuple[IssuerKey, Ed25519PrivateKey]:
    """The tenant's key of `year` for `use`, made at its first use and after each replacement."""
    _alone(use)
    tenant = current_tenant()
    of_year = IssuerKey.objects.filter(tenant_id=tenant.pk, use=use, year=year)
    public = of_year.filter(retired_at__isnull=True).first()
    if public is None:
        public = _make(year, use, of_year.count() + 1)
    return public, _private(public)


def key_of(kid: str, year: int) -> tuple[IssuerKey, Ed25519PrivateKey]:
    """The tenant's key `kid` while it signs; afterwards its key of `year`."""
    own = IssuerKey.objects.filter(tenant_id=current_tenant().pk, use=CERTIFICATES)
    living = own.filter(kid=kid, retired_at__isnull=True).first()
    return (living, _private(living)) if living else signing_key(year)


def living_keys(use: IssuerKey.Use) -> list[tuple[IssuerKey, Ed25519PrivateKey]]:
    """Every key of the tenant for `use`, of any year, that can still sign; the newest first."""
    tenant = current_tenant()
    living = IssuerKey.objects.filter(tenant_id=tenant.pk, use=use, retired_at__isnull=True)
    return [(key, _private(key)) for key in living.order_by("-year", "-serial")]


def _private(key: IssuerKey) -> Ed25519PrivateKey:
    kept = SigningKey.objects.get(kid=key.kid)
    raw = crypto.unseal(bytes(kept.private_sealed), PURPOSE, current_tenant().uuid.bytes)
    return Ed25519PrivateKey.from_private_bytes(raw)


def _make(year: int, use: IssuerKey.Use, serial: int) -> IssuerKey:
    tenant = current_tenant()
    kid = f"{tenant.issuer_code}-{year}"
    kid += "-T" if use == TRUST else ""
    kid += f"-{serial}" if serial > 1 else ""
    private, public = new_keypair()
    raw = private.private_bytes(
        serialization.Encoding.Raw,
        serialization.PrivateFormat.Raw,
        serialization.NoEncryption(),
    )
    sealed = crypto.seal(raw, PURPOSE, tenant.uuid.bytes)
    of_year = {"use": use, "year": year, "serial": serial}
    SigningKey.objects.create(kid=kid, private_sealed=sealed, **of_year)
    found = IssuerKey.objects.create(kid=kid, tenant_id=tenant.pk, public_key=public, **of_year)
    facts = {**of_year, "use": str(use), "public_key": public.hex()}
    log.append(LogEntry.Kind.KEY_MADE, kid, facts)
    return found


@transaction.atomic
def retire(kid: str, reason: str) -> IssuerKey:
    """End the use of a key: its private half is destroyed, what it has signed stays good.

    The next signature makes the next key. Raises ValidationError.
    """
    key = _locked(kid)
    if key.retired_at:
        raise ValidationError(f"密钥 {kid} 已停用 / the key {kid} is retired already")
    key.reason = _said(reason)
    _end(key)
    facts = {"reason": key.reason, "at": key.retired_at.isoformat() if key.retired_at else ""}
    log.append(LogEntry.Kind.KEY_RETIRED, kid, facts)
    return key


@transaction.atomic
def compromise(kid: str, since: date, reason: str) -> IssuerKey:
    """Somebody else may have had the private key since the day `since`: what the key says to have
    signed on that day or later is not believed any more. Raises ValidationError.
    """
    key = _locked(kid)
    if since > timezone.localdate():
        raise ValidationError("泄露日期不能晚于今天 / the day cannot lie in the future")
    if key.compromised_on and key.compromised_on <= since:
        raise ValidationError(
            f"密钥 {kid} 已登记为自 {key.compromised_on} 起泄露"
            f" / the key {kid} is on record as compromised since {key.compromised_on}"
        )
    key.reason, key.compromised_on = _said(reason), since
    _end(key)
    documents.drop(key.tenant_id)
    facts = {
        "reason": key.reason,
        "at": key.retired_at.isoformat() if key.retired_at else "",
        "since": str(since),
    }
    log.append(LogEntry.Kind.KEY_COMPROMISED, kid, facts)
    return key


def _end(key: IssuerKey) -> None:
    key.retired_at = key.retired_at or timezone.now()
    key.save(update_fields=["retired_at", "reason", "compromised_on"])
    SigningKey.objects.filter(kid=key.kid).update(private_sealed=b"")


def _locked(kid: str) -> IssuerKey:
    """The key, while nobody signs with it."""
    own = IssuerKey.objects.filter(tenant_id=current_tenant().pk, kid=kid)
    found = own.first()
    if found is None:
        raise ValidationError(f"本单位没有密钥 {kid} / there is no key {kid} here")
    _alone(found.use)
    return own.select_for_update().get()


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError("请写明原因 / give the reason")
    return reason.strip()[:200]


def _alone(use: str) -> None:
    """One at a time makes a key of this tenant."""
    text = f"signing-key:{connection.schema_name}:{use}"  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [text])
