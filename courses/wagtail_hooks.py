"""What an editor finds in Wagtail beside pages."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from courses.models import Project
from tenants.editing import EditSeen

#: What a phone has no room for: as shown, the field that it is sorted by, its title.
DETAILS = (
    ("get_level_display", "level", _("级别")),
    ("theory_hours", "theory_hours", _("理论课时")),
    ("practice_hours", "practice_hours", _("实操课时")),
)


class ProjectViewSet(ModelViewSet):
    """What the base teaches and certifies: a class and a course page name one."""

    model = Project
    name = "projects"
    icon = "list-ul"
    menu_label = _("培训项目")
    menu_order = 150
    add_to_admin_menu = True
    edit_view_class = EditSeen
    list_display = (
        *("code", "name", "trade"),
        *(Column(shown, label=t, sort_key=key, classname="on-desk") for shown, key, t in DETAILS),
    )
    list_filter = ("trade",)
    list_export = ("code", "name", "trade", "level", "theory_hours", "practice_hours")
    search_fields = ("code", "name")
    form_fields = (
        "code",
        "name",
        "name_en",
        "trade",
        "level",
        "theory_hours",
        "practice_hours",
        "minutes_per_hour",
    )


@hooks.register("register_admin_viewset")
def projects() -> ProjectViewSet:
    return ProjectViewSet()
