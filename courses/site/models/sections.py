"""The sections of a base's site: each stands once below the home, and lists what is in it."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.models.pages import CoursePage, ListsCourses
from courses.site import structured
from courses.site.bases import SitePage, body_of
from courses.site.blocks import PlaceBlock
from courses.site.rules import state_of
from tenants.current import current_tenant, is_type

A_PAGE = 12


class Section(SitePage):
    """Below a base's home only, and once: the menu is made of the sections."""

    lead = models.CharField(_("导语"), max_length=160, blank=True)

    #: What the menu says in the reader's language while the page has the title that it began with.
    TITLE: Any = ""
    SLUG = ""

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("picture")]
    parent_page_types = ["courses.BaseHomePage"]
    max_count = 1

    class Meta:
        abstract = True

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        return is_type("base") and super().can_create_at(parent)

    @property
    def menu_title(self) -> str:
        return str(self.TITLE) if get_language() == "en" else str(self.title)

    def has_something(self) -> bool:
        """Whether the menu leads here: an empty section disappoints."""
        return bool(self.get_children().live().exists())

    def listed(self) -> Any:
        raise NotImplementedError

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        found = Paginator(self.listed(), A_PAGE).get_page(request.GET.get("page"))
        return context | {"listed": found}


class CataloguePage(ListsCourses, Section):
    """课程目录: every course of the base, and the search."""

    TITLE, SLUG = _("培训课程"), "courses"

    subpage_types = ["courses.CoursePage"]
    template = "site/catalogue.html"

    class Meta:
        verbose_name = _("课程目录")

    def has_something(self) -> bool:
        return CoursePage.objects.live().exists()

    def listed(self) -> Any:
        return []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | self.courses_for(request)


class NewsIndexPage(Section):
    """新闻通知: news and notices of classes, the newest first."""

    TITLE, SLUG = _("新闻通知"), "news"

    subpage_types = ["site.NewsPage", "site.ClassNoticePage"]
    template = "site/news_index.html"

    class Meta:
        verbose_name = _("新闻通知栏目")

    def listed(self) -> Any:
        return self.get_children().live().order_by("-first_published_at", "-pk").specific()


class StoryIndexPage(Section):
    """学员故事: those whose consent holds today."""

    TITLE, SLUG = _("学员故事"), "stories"

    subpage_types = ["site.StoryPage"]
    template = "site/story_index.html"

    class Meta:
        verbose_name = _("学员故事栏目")

    def listed(self) -> Any:
        from courses.site.models.writing import StoryPage

        shown = StoryPage.objects.child_of(self).live().shown()
        return shown.order_by("-first_published_at", "-pk").select_related("picture")

    def has_something(self) -> bool:
        return bool(self.listed().exists())


class PolicyIndexPage(Section):
    """政策: what holds first, what has ended last."""

    TITLE, SLUG = _("政策明白卡"), "policies"

    subpage_types = ["site.PolicyPage"]
    template = "site/policy_index.html"

    class Meta:
        verbose_name = _("政策栏目")

    def listed(self) -> Any:
        from courses.site.models.writing import PolicyPage

        today = timezone.localdate()
        found = list(PolicyPage.objects.child_of(self).live().order_by("-issued_on", "-pk"))
        return sorted(found, key=lambda p: state_of(p.valid_from, p.valid_until, today) == "over")


class ContactPage(Section):
    """联系我们: one sheet, good on paper."""

    TITLE, SLUG = _("联系我们"), "contact"

    places = StreamField(
        [("place", PlaceBlock())], blank=True, max_num=12, verbose_name=_("地点与联系人")
    )

    content_panels = [*Section.content_panels, FieldPanel("places")]
    subpage_types: list[str] = []
    template = "site/contact.html"

    class Meta:
        verbose_name = _("联系我们")

    def has_something(self) -> bool:
        return True

    def listed(self) -> Any:
        return []

    def said(self) -> structured.Thing:
        return {"@context": "https://schema.org"} | structured.organization(
            body_of(current_tenant())
        )
