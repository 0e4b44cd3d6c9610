"""What the centre publishes, so that others can check without asking: keys, statuses, heads of logs.

Each document is canonical JSON as text (`body`), signed by the centre's key (Ed25519 over its UTF-8).
Bodies are made from the register at each asking and kept for LAG seconds: a revocation is seen so
much later at most by those who fetch afresh.
"""

import base64
import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.cache import cache
from django.utils import timezone

from certificates.chain import canonical
from certificates.credential import multibase, sign, status_credential
from certificates.register.models import IssuerKey, LogHead, RegisterEntry
from certificates.services.issue import PLACES
from certificates.services.keys import TRUST, living_keys, signing_key
from tenants.cells import is_here
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.models import Tenant

LAG = 60  # seconds
GOOD_FOR = timedelta(days=1)  # of a list of statuses as a credential; the verifier asks no less
MULTICODEC = b"\xed\x01"  # of an Ed25519 public key in a Multikey
GONE = (RegisterEntry.Status.REVOKED, RegisterEntry.Status.SUPERSEDED)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def trust_list() -> dict[str, Any]:
    """Who may issue, with which keys, and where the statuses are. Call inside the centre's schema.

    `also` holds signatures of the centre's other trust keys that are in force: whoever knows only the
    key of last year learns the one of this year from a list that the old one signed as well.
    """
    return _kept("trust-list", lambda: _signed(_trust_list(), also=True))


def status_list(issuer: Tenant, number: int) -> dict[str, Any]:
    """Statuses of the base's certificates by their index: a bit is 1 for revoked or superseded.

    `bits` is base64url of gzip of PLACES bits, the first index in the highest bit of the first byte,
    as the W3C's Bitstring Status List has them. Call inside the centre's schema.
    """
    return _kept(f"status-{issuer.pk}-{number}", lambda: _signed(_status_list(issuer, number)))


def heads(day: date) -> dict[str, Any]:
    """The published ends of all bases' issuance logs of a day; each bears its own signature."""
    rows = LogHead.objects.filter(day=day, tenant__centre_id=current_tenant().pk)
    return {
        "day": str(day),
        "heads": [
            {
                "issuer": row.tenant.issuer_code,
                "seq": row.seq,
                "hash": bytes(row.hash).hex(),
                "kid": row.kid,
                "signature": b64(bytes(row.signature)),
            }
            for row in rows.select_related("tenant").order_by("tenant__issuer_code")
        ],
    }


def jwks() -> dict[str, Any]:
    """The public keys that are believed today, of the centre and its bases (RFC 7517, RFC 8037)."""
    return {"keys": [_jwk(key) for key in _keys(current_tenant()) if not key.compromised_on]}


def did_document(tenant: Tenant) -> dict[str, Any]:
    """The tenant's keys as `did:web` (W3C DID 1.0). A retired key may still be verified with; one
    that was stolen is not in it.
    """
    return _document(did_of(tenant), [key for key in _keys(tenant) if key.tenant_id == tenant.pk])


def issuer_document(base: Tenant) -> dict[str, Any]:
    """The keys of a base of this centre under the name that its credentials give the issuer, and the
    centre's, which sign the lists of statuses in the base's name.
    """
    centre = current_tenant()
    signing_key(timezone.localdate().year, TRUST)  # whoever kept the document knows the list's key
    keys = [
        key
        for key in _keys(centre)
        if key.tenant_id == base.pk or (key.tenant_id == centre.pk and key.use == TRUST)
    ]
    return _document(issuer_did(base), keys)


def _document(did: str, keys: list[IssuerKey]) -> dict[str, Any]:
    methods = [
        {
            "id": f"{did}#{key.kid}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multibase(MULTICODEC + bytes(key.public_key)),
        }
        for key in keys
        if not key.compromised_on
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def did_of(tenant: Tenant) -> str:
    return f"did:web:{quote(urlsplit(absolute(tenant)).netloc, safe='')}"


def issuer_did(base: Tenant) -> str:
    """The base's name as an issuer of credentials. It lies on the centre's host: what a base has issued
    can be checked after the base has moved or closed.
    """
    return f"{did_of(Tenant.objects.get(pk=base.centre_id))}:issuers:{base.issuer_code}"


def status_address(base: Tenant, number: int) -> str:
    """Where the base's list of statuses lies as a credential."""
    centre = Tenant.objects.get(pk=base.centre_id)
    return absolute(centre, f"/status/{base.issuer_code}/{number}/credential.json")


def status_list_credential(base: Tenant, number: int) -> dict[str, Any]:
    """The same list as `status_list`, as a W3C Bitstring Status List: issued by the base, as strict
    verifiers ask, and signed by the centre's key that stands in the base's DID document.

    It is good for a day. Call inside the centre's schema.
    """
    return _kept(f"status-vc-{base.pk}-{number}", lambda: _status_credential(base, number))


def _status_credential(base: Tenant, number: int) -> dict[str, Any]:
    key, private = signing_key(timezone.localdate().year, TRUST)
    now, issuer = datetime.now(UTC).replace(microsecond=0), issuer_did(base)
    since, until = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (now, now + GOOD_FOR))
    listed = status_credential(
        status_address(base, number), issuer, _packed(base, number), since, until
    )
    return sign(listed, f"{issuer}#{key.kid}", private, since)


def _kept(name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    found = cache.get(name)
    if found is None:
        found = make()
        cache.set(name, found, LAG)
    return dict(found)


def _signed(said: dict[str, Any], also: bool = False) -> dict[str, Any]:
    key, private = signing_key(timezone.localdate().year, TRUST)
    text = canonical({**said, "at": _now(), "lag": LAG, "kid": key.kid})
    signed = {"body": text.decode(), "kid": key.kid, "sig": b64(private.sign(text))}
    if not also:
        return signed
    others = [(other, old) for other, old in living_keys(TRUST) if other.kid != key.kid]
    return {**signed, "also": [{"kid": o.kid, "sig": b64(old.sign(text))} for o, old in others]}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _keys(tenant: Tenant) -> list[IssuerKey]:
    """Keys of the tenant and, for a centre, of its bases."""
    rows = IssuerKey.objects.select_related("tenant").order_by("kid")
    if tenant.type == Tenant.Type.CENTRE:
        return [row for row in rows if tenant.pk in (row.tenant_id, row.tenant.centre_id)]
    return list(rows.filter(tenant_id=tenant.pk))


def _jwk(key: IssuerKey) -> dict[str, str]:
    x = b64(bytes(key.public_key))
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": x}


def _trust_list() -> dict[str, Any]:
    centre = current_tenant()
    signing_key(timezone.localdate().year, TRUST)  # the list names the key that signs it
    used = RegisterEntry.objects.order_by().values_list("tenant_id", "status_list").distinct()
    lists: dict[int, list[int]] = {}
    for tenant, number in used:
        lists.setdefault(tenant, []).append(number)
    keys = [
        {
            "kid": key.kid,
            "use": key.use,
            "issuer": key.tenant.issuer_code,
            "name": key.tenant.name,
            "x": b64(bytes(key.public_key)),
            "from": key.created_at.isoformat(timespec="seconds"),
            "retired": key.retired_at.isoformat(timespec="seconds") if key.retired_at else None,
            "compromised": str(key.compromised_on) if key.compromised_on else None,
            "lists": sorted(lists.get(key.tenant_id, [])) if is_here(key.tenant) else [],
        }
        for key in _keys(centre)
    ]
    here = urlsplit(absolute(centre)).netloc
    return {"v": 1, "centre": centre.name, "host": here, "phone": centre.phone, "keys": keys}


def _status_list(issuer: Tenant, number: int) -> dict[str, Any]:
    bits = b64(_packed(issuer, number))
    return {"v": 1, "issuer": issuer.issuer_code, "list": number, "bits": bits}


def _packed(issuer: Tenant, number: int) -> bytes:
    bits = bytearray(PLACES // 8)
    gone = RegisterEntry.objects.filter(
        tenant_id=issuer.pk, status_list=number, status__in=GONE
    ).values_list("status_index", flat=True)
    for index in gone:
        bits[index // 8] |= 0x80 >> index % 8
    return gzip.compress(bytes(bits), mtime=0)


def has_list(issuer: Tenant, number: int) -> bool:
    return RegisterEntry.objects.filter(tenant_id=issuer.pk, status_list=number).exists()
