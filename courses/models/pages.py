"""The base's public site: its home and its courses. The other pages are in `courses.site`."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from courses.directory.models import CourseListing
from courses.finding.highlight import highlighted
from courses.finding.services import Found, find, synonyms_of
from courses.grams import grams
from courses.models.classes import Project, TrainingClass
from courses.site import structured
from courses.site.bases import SitePage, body_of, path_of
from courses.site.blocks import TEXT, QuestionBlock, TeacherBlock, label_weeks, unit_block
from tenants.current import current_tenant, is_type
from tenants.links import absolute
from tenants.plugins.pages import HoldsPluginPages

A_PAGE = 24
ON_THE_FRONT = 6


class ListsCourses:
    """The base's published courses, all or those that the words of a search mean."""

    def courses_for(self, request: HttpRequest, at_most: int = 0) -> dict[str, Any]:
        """Context of the list. `at_most` shortens it while nothing is searched for."""
        query = request.GET.get("q", "").strip()[:60]
        courses = CoursePage.objects.live().select_related("project__trade", "picture")
        found = _found(query)
        if query:
            order = list(found.listings.values_list("page_id", flat=True))
            here = {course.pk: course for course in courses.filter(pk__in=order)}
            courses = [here[pk] for pk in order if pk in here]
        else:
            courses = courses.order_by("path")
        size = at_most if at_most and not query else A_PAGE
        page = Paginator(courses, size).get_page(request.GET.get("page"))
        rows = [(course, highlighted(course.title, found.marks)) for course in page]
        return {"courses": page, "rows": rows, "query": query, "guessed": found.guessed}


def _found(query: str) -> Found:
    tenant = current_tenant()
    mine = CourseListing.objects.filter(tenant_id=tenant.pk)
    return find(mine, query, synonyms_of(tenant))


class BaseHomePage(ListsCourses, HoldsPluginPages, SitePage):
    """The base's front page: what it is, what begins next, its courses and its news."""

    lead = models.CharField(_("一句话介绍"), max_length=160, blank=True)
    body = StreamField(TEXT, blank=True, verbose_name=_("介绍"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "site.CataloguePage",
        "site.NewsIndexPage",
        "site.StoryIndexPage",
        "site.PolicyIndexPage",
        "site.ContactPage",
        "courses.CoursePage",
    ]
    template = "courses/base_home.html"
    max_count = 1

    class Meta:
        verbose_name = _("基地首页")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        at_base = is_type("base")
        return at_base and super().can_create_at(parent)

    def said(self) -> structured.Thing:
        return {"@context": "https://schema.org"} | structured.organization(
            body_of(current_tenant())
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.site.front import front_of

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        front = front_of(self)
        at_most = ON_THE_FRONT if front["catalogue"] else 0
        return context | front | self.courses_for(request, at_most)


class CoursePage(SitePage):
    """课程: the public page of a project at this base."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, verbose_name=_("培训项目"))
    summary = models.CharField(_("一句话介绍"), max_length=160)
    who = models.CharField(
        _("谁能参加"),
        max_length=300,
        blank=True,
        help_text=_("年龄、身份、文化程度等条件，照文件写"),
    )
    fee = models.PositiveIntegerField(
        _("每人收费（元）"), null=True, blank=True, help_text=_("免费写 0；没有定就空着")
    )
    subsidy = models.CharField(_("补贴"), max_length=200, blank=True)
    policy = models.ForeignKey(
        "site.PolicyPage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("收费或补贴的依据"),
    )
    place = models.CharField(_("培训地点"), max_length=120)
    map_link = models.URLField(
        _("地图网址"), blank=True, help_text=_("在手机地图里找到地点，点“分享”，把网址粘贴到这里")
    )
    contact = models.CharField(_("联系人"), max_length=40)
    contact_phone = models.CharField(_("联系电话"), max_length=30)
    syllabus = StreamField(
        [*TEXT, ("unit", unit_block())],
        blank=True,
        verbose_name=_("教学大纲"),
    )
    teachers = StreamField(
        [("teacher", TeacherBlock())], blank=True, max_num=6, verbose_name=_("教师")
    )
    questions = StreamField(
        [("question", QuestionBlock())], blank=True, max_num=20, verbose_name=_("常见问题")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("project"),
        FieldPanel("summary"),
        FieldPanel("picture"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("who", "fee", "subsidy", "policy")],
            heading=_("条件与费用"),
        ),
        FieldPanel("syllabus"),
        FieldPanel("teachers"),
        FieldPanel("questions"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("place", "map_link", "contact", "contact_phone")],
            heading=_("地点与联系"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("grams")]
    parent_page_types = ["courses.BaseHomePage", "site.CataloguePage"]
    subpage_types: list[str] = []
    template = "courses/course.html"

    class Meta:
        verbose_name = _("课程")

    @property
    def units(self) -> list[Any]:
        return [block.value for block in self.syllabus if block.block_type == "unit"]

    @property
    def weeks(self) -> list[Any]:
        """(unit, first week, last week) in order."""
        return label_weeks(self.units)

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

    def said(self) -> structured.Thing:
        from courses.site.telling import run_of

        tenant, project = current_tenant(), self.project
        url = absolute(tenant, path_of(self))
        taught = structured.Taught(
            self.title,
            url,
            self.summary,
            project.level_zh,
            project.total_hours * project.minutes_per_hour,
            [unit["title"] for unit in self.units],
            self.fee,
            self.social().image,
            [run_of(run, url) for run in self.next_classes()],
        )
        centre = body_of(tenant.centre) if tenant.centre else None
        return structured.course(taught, body_of(tenant), centre)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        policy = self.policy
        return context | {
            "next_classes": self.next_classes(),
            "policy": policy if policy and policy.live else None,
        }
