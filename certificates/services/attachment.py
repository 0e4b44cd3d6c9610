"""What lies in the PDF for machines."""

import json

from certificates.models import Certificate


def attachment_of(certificate: Certificate) -> bytes:
    """The claims and the signed token, as JSON with sorted keys: the same bytes each time."""
    said = {"claims": certificate.claims, "token": certificate.token}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, indent=1).encode()
