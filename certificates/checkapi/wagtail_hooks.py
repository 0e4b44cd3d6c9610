"""Keys of the checking API in the centre's admin; they do not exist at a base."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from certificates.checkapi import views
from certificates.checkapi.models import ApiKey
from tenants.current import is_type

DESK = "on-desk"  # a column that a phone has no room for


class KeyIndex(IndexView):  # type: ignore[misc]
    any_permission_required = None  # the one permission of keys is asked below

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_type("centre"):
            raise Http404
        if not request.user.has_perm(views.MANAGE):
            raise PermissionDenied
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get_base_queryset(self) -> QuerySet[ApiKey]:
        return ApiKey.objects.annotate(asked=Sum("uses__asked"), last=Max("uses__at"))

    @property
    def header_buttons(self) -> list[Any]:
        return [
            HeaderButton(_("新的密钥"), url=reverse("check-keys:new"), icon_name="plus"),
            HeaderButton(_("使用记录"), url=reverse("check-keys:uses"), icon_name="list-ul"),
        ]


class KeyMenuItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return is_type("centre") and request.user.has_perm(views.MANAGE)


def _state(key: ApiKey) -> str:
    return str(_("已停用") if key.ended_at else _("在用"))


def _last(key: Any) -> str:
    return f"{timezone.localtime(key.last):%Y-%m-%d %H:%M}" if key.last else "—"


class KeyViewSet(ModelViewSet):  # type: ignore[misc]
    model = ApiKey
    name = "check-keys"
    url_prefix = "check-keys"
    icon = "key"
    menu_label = _("核验接口")
    menu_order = 98
    add_to_admin_menu = True
    add_to_reference_index = False
    index_view_class = KeyIndex
    index_results_template_name = "wagtailadmin/generic/index_results.html"
    form_fields: list[str] = []
    list_display = [
        TitleColumn("name", label=_("给谁"), url_name="check-keys:key"),
        Column("state", label=_("状态"), accessor=_state),
        Column("shown", label=_("密钥"), classname=DESK),
        Column("quota", label=_("每日限额（份）")),
        Column("asked", label=_("累计份数"), classname=DESK),
        Column("last", label=_("最近使用"), accessor=_last, classname=DESK),
    ]

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        return KeyMenuItem(
            self.menu_label,
            reverse("check-keys:index"),
            name="check-keys",
            icon_name=self.icon,
            order=order or self.menu_order,
        )

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", views.key_new, name="new"),
            path("uses/", views.use_list, name="uses"),
            path("<int:pk>/", views.key_detail, name="key"),
            path("<int:pk>/end/", views.key_end, name="end"),
        ]


@hooks.register("register_admin_viewset")
def keys() -> KeyViewSet:
    return KeyViewSet()
