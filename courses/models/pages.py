"""The base's public site: its home and its course catalogue."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from courses.directory.models import CourseListing
from courses.finding.highlight import highlighted
from courses.finding.services import Found, find, synonyms_of
from courses.grams import grams
from courses.models.classes import Project, TrainingClass

TEXT = [
    ("heading", blocks.CharBlock(label=_("标题"), max_length=60)),
    (
        "paragraph",
        blocks.RichTextBlock(label=_("段落"), features=["bold", "ol", "ul", "link", "hr"]),
    ),
]
from tenants.current import current_tenant, is_type
from tenants.plugins.pages import HoldsPluginPages


class BaseHomePage(HoldsPluginPages, Page):
    """The base's front page and its catalogue: its children are the courses."""

    body = StreamField(TEXT, blank=True, verbose_name=_("介绍"))

    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CoursePage"]
    template = "courses/base_home.html"
    max_count = 1

    class Meta:
        verbose_name = _("基地首页")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        at_base = is_type("base")
        return at_base and super().can_create_at(parent)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        query = request.GET.get("q", "").strip()[:60]
        courses = CoursePage.objects.live().child_of(self).select_related("project__trade")
        found = self._found(query)
        if query:
            order = list(found.listings.values_list("page_id", flat=True))
            here = {course.pk: course for course in courses.filter(pk__in=order)}
            courses = [here[pk] for pk in order if pk in here]
        page = Paginator(courses, 24).get_page(request.GET.get("page"))
        rows = [(course, highlighted(course.title, found.marks)) for course in page]
        return context | {
            "courses": page,
            "rows": rows,
            "query": query,
            "guessed": found.guessed,
            "tenant": current_tenant(),
        }

    def _found(self, query: str) -> Found:
        tenant = current_tenant()
        mine = CourseListing.objects.filter(tenant_id=tenant.pk)
        return find(mine, query, synonyms_of(tenant))


class CoursePage(Page):
    """课程: the public page of a project at this base."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, verbose_name=_("培训项目"))
    summary = models.CharField(_("一句话介绍"), max_length=160)
    place = models.CharField(_("培训地点"), max_length=120)
    contact = models.CharField(_("联系人"), max_length=40)
    contact_phone = models.CharField(_("联系电话"), max_length=30)
    syllabus = StreamField(
        [
            *TEXT,
            (
                "unit",
                blocks.StructBlock(
                    [
                        ("title", blocks.CharBlock(label=_("单元"), max_length=60)),
                        ("theory", blocks.IntegerBlock(label=_("理论课时"), min_value=0)),
                        ("practice", blocks.IntegerBlock(label=_("实操课时"), min_value=0)),
                        ("content", blocks.TextBlock(label=_("内容"), required=False)),
                    ],
                    label=_("教学单元"),
                ),
            ),
        ],
        blank=True,
        verbose_name=_("教学大纲"),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("project"),
        FieldPanel("summary"),
        FieldPanel("syllabus"),
        MultiFieldPanel(
            [FieldPanel("place"), FieldPanel("contact"), FieldPanel("contact_phone")],
            heading=_("地点与联系"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("grams")]
    parent_page_types = ["courses.BaseHomePage"]
    subpage_types: list[str] = []
    template = "courses/course.html"

    class Meta:
        verbose_name = _("课程")

    @property
    def units(self) -> list[Any]:
        return [block.value for block in self.syllabus if block.block_type == "unit"]

    def grams(self) -> str:
        """Title, trade, level and summary, cut so that part of a Chinese word finds them."""
        project = self.project
        return grams(
            " ".join(
                [self.title, project.name, project.trade.name, project.name_en, project.level_zh]
                + [self.summary]
            )
        )

    def next_classes(self) -> models.QuerySet[TrainingClass]:
        return (
            TrainingClass.objects.filter(
                project=self.project,
                state=TrainingClass.State.OPEN,
                starts_on__gte=timezone.localdate(),
            )
            .select_related("village__parent")
            .order_by("starts_on")
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"next_classes": self.next_classes(), "tenant": current_tenant()}
