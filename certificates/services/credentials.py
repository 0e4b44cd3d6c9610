"""The credential of a certificate: made at the first need, kept, and handed out as it is ever after.

Call all of this inside the schema of the base that has issued the certificate.
"""

import json
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from certificates.claims import Claims
from certificates.credential import credential_of, sign
from certificates.models import Certificate, Credential
from certificates.register.models import IssuerKey, RegisterEntry
from certificates.services.keys import key_of
from certificates.services.trust import issuer_did, status_address
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.models import Tenant


class OnItsWay(RuntimeError):
    """The base is being moved to another cell: nothing new is written here."""


def first_credential(certificate: Certificate) -> str:
    """The one that lies in the paper: always the same, so that the paper is."""
    kept = certificate.credentials.first()
    return (kept or _make(certificate)).content


def credential(certificate: Certificate) -> str:
    """One that can be checked today: by a key that is believed, under the issuer's present address.

    Raises OnItsWay when one would have to be made while the base moves.
    """
    rows = certificate.credentials.filter(issuer=issuer_did(current_tenant())).order_by("-id")
    kids = {row.kid for row in rows}
    stolen = IssuerKey.objects.filter(kid__in=kids, compromised_on__isnull=False)
    lost = set(stolen.values_list("kid", flat=True))
    kept = next((row for row in rows if row.kid not in lost), None)
    if kept is None and current_tenant().moving:
        raise OnItsWay
    return (kept or _make(certificate)).content


@transaction.atomic
def _make(certificate: Certificate) -> Credential:
    """Signed by the key that signed the token, or by the one of this year when that is at its end."""
    tenant = current_tenant()
    key, private = key_of(certificate.kid, timezone.localdate().year)
    entry = RegisterEntry.objects.get(code=certificate.code)
    centre, issuer = Tenant.objects.get(pk=tenant.centre_id), issuer_did(tenant)
    document = credential_of(
        Claims.from_json(certificate.claims),
        issuer,
        absolute(centre, f"/c/{certificate.code}"),
        (status_address(tenant, entry.status_list), entry.status_index),
    )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    signed = sign(document, f"{issuer}#{key.kid}", private, now)
    row = Credential(
        certificate=certificate,
        kid=key.kid,
        issuer=issuer,
        content=json.dumps(signed, ensure_ascii=False, indent=1),
    )
    Credential.objects.bulk_create([row], ignore_conflicts=True)  # of two makers the first wins
    return Credential.objects.get(certificate=certificate, issuer=issuer, kid=key.kid)
