"""What the pages of a site share: a picture, what is said of them elsewhere, an address of their own."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.models import Page, Site

from courses.site import structured
from courses.site.page_forms import SitePageForm
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.models import Tenant

#: What a link shows of a page where people send it to each other.
SOCIAL = "fill-1200x630|format-jpeg|jpegquality-78"


@dataclass(frozen=True)
class Social:
    """Empty where there is nothing to say."""

    title: str
    text: str
    url: str
    kind: str
    image: str = ""
    image_text: str = ""


def path_of(page: Page) -> str:
    """The address of a saved page on its site, whoever asks. Raises Site.DoesNotExist."""
    root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    return "/" + str(page.url_path).removeprefix(root.url_path)


def body_of(tenant: Tenant) -> structured.Body:
    return structured.Body(
        tenant.name,
        absolute(tenant),
        tenant.phone,
        tenant.address,
        tenant.division.name,
    )


class Shown:
    """For a page of the site: what it says of itself to those who have not opened it."""

    og_type = "website"

    def words(self) -> str:
        """One line for a preview: what was written for it, or the page's own lead."""
        said = getattr(self, "search_description", "") or getattr(self, "lead", "")
        return str(said or getattr(self, "summary", ""))[:200]

    def social_picture(self) -> Any:
        return getattr(self, "picture", None)

    def said(self) -> structured.Thing | None:
        """JSON-LD, or None."""
        return None

    def social(self) -> Social:
        tenant, picture = current_tenant(), self.social_picture()
        image = ""
        if picture is not None:
            rendition = _rendition(picture)
            image = absolute(tenant, rendition.url) if rendition else ""
        saved = bool(getattr(self, "url_path", ""))
        url = absolute(tenant, path_of(self)) if saved else ""  # type: ignore[arg-type]
        text = picture.default_alt_text if image else ""
        return Social(str(self), self.words(), url, self.og_type, image, text)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        social = self.social()
        said = self.said() if social.url else None
        return context | {
            "social": social,
            "structured": _safe(said) if said else "",
            "tenant": current_tenant(),
        }


def _safe(thing: structured.Thing) -> SafeString:
    return mark_safe(structured.script(thing))


def _rendition(picture: Any) -> Any:
    """None where the file is gone or is no picture: a page never fails for its preview."""
    try:
        return picture.get_rendition(SOCIAL)
    except (OSError, ValueError):
        return None


class SitePage(Shown, Page):  # type: ignore[misc]
    """A page with a picture that is chosen; everything fits also without one."""

    picture = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("题图"),
        help_text=_("在图片库里写说明、标出焦点：裁剪时焦点总在画面里"),
    )

    base_form_class = SitePageForm
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("search_description"), FieldPanel("show_in_menus")],
            heading=_("网址与分享"),
        )
    ]

    class Meta:
        abstract = True
