"""What a phone asks of its base: docs/reference/field-protocol.md, and OpenAPI beside it.

Nobody is signed in here: events carry their device's signature, and a token opens only the pack. So
there is no cookie to ride on, and no CSRF.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.urls import URLPattern, URLResolver
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI

from courses.fieldlog.api import log, phone
from courses.fieldlog.api.faults import answer_faults, fault, is_disk_full

logger = logging.getLogger(__name__)
LARGEST_REQUEST = 512 * 1024  # bytes
api = NinjaAPI(title="Trainbase field log", version="1", urls_namespace="field", docs_url=None)
answer_faults(api)
api.add_router("", phone.router)
api.add_router("", log.router)


def _too_large(request: HttpRequest) -> HttpResponse | None:
    """Refuse before it is read what no phone sends at once."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= LARGEST_REQUEST:
        return None
    return fault(413, "blob_too_large" if request.method == "PUT" else "batch_too_large")


def marked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Say on every answer that it is ours, also on refusals: a captive portal answers 200 too."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _too_large(request)
        try:
            response = response or view(request, *args, **kwargs)
        except RawPostDataException:  # a form, which something has read before
            response = fault(400, "not_json")
        except (OSError, OperationalError) as error:
            if not is_disk_full(error):
                raise
            logger.error("the disk is full: %s", type(error).__name__)
            if connection.in_atomic_block:  # a half of it must not stay
                transaction.set_rollback(True)
            response = fault(507, "disk_full")
        response["X-Trainbase"] = "field/1"
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ("Authorization",))
        return response

    return answer


def addresses() -> tuple[list[URLResolver | URLPattern], str, str]:
    """For `path("api/field/v1/", ...)`."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = marked(pattern.callback)
    return patterns, app, namespace
