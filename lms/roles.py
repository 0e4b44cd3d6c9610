"""The roles of a base's and the centre's staff, and what each may do.

Groups, so that Wagtail can show them. Both kinds stand in every schema, as its tables do; who may
get which is decided by the tenant's type.
"""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.dispatch import receiver

from tenants.plugins.registry import installed
from tenants.signals import content_version_asked, template_prepared
from tenants.staff.roles import TITLES

ROLES: dict[str, tuple[str, ...]] = {
    "clerk": (
        "wagtailadmin.access_admin",
        "courses.add_trainingclass",
        "courses.change_trainingclass",
        "courses.view_trainingclass",
        "courses.view_trainee",
        "courses.import_roster",
        "planning.ask_opening",
        "planning.move_session",
        "planning.share_calendar",
        "applying.decide_application",
        "applying.answer_proposal",
        "fieldlog.manage_device",
        "fieldlog.enter_paper",
        "fieldlog.countersign_paper",
        "courses.add_project",
        "courses.change_project",
        "courses.view_project",
        "certificates.issue_certificate",
        "certificates.view_certificate",
        "certificates.record_outcome",
        "certificates.view_funnel",
        "external.view_externalcertificate",
        "external.record_externalcertificate",
        "duties.call_people",
        "duties.assign_duty",
        "duties.add_callscript",
        "duties.answer_sample",
        "dossiers.make_dossier",
        "looks.see_resident_id",
        "notices.send_notice",
        "jobs.view_jobrun",
        "assessing.plan_sitting",
        *(
            f"assessing.{act}_{what}"
            for what in ("question", "blueprint", "checklist")
            for act in ("add", "change", "view")
        ),
    ),
    "trainer": (
        "courses.view_trainingclass",
        "courses.record_attendance",
        "fieldlog.enter_paper",
    ),
    "examiner": ("courses.view_trainingclass", "courses.enter_scores", "jobs.view_jobrun"),
    "liaison": ("duties.call_people",),  # of the own villages: see certificates.duties
}
ROLES["manager"] = (
    *dict.fromkeys(
        [*ROLES["clerk"], *ROLES["trainer"], *ROLES["examiner"]]
        + ["certificates.revoke_certificate", "staff.manage_staff", "applying.write_consent"]
        + ["assessing.decide_appeal", "planning.send_opening"]
        + ["external.change_externalkind"]
        + ["fieldlog.review_attendance", "looks.list_looks", "retention.keep_retention"]
        + ["plugins.switch_plugin", "outbox.view_message"]
        + ["notices.add_noticetemplate", "notices.change_noticetemplate"]
        + [f"wagtailredirects.{act}_redirect" for act in ("add", "change", "delete", "view")]
        + [f"designs.{act}_certificatedesign" for act in ("add", "change", "publish", "delete")]
    ),
)
ROLES["township_officer"] = (
    "wagtailadmin.access_admin",
    "standing.view_figures",
    "designations.view_trainingbase",
    "designations.check_base",
    "requests.view_classrequest",
)
ROLES["officer"] = (
    *ROLES["township_officer"],
    "duties.check_sample",
    "employers.view_employer",
    "requests.decide_request",
    "requests.change_holiday",
    *(f"requests.{act}_seasonwindow" for act in ("add", "change", "view", "delete")),
)
ROLES["director"] = (
    *ROLES["officer"],
    "designations.decide_base",
    "duties.grant_exception",
    "employers.decide_employer",
    *(f"requests.{act}_openingpolicy" for act in ("add", "view")),
    *(f"tenants.{act}_trade" for act in ("add", "change", "view")),
    *(f"directory.{act}_ruleset" for act in ("add", "change", "view")),
    *(f"directory.{act}_programme" for act in ("add", "change", "view")),
    *(f"assessing_policy.{act}_assessmentpolicy" for act in ("add", "change", "view")),
    *(f"finding.{act}_synonyms" for act in ("add", "change", "view", "delete")),
    *(f"designs.{act}_certificatedesign" for act in ("add", "change", "publish", "delete")),
    "designations.open_base_site",
    "checkapi.manage_apikey",
    "looks.list_looks",
    "standing.view_names",
    "standing.write_report",
    "standing.sign_report",
    "staff.manage_staff",
    "retention.keep_retention",
    "plugins.switch_plugin",
    "outbox.view_message",
    "jobs.view_jobrun",
)


#: Everybody who writes adds pictures and documents; who publishes also mends and deletes those of others.
LIBRARY = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "choose_document"),
)
KEEPERS = (*LIBRARY, ("wagtailimages", "change_image"), ("wagtaildocs", "change_document"))
#: A clerk of a base writes and submits; a manager publishes. The centre's staff publish their own.
PAGES = {
    "clerk": ("add_page", "change_page"),
    "manager": ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
    "officer": ("add_page", "change_page", "publish_page"),
    "director": ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}


def permissions_of(role: str) -> tuple[str, ...]:
    """The core's, and those that plugins give to the role; they count where the plugin is on."""
    given = (
        f"{name}.{codename}"
        for name, config in installed().items()
        for codename in config.roles.get(role, ())
    )
    return (*ROLES[role], *given)


@receiver(content_version_asked)
def version(**kwargs: Any) -> str:
    """A base whose roles are those of an older version is brought up to date like its tables."""
    return repr([*sorted((role, permissions_of(role)) for role in ROLES), PAGES, KEEPERS])


@receiver(template_prepared)
def ensure_roles(**kwargs: Any) -> None:
    """Make the groups and give each exactly its permissions. Idempotent."""
    for role in ROLES:
        group, _ = Group.objects.get_or_create(name=TITLES[role])
        found = [
            Permission.objects.get(content_type__app_label=app, codename=codename)
            for app, codename in (name.split(".") for name in permissions_of(role))
        ]
        group.permissions.set(found)
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()  # Wagtail's, unused here
    _page_rights()


def _page_rights() -> None:
    """Rights to pages below the site's root, exactly these, with pictures and documents."""
    from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

    root, media = Page.objects.get(depth=1), Collection.objects.get(depth=1)
    # Wagtail's migrations name them in English, and editors see them.
    Page.objects.filter(depth=1, title="Root").update(title="根目录", draft_title="根目录")
    Collection.objects.filter(depth=1, name="Root").update(name="全部文件")
    for role, codenames in PAGES.items():
        group = Group.objects.get(name=TITLES[role])
        given = GroupPagePermission.objects.filter(group=group, page=root)
        given.exclude(permission__codename__in=codenames).delete()
        for codename in codenames:
            GroupPagePermission.objects.get_or_create(
                group=group, page=root, permission=Permission.objects.get(codename=codename)
            )
        for app, codename in KEEPERS if "lock_page" in codenames else LIBRARY:
            permission = Permission.objects.get(content_type__app_label=app, codename=codename)
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=media, permission=permission
            )
