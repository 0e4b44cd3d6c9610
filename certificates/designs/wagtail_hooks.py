"""Designs in Wagtail's admin: drafts, history, preview, publication."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from certificates.designs.models import CertificateDesign


class DesignViewSet(SnippetViewSet):  # type: ignore[misc]
    """One design is live at a time: to publish another takes it out of use."""

    model = CertificateDesign
    icon = "doc-full"
    menu_label = _("证书版式")
    menu_order = 155
    menu_name = "designs"
    admin_url_namespace = "designs"
    base_url_path = "designs"
    add_to_admin_menu = True
    add_to_reference_index = False
    list_display: list[Any] = [
        "name",
        Column("get_paper_display", label=_("纸张"), sort_key="paper", classname="on-desk"),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    list_filter = ("paper",)
    list_export = ("name", "get_paper_display", "live", "latest_revision_created_at")
    copy_view_enabled = True

    def register_chooser_viewset(self) -> None:
        """No page chooses a design."""


register_snippet(DesignViewSet)
