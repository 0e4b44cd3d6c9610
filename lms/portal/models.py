"""The centre's portal: what it is, as the centre writes it in Wagtail."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.site import structured
from courses.site.bases import Shown, body_of
from courses.site.blocks import TEXT
from lms.portal.figures import portal_figures
from tenants.current import current_tenant, is_type
from tenants.plugins.pages import HoldsPluginPages


class CentreHomePage(HoldsPluginPages, Shown, Page):
    """The centre's front page."""

    body = StreamField(TEXT, blank=True, verbose_name=_("介绍"))

    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types: list[str] = []
    template = "portal/centre_home.html"
    max_count = 1

    class Meta:
        verbose_name = _("中心首页")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        at_centre = is_type("centre")
        return at_centre and super().can_create_at(parent)

    def said(self) -> structured.Thing:
        here = structured.organization(body_of(current_tenant()), "GovernmentOrganization")
        return {"@context": "https://schema.org"} | here

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | portal_figures(current_tenant())
