"""What is written again and again: news, notices of classes, stories, policies."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.documents import get_document_model_string
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from courses.grams import grams
from courses.models.classes import Project, TrainingClass
from courses.site import structured
from courses.site.bases import SitePage, body_of, path_of
from courses.site.blocks import BODY
from courses.site.page_forms import NoticeForm, StoryForm
from courses.site.rules import Consent, State, state_of
from courses.site.telling import run_of
from tenants.current import current_tenant
from tenants.links import absolute


class Written(SitePage):
    """A lead that lists show, and a body of blocks."""

    lead = models.CharField(_("导语"), max_length=160, help_text=_("一句话，列表和转发时显示"))
    body = StreamField(BODY, blank=True, verbose_name=_("正文"))

    og_type = "article"
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("grams")]
    subpage_types: list[str] = []

    class Meta:
        abstract = True

    def grams(self) -> str:
        """Title and lead, cut so that part of a Chinese word finds the page in the admin."""
        return grams(f"{self.title} {self.lead}")

    def said(self) -> structured.Thing | None:
        return self._article("NewsArticle")

    def _article(self, kind: str) -> structured.Thing:
        tenant, at = current_tenant(), self.first_published_at or timezone.now()
        image = self.social().image
        url = absolute(tenant, path_of(self))
        on = timezone.localtime(at).date()
        return structured.article(kind, self.title, url, on, body_of(tenant), image)


class NewsPage(Written):
    """新闻"""

    parent_page_types = ["site.NewsIndexPage"]
    template = "site/news.html"

    class Meta:
        verbose_name = _("新闻")


class ClassNoticePage(Written):
    """开班通知: day and place are the class's own, so that no notice says anything else."""

    training_class = models.ForeignKey(
        TrainingClass,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("班次"),
    )
    bring = models.CharField(
        _("请带"), max_length=120, blank=True, help_text=_("例如：身份证、两张一寸照片")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("training_class"),
        FieldPanel("lead"),
        FieldPanel("bring"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    base_form_class = NoticeForm
    parent_page_types = ["site.NewsIndexPage"]
    template = "site/notice.html"

    class Meta:
        verbose_name = _("开班通知")

    @property
    def is_open(self) -> bool:
        """Whether somebody can still join."""
        found = self.training_class
        return (
            found is not None
            and found.state == TrainingClass.State.OPEN
            and found.starts_on >= timezone.localdate()
        )

    def said(self) -> structured.Thing | None:
        if self.training_class is None:
            return None
        run = run_of(self.training_class, absolute(current_tenant(), path_of(self)))
        return {"@context": "https://schema.org"} | structured.instance(run)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"training_class": self.training_class}


class StoryQuerySet(PageQuerySet):  # type: ignore[misc]
    def shown(self) -> "StoryQuerySet":
        """Those that the consent of today covers."""
        today = timezone.localdate()
        return self.filter(given_on__lte=today, consent_until__gte=today).exclude(
            withdrawn_on__lte=today
        )


class StoryPage(Written):
    """学员故事: shown while the person allows it, and not a day longer."""

    person = models.CharField(
        _("怎么称呼"), max_length=40, help_text=_("按本人同意的写法，例如：李师傅")
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("学过的项目"),
    )
    quote = models.CharField(_("本人的一句话"), max_length=120, blank=True)
    given_on = models.DateField(_("同意日期"))
    consent_until = models.DateField(_("同意展示到"), help_text=_("到期的第二天起不再展示"))
    consent_kept = models.CharField(
        _("同意书存放处"), max_length=80, help_text=_("签字原件在哪里，例如：档案柜 3-2")
    )
    consent_scope = models.CharField(
        _("同意的内容"),
        max_length=120,
        help_text=_("例如：姓名写法、照片、单位，用于本基地网站"),
    )
    withdrawn_on = models.DateField(
        _("本人收回同意的日期"), null=True, blank=True, help_text=_("从这一天起不再展示")
    )

    objects = PageManager.from_queryset(StoryQuerySet)()
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("person"), FieldPanel("project"), FieldPanel("quote")], heading=_("人物")
        ),
        FieldPanel("lead"),
        FieldPanel("picture"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    *("given_on", "consent_until", "consent_scope", "consent_kept"),
                    "withdrawn_on",
                )
            ],
            heading=_("本人的同意"),
        ),
    ]
    base_form_class = StoryForm
    parent_page_types = ["site.StoryIndexPage"]
    template = "site/story.html"

    class Meta:
        verbose_name = _("学员故事")

    @property
    def consent(self) -> Consent:
        return Consent(self.given_on, self.consent_until, self.withdrawn_on)

    @property
    def is_shown(self) -> bool:
        """Never without a consent: a draft may not have its days yet."""
        complete = bool(self.given_on and self.consent_until)
        return complete and self.consent.covers(timezone.localdate())

    def clean(self) -> None:
        """The page also leaves Wagtail's lists by itself, at the end of the consent's last day."""
        super().clean()
        if not (self.given_on and self.consent_until):
            return
        if self.consent_until < self.given_on:
            raise ValidationError(
                {"consent_until": "不能早于同意日期 / not before the day of the consent"}
            )
        last = self.consent.last_day + timedelta(days=1)
        self.expire_at = timezone.make_aware(datetime.combine(last, time.min))

    def said(self) -> structured.Thing | None:
        return self._article("Article")

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_sitemap_urls(request) if self.is_shown else []
        return found

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (self.is_shown or getattr(request, "is_preview", False)):
            raise Http404
        answer: HttpResponseBase = super().serve(request, *args, **kwargs)
        return answer


class PolicyPage(Written):
    """政策明白卡: what a document gives, to whom, and until when."""

    number = models.CharField(_("文号"), max_length=60)
    issued_by = models.CharField(_("发文单位"), max_length=80)
    issued_on = models.DateField(_("发文日期"))
    valid_from = models.DateField(_("执行日期"))
    valid_until = models.DateField(
        _("有效期至"), null=True, blank=True, help_text=_("文件没有写就空着")
    )
    who = models.CharField(_("谁能享受"), max_length=200)
    what = models.CharField(_("能得到什么"), max_length=200)
    document = models.ForeignKey(
        get_document_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("文件原文"),
    )
    source = models.URLField(_("发文单位网址"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("who"),
        FieldPanel("what"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    *("number", "issued_by", "issued_on", "valid_from", "valid_until"),
                    *("document", "source"),
                )
            ],
            heading=_("依据"),
        ),
        FieldPanel("picture"),
    ]
    parent_page_types = ["site.PolicyIndexPage"]
    template = "site/policy.html"

    class Meta:
        verbose_name = _("政策明白卡")

    @property
    def state(self) -> State:
        return state_of(self.valid_from, self.valid_until, timezone.localdate())

    def clean(self) -> None:
        super().clean()
        if self.valid_until and self.valid_from and self.valid_until < self.valid_from:
            raise ValidationError(
                {"valid_until": "不能早于执行日期 / not before the day it comes into force"}
            )

    def said(self) -> structured.Thing | None:
        return None
