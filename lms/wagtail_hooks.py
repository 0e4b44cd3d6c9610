"""What the centre keeps for all bases: trades, rule sets, clashes. They do not exist at a base."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from courses.assessing.shared.models import AssessmentPolicy
from courses.directory.models import Programme, RuleSet
from courses.finding.models import Synonyms
from lms.due import due_today
from tenants.current import current_tenant, is_type
from tenants.editing import EditSeen
from tenants.models import Trade
from tenants.staff.access import actor
from tenants.staff.models import User


class AtCentre:
    """404 at a base: shared rows are the centre's to change."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_type("centre"):
            raise Http404
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class Index(AtCentre, generic.IndexView):  # type: ignore[misc]
    pass


class Create(AtCentre, generic.CreateView):  # type: ignore[misc]
    pass


class Edit(AtCentre, EditSeen):
    pass


class CentreMenuItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return is_type("centre") and super().is_shown(request)


class CentreViewSet(ModelViewSet):  # type: ignore[misc]
    """Listed, added to and edited at the centre; never deleted, since bases point to the rows."""

    index_view_class, add_view_class, edit_view_class = Index, Create, Edit
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    menu_item_class = CentreMenuItem
    KEPT = frozenset({"index", "index_results", "add", "edit"})
    GONE: tuple[str, ...] = ("delete_url_name", "history_url_name", "usage_url_name")

    def get_urlpatterns(self) -> list[Any]:
        """Only the views that ask whether this is the centre."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.KEPT]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        for gone in self.GONE:
            found.pop(gone, None)
        return found


class TradeViewSet(CentreViewSet):
    model = Trade
    name = "trades"
    icon = "tag"
    menu_label = _("工种")
    menu_order = 95
    list_display = ("code", "name", "name_en")
    list_export = list_display
    form_fields = ("code", "name", "name_en")


class RuleSetViewSet(CentreViewSet):
    """A version that is in force is not edited: the next version is another row."""

    model = RuleSet
    name = "rule-sets"
    icon = "list-ol"
    menu_label = _("规则")
    menu_order = 96
    list_display = ("document", "code", "version", "effective_from", "effective_to")
    list_filter = ("code",)
    list_export = (
        *("document", "code", "version", "effective_from", "effective_to"),
        *("attendance_percent", "theory_percent", "practice_percent"),
        *("pass_theory", "pass_practice", "sample_percent", "archive_years"),
    )
    form_fields = (
        *("code", "version", "document", "effective_from", "effective_to"),
        *("attendance_percent", "theory_percent", "practice_percent", "minutes_per_day"),
        *("age_from", "age_to", "same_project", "overlap", "trainings_per_year"),
        *("pass_theory", "pass_practice", "follow_ups", "sample_percent", "archive_years"),
        *("gate", "gate_known_percent", "gate_employed_percent"),
        *("gate_after_days", "gate_window_days"),
        "number_pattern",
    )


class AssessmentPolicyViewSet(CentreViewSet):
    """How the bases assess under a rule set; one in force is not edited, like the rule set itself."""

    model = AssessmentPolicy
    name = "assessment-policies"
    icon = "form"
    menu_label = _("考核规定")
    menu_order = 96
    list_display = (
        "rule_set",
        "retakes",
        BooleanColumn("apart", label=_("考评人不得是本班教师"), classname="on-desk"),
        *(
            Column(name, label=title, classname="on-desk")
            for name, title in (
                ("practice_examiners", _("实操考评人数")),
                ("appeal_days", _("公布后几天内可申诉")),
            )
        ),
    )
    list_filter = ("apart",)
    list_export = (
        *("rule_set.document", "retakes", "apart", "practice_examiners", "practice_gap"),
        "appeal_days",
    )
    form_fields = (
        *("rule_set", "retakes", "apart", "practice_examiners", "practice_gap", "appeal_days"),
    )


class ProgrammeViewSet(CentreViewSet):
    model = Programme
    name = "programmes"
    icon = "clipboard-list"
    menu_label = _("资金项目")
    menu_order = 97
    list_display = ("code", "name", "document", "starts_on", "ends_on")
    list_export = form_fields = ("code", "name", "name_en", "document", "starts_on", "ends_on")


class SynonymsIndex(Index):
    def get_base_queryset(self) -> QuerySet[Synonyms]:
        return Synonyms.objects.filter(centre_id=current_tenant().pk)


class SynonymsCreate(Create):
    def save_instance(self) -> Synonyms:
        self.form.instance.centre_id = current_tenant().pk
        saved: Synonyms = super().save_instance()
        return saved


class SynonymsEdit(Edit):
    def get_queryset(self) -> QuerySet[Synonyms]:
        return Synonyms.objects.filter(centre_id=current_tenant().pk)


class SynonymsDelete(AtCentre, generic.DeleteView):  # type: ignore[misc]
    def get_queryset(self) -> QuerySet[Synonyms]:
        return Synonyms.objects.filter(centre_id=current_tenant().pk)


class SynonymsViewSet(CentreViewSet):
    """What the search of courses takes for the same; each centre has its own."""

    model = Synonyms
    name = "synonyms"
    icon = "search"
    menu_label = _("搜索同义词")
    menu_order = 97
    list_display = ("words",)
    list_export = list_display
    form_fields = ("words",)
    index_view_class, add_view_class, edit_view_class = SynonymsIndex, SynonymsCreate, SynonymsEdit
    delete_view_class = SynonymsDelete
    KEPT = CentreViewSet.KEPT | {"delete"}
    GONE = ("history_url_name", "usage_url_name")


class LagMenuItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return is_type("centre") and request.user.has_perm("designations.view_trainingbase")


@hooks.register("register_admin_menu_item")
def lag_menu_item() -> MenuItem:
    return LagMenuItem(_("考勤滞后"), "/desk/lag/", name="field-lag", icon_name="warning", order=92)


class FiguresMenuItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return is_type("centre") and request.user.has_perm("standing.view_figures")


@hooks.register("register_admin_menu_item")
def figures_menu_item() -> MenuItem:
    title = _("培训就业统计")
    return FiguresMenuItem(title, "/desk/figures/", name="figures", icon_name="view", order=91)


@hooks.register("register_admin_viewset")
def centre_viewsets() -> list[ModelViewSet]:
    from lms import plans  # they are made of what stands above

    shared = [TradeViewSet(), RuleSetViewSet(), ProgrammeViewSet(), SynonymsViewSet()]
    return [*shared, AssessmentPolicyViewSet(), plans.PolicyViewSet(), plans.SeasonViewSet()]


@hooks.register("register_admin_menu_item")
def clashes_item() -> MenuItem:
    return ClashesMenuItem(_("同时在两个基地"), "/desk/clashes/", icon_name="warning", order=98)


class ClashesMenuItem(CentreMenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return super().is_shown(request) and request.user.has_perm("designations.decide_base")


class DuePanel(Component):  # type: ignore[misc]
    """What is due today, on the first page of the admin, where the centre works."""

    order = 10

    def __init__(self, user: User) -> None:
        self.user = user

    def render_html(self, parent_context: Any) -> Any:
        found = due_today(self.user, timezone.localdate())
        return render_to_string("desk/due_panel.html", {"due": found})


@hooks.register("construct_homepage_panels")
def due_panel(request: HttpRequest, found: list[Any]) -> None:
    if is_type("centre"):
        found.append(DuePanel(actor(request)))
