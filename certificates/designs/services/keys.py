"""The key by which this base signs the papers of a year."""

from django.db import transaction

from certificates.designs.models import PaperSigningKey
from certificates.signing import PaperKey, new_key
from tenants import crypto
from tenants.current import current_tenant

PURPOSE = "certificates/paper"


@transaction.atomic
def paper_key(year: int) -> PaperKey:
    """The base's key of `year`, made at its first use: of two makers the first wins."""
    tenant = current_tenant()
    kept = PaperSigningKey.objects.filter(year=year).first()
    if kept is None:
        made = new_key(tenant.name, f"{tenant.issuer_code}-{year}-paper", year)
        sealed = crypto.seal(made.private, PURPOSE, tenant.uuid.bytes)
        PaperSigningKey.objects.bulk_create(
            [PaperSigningKey(year=year, certificate=made.certificate, private_sealed=sealed)],
            ignore_conflicts=True,
        )
        kept = PaperSigningKey.objects.get(year=year)
    private = crypto.unseal(bytes(kept.private_sealed), PURPOSE, tenant.uuid.bytes)
    return PaperKey(private, bytes(kept.certificate), tenant.name)
