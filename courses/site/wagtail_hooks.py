"""What whoever publishes finds in Wagtail: consents and policies that come to an end."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Page

from courses.models import CoursePage
from courses.site import terms
from courses.site.models import (
    CataloguePage,
    ClassNoticePage,
    NewsIndexPage,
    NewsPage,
    PolicyIndexPage,
    PolicyPage,
    StoryIndexPage,
    StoryPage,
)
from tenants.current import is_type

STATES = {"over": _("已到期"), "soon": _("快到期"), "good": _("有效"), "not_yet": _("未开始")}
SHOWN = 8
#: Section -> what is written below it.
WRITTEN: dict[Any, tuple[Any, ...]] = {
    CataloguePage: (CoursePage,),
    NewsIndexPage: (ClassNoticePage, NewsPage),
    StoryIndexPage: (StoryPage,),
    PolicyIndexPage: (PolicyPage,),
}


def publishes(request: HttpRequest) -> bool:
    """Whether the site is theirs to publish: what ends is their business."""
    root = Page.objects.get(depth=1)
    return bool(root.permissions_for_user(request.user).can_publish_subpage())


class TermsPanel(Component):  # type: ignore[misc]
    name = "terms"
    order = 90
    template_name = "site/terms_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        today = timezone.localdate()
        pages = list(terms.coming(today)[: SHOWN + 1])
        rows = [
            {
                "page": page,
                "state": terms.standing(page, today),
                "said": STATES[terms.standing(page, today)],
                "kind": page.content_type.model_class()._meta.verbose_name,
                "url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
            }
            for page in pages[:SHOWN]
        ]
        more = reverse("site_terms") if len(pages) > SHOWN else ""
        return {"rows": rows, "more": more}


@hooks.register("construct_homepage_panels")
def terms_panel(request: HttpRequest, panels: list[Component]) -> None:
    if publishes(request):
        panels.append(TermsPanel())


class WritePanel(Component):  # type: ignore[misc]
    """What can be written, each by one press: nobody has to know where in the tree it belongs."""

    name = "write"
    order = 5
    template_name = "site/write_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.user = request.user

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"kinds": list(self._kinds())}

    def _kinds(self) -> Iterator[tuple[Any, str]]:
        for section, kinds in WRITTEN.items():
            parent = section.objects.first()
            if parent and parent.permissions_for_user(self.user).can_add_subpage():
                for kind in kinds:
                    where = [kind._meta.app_label, kind._meta.model_name, parent.pk]
                    yield kind._meta.verbose_name, reverse("wagtailadmin_pages:add", args=where)


@hooks.register("construct_homepage_panels")
def write_panel(request: HttpRequest, panels: list[Component]) -> None:
    if is_type("base"):
        panels.append(WritePanel(request))


class TermsReport(PageReportView):  # type: ignore[misc]
    """Every page that has an end, as a list, Excel or CSV."""

    page_title = _("到期提醒")
    header_icon = "time"
    index_url_name = "site_terms"
    index_results_url_name = "site_terms_results"
    results_template_name = "wagtailadmin/reports/base_report_results.html"
    context_object_name = "pages"
    any_permission_required = ["publish"]
    default_ordering = "ends"
    columns = [
        TitleColumn("title", label=_("标题"), url_name="wagtailadmin_pages:edit"),
        Column(
            "kind",
            label=_("类型"),
            accessor=lambda p: p.content_type.model_class()._meta.verbose_name,
        ),
        Column("ends", label=_("到期日"), accessor=lambda p: p.ends.isoformat()),
        Column("standing", label=_("状态"), accessor=lambda p: STATES[terms.standing(p)]),
    ]
    list_export = ["title", "ends", "status_string"]
    export_headings = {"title": _("标题"), "ends": _("到期日"), "status_string": _("状态")}

    def get_queryset(self) -> Any:
        mine = self.permission_policy.instances_user_has_permission_for(
            self.request.user, "publish"
        )
        return terms.with_terms().filter(pk__in=mine.values("pk"))


@hooks.register("register_admin_urls")
def terms_urls() -> list[URLPattern]:
    return [
        path("reports/terms/", TermsReport.as_view(), name="site_terms"),
        path(
            "reports/terms/results/",
            TermsReport.as_view(results_only=True),
            name="site_terms_results",
        ),
    ]


class TermsMenuItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return publishes(request)


@hooks.register("register_reports_menu_item")
def terms_item() -> MenuItem:
    return TermsMenuItem(
        _("到期提醒"), reverse("site_terms"), name="site-terms", icon_name="time", order=10
    )
