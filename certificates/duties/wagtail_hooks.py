"""The way from the centre's admin to its checks."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from tenants.current import is_type


class FollowUpItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return is_type("centre") and request.user.has_perm("duties.check_sample")


@hooks.register("register_admin_menu_item")
def follow_up_item() -> MenuItem:
    return FollowUpItem(
        _("抽查与开班审查"), "/desk/follow-up/", name="follow-up", icon_name="mobile-alt", order=93
    )
