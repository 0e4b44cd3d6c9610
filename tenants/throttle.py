"""Count how often an address asks, in the shared cache, per tenant."""

import hashlib
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def caller(request: HttpRequest) -> str:
    """The address that asks, as the outermost trusted proxy saw it.

    Each of `TRUSTED_PROXIES` proxies adds one entry at the right of X-Forwarded-For; whatever
    stands left of those was sent by the caller and proves nothing.
    """
    proxies = settings.TRUSTED_PROXIES
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(seen) >= proxies and seen[-proxies].strip():
        return str(seen[-proxies].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def _name(action: str, who: str, seconds: int) -> str:
    window = int(time.time()) // seconds
    return hashlib.sha256(f"{action}|{who}|{window}".encode()).hexdigest()


def too_often(request: HttpRequest, action: str, limit: int, seconds: int, who: str = "") -> bool:
    """True when this caller did `action` more than `limit` times within `seconds`; counts."""
    name = _name(action, who or caller(request), seconds)
    cache.add(name, 0, timeout=seconds * 2)
    try:
        return bool(cache.incr(name) > limit)
    except ValueError:  # it fell out of the cache in between
        return False


def used_up(request: HttpRequest, action: str, limit: int, seconds: int, who: str = "") -> bool:
    """True when `too_often` has counted `limit` already; does not count."""
    counted = cache.get(_name(action, who or caller(request), seconds), 0)
    return bool(counted >= limit)
