"""The ways from the centre's admin to requests, to the calendar of all bases, and to the holidays."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from tenants.current import is_type


class CentreItem(MenuItem):  # type: ignore[misc]
    """Shown at the centre to whoever has the permission."""

    permission = ""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_type("centre") and request.user.has_perm(self.permission)


class RequestsItem(CentreItem):
    permission = "requests.view_classrequest"


class CalendarItem(CentreItem):
    permission = "designations.view_trainingbase"


class HolidaysItem(CentreItem):
    permission = "requests.change_holiday"


@hooks.register("register_admin_menu_item")
def requests_item() -> MenuItem:
    return RequestsItem(
        _("开班申请"), "/desk/requests/", name="requests", icon_name="clipboard-list", order=89
    )


@hooks.register("register_admin_menu_item")
def calendar_item() -> MenuItem:
    return CalendarItem(
        _("各基地课程日历"), "/desk/calendar/", name="calendar", icon_name="calendar", order=90
    )


@hooks.register("register_admin_menu_item")
def holidays_item() -> MenuItem:
    # The menu outlives a year: the page leads on to the one that it is.
    return HolidaysItem(
        _("节假日"), "/desk/holidays/0/", name="holidays", icon_name="date", order=97
    )
