"""Files of the tenant's site."""

from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest

#: Wagtail serves documents through its own view, with its own checks.
PUBLIC_FOLDERS = {"images", "original_images"}


def media(request: HttpRequest, path: str) -> FileResponse:
    """A picture from the folder of the tenant whose host was asked; 404 for anything else."""
    try:
        found = Path(default_storage.path(path))
    except SuspiciousFileOperation as error:
        raise Http404 from error
    if path.split("/", 1)[0] not in PUBLIC_FOLDERS or not found.is_file():
        raise Http404
    response = FileResponse(found.open("rb"))
    response["X-Content-Type-Options"] = "nosniff"
    return response
