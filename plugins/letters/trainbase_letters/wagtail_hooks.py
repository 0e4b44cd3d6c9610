"""What the plugin adds to the centre's admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from lms.plugin import hooks
from trainbase_letters.access import VIEW
from trainbase_letters.viewsets import UnitViewSet


class LettersItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))


@hooks.register("register_admin_viewset")
def units() -> UnitViewSet:
    return UnitViewSet()


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [path("letters/", include("trainbase_letters.admin_urls", namespace="letters"))]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return LettersItem(
        _("责任状"), reverse_lazy("letters:board"), name="letters", icon_name="tasks", order=95
    )
