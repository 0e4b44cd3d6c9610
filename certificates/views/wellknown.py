"""Documents for machines at addresses that everybody knows. No sign-in, no cookie."""

import hashlib
import json
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from certificates.register.models import LogHead
from certificates.services import trust
from tenants.current import current_tenant
from tenants.models import Tenant
from tenants.throttle import too_often


@require_safe
def trust_list(request: HttpRequest) -> HttpResponse:
    return _json(request, trust.trust_list)


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    return _json(request, trust.jwks, "application/jwk-set+json")


@require_safe
def did_document(request: HttpRequest) -> HttpResponse:
    return _json(request, lambda: trust.did_document(current_tenant()), "application/did+json")


@require_safe
def status_list(request: HttpRequest, issuer: str, number: int) -> HttpResponse:
    """Of a base of this centre; 404 for a list that has no certificate."""
    bases = Tenant.objects.filter(centre_id=current_tenant().pk, issuer_code=issuer)
    base = bases.first()
    if base is None or not trust.has_list(base, number):
        raise Http404
    return _json(request, lambda: trust.status_list(base, number))


@require_safe
def log_heads(request: HttpRequest, day: str = "") -> HttpResponse:
    """The heads of a day, YYYY-MM-DD; without one, of the last day that has any."""
    if not day:
        last = LogHead.objects.filter(tenant__centre_id=current_tenant().pk).order_by("-day")
        found = last.values_list("day", flat=True).first() or timezone.localdate()
    else:
        try:
            found = date.fromisoformat(day)
        except ValueError as error:
            raise Http404 from error
    return _json(request, lambda: trust.heads(found))


def _json(request: HttpRequest, make: Any, kind: str = "application/json") -> HttpResponse:
    if too_often(request, "wellknown", 600, 60):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    content = json.dumps(make(), ensure_ascii=False).encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": f"public, max-age={trust.LAG}",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
    }
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(content, content_type=kind, headers=headers)
