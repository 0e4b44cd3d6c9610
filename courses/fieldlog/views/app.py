"""The phone app: a page, its files and its service worker, as `courses/field` builds them."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from courses.built import BuiltApp

APP = BuiltApp(Path(__file__).parents[2] / "field" / "dist", "/field/")


@require_safe
def field_app(request: HttpRequest) -> HttpResponse:
    return APP.page(request)


@require_safe
def field_file(request: HttpRequest, name: str) -> HttpResponse:
    return APP.file(request, name)


@require_safe
def field_manifest(request: HttpRequest) -> HttpResponse:
    """Each base under its own name."""
    title = request.tenant.title  # type: ignore[attr-defined]
    return APP.manifest(f"考勤 · {title}", "考勤")
