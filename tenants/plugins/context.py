"""What every page may ask of plugins; no query."""

from typing import Any

from django.http import HttpRequest

from tenants.plugins.reports import reports


def plugins(request: HttpRequest) -> dict[str, Any]:
    return {"reports_here": bool(reports.on())}
