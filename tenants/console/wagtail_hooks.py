"""The console in Wagtail's admin; it does not exist at a base."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

from tenants.console.viewsets import BaseViewSet


@hooks.register("register_admin_viewset")
def bases() -> BaseViewSet:
    return BaseViewSet()


@hooks.register("insert_global_admin_css")
def style() -> str:
    """Tables and links that fit a phone, on every page of the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("console.css"))


@hooks.register("construct_help_menu")
def no_foreign_guides(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail's guide and news are English pages of another site: no help to a clerk."""
    items[:] = [item for item in items if not item.name.startswith(("whats-new", "editor-guide"))]
