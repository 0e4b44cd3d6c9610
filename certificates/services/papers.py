"""The paper of a certificate: made once, kept, and handed out byte for byte ever after."""

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from django.core.files.storage import storages

from certificates.claims import Claims
from certificates.models import Certificate
from certificates.register.models import RegisterEntry
from certificates.render import render_pdf
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.models import Tenant


class PaperDamaged(RuntimeError):
    """The kept file is not the one that was made: it is not handed out."""


def verify_url(certificate: Certificate) -> str:
    """What the QR holds: the centre's address of the code, and the signed token behind `#`."""
    centre = Tenant.objects.get(pk=current_tenant().centre_id)
    return absolute(centre, f"/c/{certificate.code}") + f"#{certificate.token}"


def _path(certificate: Certificate) -> Path:
    name = f"certificates/{certificate.year}/{certificate.code}.pdf"
    return Path(storages["private"].path(name))


def paper(certificate: Certificate) -> bytes:
    """The PDF: read when it is kept, made when it is not. Raises PaperDamaged."""
    path = _path(certificate)
    if not path.exists():
        _keep(path, _render(certificate))
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if not certificate.pdf_sha256:
        Certificate.objects.filter(pk=certificate.pk, pdf_sha256="").update(pdf_sha256=digest)
        certificate.refresh_from_db(fields=["pdf_sha256"])
    if certificate.pdf_sha256 != digest:
        raise PaperDamaged(certificate.number)
    return content


def _render(certificate: Certificate) -> bytes:
    # The register's copy: the picture of the enrolment may have been changed since the issue.
    photo = RegisterEntry.objects.get(code=certificate.code).photo
    return render_pdf(
        Claims.from_json(certificate.claims),
        verify_url(certificate),
        bytes(photo) if photo else None,
    )


def _keep(path: Path, content: bytes) -> None:
    """Write whole or not at all; of two writers the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(file.name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(file.name)


def class_zip(certificates: Iterable[Certificate]) -> bytes:
    """All papers of a class, named by number and holder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for certificate in certificates:
            entry = zipfile.ZipInfo(f"{certificate.number}-{_safe(certificate.holder_name)}.pdf")
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, paper(certificate))
    return buffer.getvalue()


def _safe(name: str) -> str:
    return "".join(c for c in name if c.isalnum() or c in "·-") or "-"
