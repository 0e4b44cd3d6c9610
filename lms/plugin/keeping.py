"""What a plugin keeps safely: secrets of its tenant, and files that have no address."""

import hashlib
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse

from tenants import crypto, uploads
from tenants.current import current_tenant
from tenants.tables import download

SEALING, FINDING = "plugin/sealing", "plugin/finding"
FOLDER = "plugins/"
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg"}


@dataclass(frozen=True)
class Upload:
    """A file that was let in: keep these three in a row of yours. `path` is no address."""

    path: str
    name: str
    sha256: str


def save_private(plugin: str, uploaded: UploadedFile) -> Upload:
    """Check and keep a PDF, JPEG or PNG of at most 10 MB. Raises ValidationError.

    Pictures are drawn anew, without position and other hidden data.
    """
    if uploaded.size is None or uploaded.size > uploads.LARGEST:
        raise ValidationError("文件超过 10 MB，请缩小后再上传 / the file is larger than 10 MB")
    content, suffix = uploads.kept_file(uploaded.read())
    path = storages["private"].save(
        f"{FOLDER}{plugin}/{uuid.uuid4().hex}.{suffix}", ContentFile(content)
    )
    return Upload(path, str(uploaded.name or "")[-120:], hashlib.sha256(content).hexdigest())


def private_file(upload: Upload) -> HttpResponse:
    """The file as a download; the view has asked before who may see it. 404 when it is not there."""
    storage = storages["private"]
    if not upload.path.startswith(FOLDER) or not storage.exists(upload.path):
        raise Http404
    with storage.open(upload.path) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise Http404
    suffix = upload.path.rpartition(".")[2]
    return download(content, upload.name or f"file.{suffix}", KINDS.get(suffix, "application/pdf"))


def seal(text: str) -> bytes:
    """Sealed for this tenant (AES-256-GCM); keep it in a BinaryField."""
    return crypto.seal(text.encode(), SEALING, current_tenant().uuid.bytes)


def unseal(blob: bytes) -> str:
    """What `seal` sealed at this tenant. Raises ValueError for anything else."""
    return crypto.unseal(bytes(blob), SEALING, current_tenant().uuid.bytes).decode()


def digest(text: str) -> bytes:
    """The same for the same text at this tenant only, and no way back: to find a sealed value."""
    return crypto.keyed_digest(text, FINDING, current_tenant().uuid.bytes)
