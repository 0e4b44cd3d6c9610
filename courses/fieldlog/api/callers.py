"""Who asks, and how often they may."""

from django.http import HttpRequest

from courses.fieldlog.api.faults import Refusal
from courses.fieldlog.models import Device
from courses.fieldlog.services import enrol
from tenants.throttle import too_often

#: Requests an hour: of one address without a token, and of one device.
ANONYMOUS_AN_HOUR = 1200
DEVICE_AN_HOUR = 6000


def token_of(request: HttpRequest) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def device_of(request: HttpRequest) -> Device:
    """The device of the token. Raises Refusal."""
    token = token_of(request)
    device = enrol.device_of(token) if token else None
    if device is None:
        limit_of(request, "field-guess", ANONYMOUS_AN_HOUR)
        raise Refusal(401, "token_unknown")
    if not enrol.is_welcome(device):
        raise Refusal(403, "device_revoked")
    limit_of(request, "field", DEVICE_AN_HOUR, str(device.uuid))
    return device


def limit_of(request: HttpRequest, action: str, limit: int, who: str = "") -> None:
    if too_often(request, action, limit, 3600, who):
        raise Refusal(429, "too_often")


def sender_of(request: HttpRequest) -> Device | None:
    """Who sends, when a good token says so; anybody may. Raises Refusal only for too many."""
    token = token_of(request)
    device = enrol.device_of(token) if token else None
    if device is None or device.revoked_at:
        limit_of(request, "field-anybody", ANONYMOUS_AN_HOUR)
        return None
    limit_of(request, "field", DEVICE_AN_HOUR, str(device.uuid))
    return device
