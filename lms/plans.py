"""What the centre keeps for planning: when classes need its approval, and when people have time."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views import generic

from courses.requests.models import OpeningPolicy, SeasonWindow
from lms.wagtail_hooks import AtCentre, CentreViewSet, Create, Edit, Index
from tenants.current import current_tenant


class OwnIndex(Index):
    """The centre's own rows."""

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().filter(centre_id=current_tenant().pk)  # type: ignore[no-any-return]


class OwnCreate(Create):
    def save_instance(self) -> Any:
        self.form.instance.centre_id = current_tenant().pk
        return super().save_instance()


class PolicyCreate(OwnCreate):
    def get_success_buttons(self) -> list[Any]:
        """None leads to its form: what is in force is not edited."""
        return []


class OwnEdit(Edit):
    def get_queryset(self) -> QuerySet[Any]:
        return SeasonWindow.objects.filter(centre_id=current_tenant().pk)


class OwnDelete(AtCentre, generic.DeleteView):  # type: ignore[misc]
    def get_queryset(self) -> QuerySet[Any]:
        return SeasonWindow.objects.filter(centre_id=current_tenant().pk)


class PolicyViewSet(CentreViewSet):
    """Never edited: what is to hold from a later day is another row."""

    model = OpeningPolicy
    name = "opening-policies"
    icon = "check"
    menu_label = _("开班审批办法")
    menu_order = 96
    list_display = (
        *("document", "effective_from"),
        BooleanColumn("demands", label=_("开班须经中心批准")),
        *("days_before", "change_days_before"),
    )
    list_filter = ("demands",)
    list_export = (*("document", "effective_from", "demands", "days_before", "change_days_before"),)
    form_fields = (
        *("effective_from", "document", "demands", "days_before", "change_days_before"),
        *("day_from", "day_to"),
    )
    index_view_class, add_view_class = OwnIndex, PolicyCreate
    KEPT = frozenset({"index", "index_results", "add"})
    GONE = (*CentreViewSet.GONE, "edit_url_name")


class SeasonViewSet(CentreViewSet):
    """Off-seasons between two solar terms."""

    model = SeasonWindow
    name = "season-windows"
    icon = "date"
    menu_label = _("农闲时段")
    menu_order = 97
    list_display = ("name", "starts", "ends")
    list_export = form_fields = ("name", "name_en", "starts", "ends")
    index_view_class, add_view_class, edit_view_class = OwnIndex, OwnCreate, OwnEdit
    delete_view_class = OwnDelete
    KEPT = CentreViewSet.KEPT | {"delete"}
    GONE = ("history_url_name", "usage_url_name")
