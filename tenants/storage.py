"""Files: one folder per tenant, named by its UUID, so that no two tenants' names can collide."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from tenants.current import current_tenant


@deconstructible
class TenantStorage(FileSystemStorage):
    """Resolves every name below the folder of the tenant that the connection serves now."""

    root_setting = ""

    @property
    def base_location(self) -> str:  # type: ignore[override]
        return str(Path(getattr(settings, self.root_setting)) / str(current_tenant().uuid))

    @property
    def location(self) -> str:  # type: ignore[override]
        return self.base_location


@deconstructible
class MediaStorage(TenantStorage):
    """Pictures and documents of the site; `/media/` serves them on the tenant's own host."""

    root_setting = "MEDIA_ROOT"


@deconstructible
class PrivateStorage(TenantStorage):
    """Certificates and other files that only a view with a permission check hands out."""

    root_setting = "PRIVATE_ROOT"

    def url(self, name: str | None) -> str:
        raise NotImplementedError("private files have no address")
