"""The last hooks that Wagtail reads: by now all others are there to be wrapped.

Pages of a plugin that is off are not served, edited, listed or chosen.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import get_page_models

from tenants.plugins.gate import hidden_labels, is_hidden
from tenants.plugins.hooks import wrap_hooks
from tenants.plugins.panels import panels
from tenants.plugins.reports import reports

ON_A_PAGE = (
    *(f"before_{act}_page" for act in ("edit", "delete", "copy", "move", "unpublish", "publish")),
    "before_convert_alias_page",
)


def _refuse_hidden(request: HttpRequest, page: Any, *args: Any, **kwargs: Any) -> None:
    if is_hidden(page.specific_class or page):
        raise Http404


for name in ON_A_PAGE:
    hooks.register(name, _refuse_hidden, order=-1000)


@hooks.register("before_serve_page", order=-1000)
def serve(page: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
    if is_hidden(page):
        raise Http404


@hooks.register("before_create_page", order=-1000)
def create(request: HttpRequest, parent: Any, page_class: Any) -> None:
    if is_hidden(page_class):
        raise Http404


@hooks.register("construct_explorer_page_queryset", order=1000)
def explore(parent: Any, pages: Any, request: HttpRequest) -> Any:
    return _without_hidden(pages)


@hooks.register("construct_page_chooser_queryset", order=1000)
def choose(pages: Any, request: HttpRequest) -> Any:
    return _without_hidden(pages)


def _without_hidden(pages: Any) -> Any:
    """By content type, which a search can filter by too; the query set may be one of Wagtail's."""
    labels = hidden_labels()
    kinds = [model for model in get_page_models() if model._meta.app_label in labels]
    if not kinds:
        return pages
    found = ContentType.objects.get_for_models(*kinds, for_concrete_models=False)
    return pages.exclude(content_type__in=list(found.values()))


class PermittedItem(MenuItem):  # type: ignore[misc]
    permission = ""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


class PluginsItem(PermittedItem):
    permission = "plugins.switch_plugin"


class ReportsItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(reports.on())


@hooks.register("register_admin_menu_item")
def plugins_item() -> MenuItem:
    address = reverse_lazy("plugin_list")
    return PluginsItem(gettext_lazy("插件"), address, name="plugins", icon_name="plus", order=9100)


@hooks.register("register_admin_menu_item")
def reports_item() -> MenuItem:
    address = reverse_lazy("report_list")
    return ReportsItem(
        gettext_lazy("报表"), address, name="of-plugins", icon_name="table", order=9050
    )


class Panels(Component):  # type: ignore[misc]
    """The plugins' panels on the first page of the admin, where the centre works."""

    order = 50

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def render_html(self, parent_context: Any) -> Any:
        return render_to_string("plugins/panels.html", {"panels": panels(self.request)})


@hooks.register("construct_homepage_panels")
def home(request: HttpRequest, found: list[Any]) -> None:
    found.append(Panels(request))


wrap_hooks()
