"""The hotline in Wagtail's admin: departments to edit, and the way to the desk."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from lms.plugin import PluginViewSet, hooks
from trainbase_hotline.models import Department


class DepartmentViewSet(PluginViewSet):  # type: ignore[misc]
    """Added to and edited; one with complaints is protected from deletion by its rows."""

    model = Department
    name = "hotline-departments"
    icon = "group"
    menu_label = _("办理部门")
    menu_order = 410
    list_display = ("name", "name_en", "contact", "active")
    form_fields = ("name", "name_en", "contact", "active")
    copy_view_enabled = False


class DeskItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: Any) -> bool:
        return bool(request.user.has_perm("hotline.view_complaint"))


@hooks.register("register_admin_viewset")
def departments() -> PluginViewSet:
    return DepartmentViewSet()


@hooks.register("register_admin_menu_item")
def desk_item() -> MenuItem:
    return DeskItem(_("维权热线"), reverse_lazy("hotline:desk"), icon_name="warning", order=400)
