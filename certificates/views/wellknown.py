"""Documents for machines at addresses that everybody knows. No sign-in, no cookie."""

import hashlib
import json
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tenants.utils import tenant_context

from certificates.models import Certificate
from certificates.register.models import LogHead
from certificates.register.status import UNKNOWN, look_up_code
from certificates.services import credentials, trust
from tenants.cells import cell_of, is_here
from tenants.current import current_tenant
from tenants.models import Tenant
from tenants.throttle import too_often

VC = "application/vc"  # W3C Verifiable Credentials 2.0, 6.2


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
def status_list_credential(request: HttpRequest, issuer: str, number: int) -> HttpResponseBase:
    """The same list as a W3C credential; of a base that has moved, where it is now."""
    base = _base(issuer)
    if not trust.has_list(base, number):
        raise Http404
    if not is_here(base):
        return _moved(base, request.path)
    return _json(request, lambda: trust.status_list_credential(base, number), VC)


@require_safe
def issuer_document(request: HttpRequest, issuer: str) -> HttpResponse:
    """The DID document under which a base of this centre issues credentials."""
    base = _base(issuer)
    return _json(request, lambda: trust.issuer_document(base), "application/did+json")


def _base(issuer: str) -> Tenant:
    bases = Tenant.objects.filter(centre_id=current_tenant().pk, type=Tenant.Type.BASE)
    return get_object_or_404(bases, issuer_code=issuer)


def _moved(base: Tenant, path: str) -> HttpResponseBase:
    centre = cell_of(base).centre.rstrip("/")
    if not centre:
        raise Http404
    return redirect(f"{centre}{path}")


@require_safe
def credential(request: HttpRequest, code: str) -> HttpResponseBase:
    """The certificate as an Open Badges 3.0 credential, for whoever has the code. 404 for unknown codes
    and for what is not believed; one that was revoked is given, its status says so.
    """
    if too_often(request, "verify", 120, 60):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    answer = look_up_code(code)
    if answer.elsewhere:
        return redirect(f"{answer.elsewhere}/credential.json")
    if answer.status == UNKNOWN or answer.entry is None:
        raise Http404
    with tenant_context(answer.entry.tenant):
        try:
            kept = credentials.credential(Certificate.objects.get(code=answer.entry.code))
        except credentials.OnItsWay:
            return HttpResponse(status=503, headers={"Retry-After": "600"})
    response = _answer(request, kept.encode(), VC)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


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
    return _answer(request, json.dumps(make(), ensure_ascii=False).encode(), kind)


def _answer(request: HttpRequest, content: bytes, kind: str) -> HttpResponse:
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
