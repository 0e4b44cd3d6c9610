"""What lies in the PDF for machines."""

import json

from certificates.models import Certificate
from certificates.services.credentials import first_credential


def attachments_of(certificate: Certificate) -> dict[str, bytes]:
    """The claims with the signed token, and the credential: files by name, the same bytes each time."""
    said = {"claims": certificate.claims, "token": certificate.token}
    claims = json.dumps(said, sort_keys=True, ensure_ascii=False, indent=1)
    return {
        "certificate.json": claims.encode(),
        "credential.json": first_credential(certificate).encode(),
    }
