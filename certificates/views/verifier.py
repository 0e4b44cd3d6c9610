"""The verifier that works without a network: its page and files, and what the register says now.

`certificates/verifier` is its source. With a network it asks here about the code of the same QR, since a
token does not name its code: the digest of all claims, which the code is one of, binds the two.
"""

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from certificates.register.status import UNKNOWN, Answer, look_up_code
from certificates.token import CODE_LENGTH, DIGEST_BYTES
from courses.built import BuiltApp
from tenants.throttle import too_often

APP = BuiltApp(Path(__file__).parents[1] / "verifier" / "dist", "/verify/", "#14508c")


@require_safe
def verifier_app(request: HttpRequest) -> HttpResponse:
    return APP.page(request)


@require_safe
def verifier_file(request: HttpRequest, name: str) -> HttpResponse:
    return APP.file(request, name)


@require_safe
def verifier_manifest(request: HttpRequest) -> HttpResponse:
    title = request.tenant.title  # type: ignore[attr-defined]
    return APP.manifest(f"证书核验 Verify · {title}", "证书核验")


@require_safe
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """The status of a code, and the digest that a token beside it must have. 200 for unknown codes
    too, in the same shape.
    """
    if too_often(request, "verify", 120, 60):
        return JsonResponse({"busy": True}, status=429, headers={"Retry-After": "60"})
    known = len(code) == CODE_LENGTH
    answer = JsonResponse(_said(look_up_code(code) if known else Answer(UNKNOWN)))
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _said(answer: Answer) -> dict[str, Any]:
    entry, claims = answer.entry, answer.claims
    gone = entry.revoked_on if entry and claims else None
    return {
        "v": 1,
        "status": answer.status,
        "number": claims.number if claims else "",
        "digest": claims.digest()[:DIGEST_BYTES].hex() if claims else "",
        "gone": str(gone) if gone else "",
        "reason": entry.reason if entry and gone else "",
        "next": entry.superseded_by if entry and gone else "",
        "fault": list((answer.fault or ())[:2]),
    }
