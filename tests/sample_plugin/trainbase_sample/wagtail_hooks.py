from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from lms.plugin import PluginViewSet, hooks
from trainbase_sample import views
from trainbase_sample.models import Note, Tag


class NoteViewSet(PluginViewSet):
    model = Note
    name = "sample-notes"
    menu_label = _("便条")
    icon = "edit"
    form_fields = ("text", "open")
    list_display = ("text", "open")


class TagViewSet(SnippetViewSet):
    model = Tag
    menu_label = _("样例标签")


register_snippet(TagViewSet)


@hooks.register("register_admin_viewset")
def viewset():
    return NoteViewSet()


@hooks.register("register_admin_urls")
def addresses():
    return [path("sample-own/", views.in_admin, name="sample_own")]


@hooks.register("register_admin_menu_item")
def item():
    return MenuItem("样例菜单", reverse_lazy("sample_own"), icon_name="edit")


@hooks.register("insert_global_admin_css")
def css():
    return "<!-- sample-css -->"


@hooks.register("register_page_listing_buttons")
def buttons(page, user, next_url=None):
    return [Button("样例按钮", "/sample/", priority=10)]


@hooks.register("construct_main_menu")
def menu(request, items):
    request.sample_was_asked = True
