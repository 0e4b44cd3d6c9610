"""The bytes of rosters and of what was read of them: sealed, since they hold resident IDs."""

from django.core.exceptions import ValidationError

from courses.models import RosterImport
from tenants import crypto
from tenants.current import current_tenant

SEALING = "roster/file"


def seal(content: bytes) -> bytes:
    return crypto.seal(content, SEALING, current_tenant().uuid.bytes)


def unseal(sealed: bytes) -> bytes:
    return crypto.unseal(sealed, SEALING, current_tenant().uuid.bytes)


def content_of(kept: RosterImport) -> bytes:
    """Raises ValidationError for a file that went when its term was over."""
    if not kept.file_sealed:
        raise ValidationError("保存期满，原件已清除 / its term is over, the file was deleted")
    return unseal(bytes(kept.file_sealed))
