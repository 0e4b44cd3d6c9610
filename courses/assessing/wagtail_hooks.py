"""Bank, blueprints and checklists in the admin of a base."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from courses.assessing.forms import QuestionForm
from courses.assessing.models import Blueprint, Checklist, Question
from courses.assessing.models.bank import OPTIONS
from tenants.current import is_type


class AtBase:
    """404 at the centre: it has no classes."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_type("base"):
            raise Http404
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class Index(AtBase, generic.IndexView):  # type: ignore[misc]
    pass


class QuestionIndex(Index):
    @property
    def header_more_buttons(self) -> list[Any]:
        found: list[Any] = [*super().header_more_buttons]
        if self.request.user.has_perm("assessing.add_question"):
            address = reverse("question_import")
            found.append(Button(_("从 Excel 导入"), address, icon_name="upload", priority=20))
        address = reverse("question_statistics")
        found.append(Button(_("导出与统计"), address, icon_name="view", priority=30))
        return found


class Create(AtBase, generic.CreateView):  # type: ignore[misc]
    pass


class Edit(AtBase, generic.EditView):  # type: ignore[misc]
    pass


class BaseViewSet(ModelViewSet):  # type: ignore[misc]
    """Listed, added to and edited; never deleted, since sittings point to the rows."""

    index_view_class, add_view_class, edit_view_class = Index, Create, Edit
    add_to_reference_index = False
    copy_view_enabled = False
    KEPT = frozenset({"index", "index_results", "add", "edit"})
    GONE = ("delete_url_name", "history_url_name", "usage_url_name")

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.KEPT]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        for gone in self.GONE:
            found.pop(gone, None)
        return found


class QuestionViewSet(BaseViewSet):
    """What was asked already stays as it was asked: a change is for later papers."""

    model = Question
    name = "questions"
    icon = "help"
    menu_label = _("题库")
    index_view_class = QuestionIndex
    list_display = (
        "text",
        Column("get_kind_display", label=_("题型"), sort_key="kind"),
        *(
            Column(shown, label=title, sort_key=key, classname="on-desk")
            for shown, key, title in (
                ("trade", "trade", _("工种")),
                ("topic", "topic", _("知识点")),
                ("points", "points", _("分值")),
                ("get_state_display", "state", _("状态")),
            )
        ),
    )
    list_filter = ("trade", "kind", "topic", "difficulty", "state")
    list_export = (
        *("text", "get_kind_display", "trade.name", "topic", "difficulty", "points"),
        "get_state_display",
    )
    search_fields = ("text", "topic", *OPTIONS)
    list_per_page = 50

    def get_form_class(self, for_update: bool = False) -> type[QuestionForm]:
        return QuestionForm


class BlueprintViewSet(BaseViewSet):
    model = Blueprint
    name = "blueprints"
    icon = "doc-full"
    menu_label = _("组卷方案")
    list_display = ("name", "project", "minutes", BooleanColumn("in_use", label=_("使用中")))
    list_filter = ("project", "in_use")
    list_export = ("name", "project.name", "minutes", "in_use")
    panels = [
        *(FieldPanel(name) for name in ("project", "name", "minutes", "in_use")),
        InlinePanel("lines", label=_("题目要求"), min_num=1),
    ]


class ChecklistViewSet(BaseViewSet):
    model = Checklist
    name = "checklists"
    icon = "tasks"
    menu_label = _("实操评分表")
    list_display = ("name", "project", BooleanColumn("in_use", label=_("使用中")))
    list_filter = ("project", "in_use")
    list_export = ("name", "project.name", "in_use")
    panels = [
        *(FieldPanel(name) for name in ("project", "name", "in_use")),
        InlinePanel("items", label=_("评分项"), min_num=1),
    ]


class AssessmentGroup(ViewSetGroup):  # type: ignore[misc]
    menu_label = _("考核")
    menu_icon = "form"
    menu_order = 152
    items = (QuestionViewSet, BlueprintViewSet, ChecklistViewSet)


@hooks.register("register_admin_viewset")
def assessment() -> AssessmentGroup:
    return AssessmentGroup()
