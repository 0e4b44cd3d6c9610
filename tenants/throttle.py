"""Count how often an address asks, in the shared cache, per tenant."""

import hashlib
import time

from django.core.cache import cache
from django.http import HttpRequest


def too_often(request: HttpRequest, action: str, limit: int, seconds: int, who: str = "") -> bool:
    """True when this caller did `action` more than `limit` times within `seconds`."""
    caller = who or request.META.get("REMOTE_ADDR", "")
    window = int(time.time()) // seconds
    name = hashlib.sha256(f"{action}|{caller}|{window}".encode()).hexdigest()
    cache.add(name, 0, timeout=seconds * 2)
    try:
        return bool(cache.incr(name) > limit)
    except ValueError:  # it fell out of the cache in between
        return False
