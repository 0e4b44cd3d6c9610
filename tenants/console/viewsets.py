"""The list of bases in the centre's admin."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from tenants.console import site_views, views
from tenants.console.access import PERMISSION, bases_of
from tenants.current import is_type
from tenants.designations.models import TrainingBase
from tenants.models import Domain

DESK = "on-desk"  # a column that a phone has no room for


class BaseIndex(IndexView):  # type: ignore[misc]
    """Bases in sight of this person, with state, expiry and site."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_type("centre"):
            raise Http404
        if not request.user.has_perm(PERMISSION("view_trainingbase")):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[TrainingBase]:
        hosts = Domain.objects.filter(tenant=OuterRef("tenant"), is_primary=True)
        found = bases_of(self.request.user).select_related("division", "tenant")
        return found.annotate(host=Subquery(hosts.values("domain")[:1]))


class BaseMenuItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return is_type("centre") and request.user.has_perm(PERMISSION("view_trainingbase"))


class BaseViewSet(ModelViewSet):  # type: ignore[misc]
    model = TrainingBase
    name = "console"
    url_prefix = "bases"
    icon = "group"
    menu_label = _("培训基地")
    menu_order = 90
    add_to_admin_menu = True
    add_to_reference_index = False
    index_view_class = BaseIndex
    index_results_template_name = "wagtailadmin/generic/index_results.html"
    form_fields: list[str] = []
    list_display = [
        TitleColumn("name", label=_("法定名称"), url_name="console:base"),
        StatusTagColumn("get_state_display", label=_("状态"), primary=True, sort_key="state"),
        Column("state_on", label=_("状态日期"), sort_key="state_on", classname=DESK),
        Column("division", label=_("所在地"), sort_key="division__code"),
        Column("ends_on", label=_("认定到期"), sort_key="ends_on"),
        Column("host", label=_("网站"), classname=DESK),
    ]
    list_filter = {"state": ["exact"], "ends_on": ["lte"]}
    list_export = ["name", "uscc", "get_state_display", "state_on", "division.name", "ends_on"]
    export_filename = "bases"
    search_fields = ["name", "uscc"]
    search_backend_name = None

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        return BaseMenuItem(
            self.menu_label,
            reverse("console:index"),
            name="bases",
            icon_name=self.icon,
            order=order or self.menu_order,
        )

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", views.base_detail, name="base"),
            path("<int:pk>/step/<slug:kind>/", views.base_step, name="step"),
            path("<int:pk>/notice/<int:number>/", views.base_notice, name="notice"),
            path("<int:pk>/site/open/", site_views.site_open, name="site_open"),
            path("<int:pk>/site/first/", site_views.site_first_link, name="site_first"),
            path("<int:pk>/site/<slug:kind>/", site_views.site_change, name="site_change"),
            path("<int:pk>/papers/<uuid:uuid>/", views.base_paper, name="paper"),
        ]
