"""The units, in Wagtail's admin."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView

from lms.plugin import PluginViewSet
from trainbase_letters.forms import UnitForm
from trainbase_letters.models import Unit


class UnitIndex(IndexView):  # type: ignore[misc]
    def get_base_queryset(self) -> QuerySet[Unit]:
        return Unit.objects.select_related("division", "parent")


class UnitViewSet(PluginViewSet):
    model = Unit
    name = "letters_units"
    url_prefix = "letters/units"
    icon = "group"
    menu_label = _("责任单位")
    menu_order = 96
    index_view_class = UnitIndex
    copy_view_enabled = False
    list_display = [
        TitleColumn("name", label=_("单位名称"), url_name="letters_units:edit"),
        Column("get_kind_display", label=_("类别"), sort_key="kind"),
        Column("parent", label=_("上级单位"), sort_key="parent__name"),
        Column("division", label=_("行政区划"), sort_key="division__code"),
        Column("leader", label=_("责任人"), sort_key="leader"),
        Column("active", label=_("在用"), sort_key="active"),
    ]
    list_export = [
        *("name", "get_kind_display", "parent_name", "division_code", "trades", "leader", "active")
    ]
    list_filter = ["kind", "active"]
    search_fields = ["name", "leader"]
    search_backend_name = None
    export_filename = "units"

    export_headings = {
        "get_kind_display": _("类别"),
        "parent_name": _("上级单位"),
        "division_code": _("行政区划代码"),
    }

    def get_form_class(self, for_update: bool = False) -> Any:
        return UnitForm
