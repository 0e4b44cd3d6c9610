"""The paper of a certificate: made once, kept, and handed out byte for byte ever after."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages

from certificates import fonts, pool
from certificates.claims import Claims
from certificates.designs.services.designs import freeze, unpack
from certificates.designs.services.keys import paper_key
from certificates.files import keep
from certificates.models import Certificate
from certificates.register.models import RegisterEntry
from certificates.render import FontsMissing, Print, has_foreign_paper, print_pdf, sheet_of
from certificates.services.attachment import attachments_of
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.models import Tenant


class PaperDamaged(RuntimeError):
    """The kept file is not the one that was made: it is not handed out."""

    SAID = {
        "zh": "保存的证书文件与制作时不一致，没有交出，请运维从备份恢复",
        "en": "the kept file is not the one that was made and is not handed out:"
        " an operator restores it from the backup",
    }


def verify_url(certificate: Certificate) -> str:
    """What the QR holds: the centre's address of the code, and the signed token behind `#`."""
    centre = Tenant.objects.get(pk=current_tenant().centre_id)
    return absolute(centre, f"/c/{certificate.code}") + f"#{certificate.token}"


def _path(certificate: Certificate) -> Path:
    name = f"certificates/{certificate.year}/{certificate.code}.pdf"
    return Path(storages["private"].path(name))


def is_made(certificate: Certificate) -> bool:
    return _path(certificate).exists()


def kept_file(certificate: Certificate) -> Path:
    """The file of a paper that is made. Raises PaperDamaged; FileNotFoundError while it is not."""
    kept(certificate)
    return _path(certificate)


def paper(certificate: Certificate) -> bytes:
    """The PDF: read when it is kept, made when it is not. Raises PaperDamaged.

    Makes it in this process, for workers and commands: a view asks `is_made` first.
    """
    if not is_made(certificate):
        keep(_path(certificate), print_pdf(_print_of(certificate)))
    return kept(certificate)


def kept(certificate: Certificate) -> bytes:
    """The paper that is made. Raises PaperDamaged; FileNotFoundError while it is not."""
    content = _path(certificate).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if not certificate.pdf_sha256:
        Certificate.objects.filter(pk=certificate.pk, pdf_sha256="").update(pdf_sha256=digest)
        certificate.refresh_from_db(fields=["pdf_sha256"])
    if certificate.pdf_sha256 != digest:
        raise PaperDamaged(certificate.number)
    return content


def make_papers(
    certificates: Sequence[Certificate],
) -> Iterator[tuple[Certificate, Exception | None]]:
    """Make those that are missing, on every core; what was wrong with which. Raises FontsMissing.

    A paper that fails stops no other. Safe to break off and to call again.
    """
    if not fonts.is_ready():
        raise FontsMissing(FontsMissing.SAID)
    missing = [each for each in certificates if not (each.pdf_sha256 and is_made(each))]
    if has_foreign_paper() or len(missing) < pool.WORTH_IT or settings.PAPER_PROCESSES < 2:
        for certificate in missing:
            yield certificate, _fault_of(certificate)
        return
    sheets = (sheet_of(_print_of(certificate)) for certificate in missing)
    drawn = pool.draw_all(sheets, fonts.folder(), settings.PAPER_PROCESSES)
    for certificate, content in zip(missing, drawn, strict=True):
        if isinstance(content, bytes):
            keep(_path(certificate), content)
            yield certificate, _fault_of(certificate)
        else:
            yield certificate, content


def _fault_of(certificate: Certificate) -> Exception | None:
    try:
        paper(certificate)
    except Exception as error:  # noqa: BLE001  (told to whoever started the job, for this person)
        return error
    return None


def _print_of(certificate: Certificate) -> Print:
    # The register's copy: the picture of the enrolment may have been changed since the issue.
    photo = RegisterEntry.objects.values_list("photo", flat=True).get(code=certificate.code)
    design, pictures = unpack(freeze(certificate))
    claims = Claims.from_json(certificate.claims)
    return Print(
        claims,
        verify_url(certificate),
        bytes(photo) if photo else None,
        design,
        pictures,
        attachments_of(certificate),
        replace(paper_key(certificate.year), name=claims.base_name),
    )
