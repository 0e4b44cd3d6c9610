"""The sample paper beside the form of a design."""

import re

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from certificates.designs.models import CertificateDesign
from certificates.designs.services import previews
from certificates.designs.services.designs import facts_of
from tenants.staff.access import actor, may

#: The sample stands in a frame on the preview, which stands in a frame beside Wagtail's form.
FRAMED = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'"
)


def preview(request: HttpRequest, edited: CertificateDesign) -> HttpResponse:
    """Called by Wagtail, which has asked whether this person may edit."""
    design, found = facts_of(edited)
    digest = previews.wish(design, found, actor(request))
    context = {"digest": digest, "ready": previews.file_of(digest).exists()}
    response = render(request, "designs/preview.html", context)
    response["Content-Security-Policy"] = FRAMED
    return response


@may("designs.change_certificatedesign")
def design_preview(request: HttpRequest, digest: str) -> FileResponse:
    """The sample that was drawn for a design of this tenant."""
    path = previews.file_of(digest) if re.fullmatch("[0-9a-f]{64}", digest) else None
    if path is None or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # Chromium's own reader of PDFs obeys the policy of the file.
    response["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    return response
