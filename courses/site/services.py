"""Make what a base's site begins with, and what every base's writers and publishers work by."""

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    GroupApprovalTask,
    Page,
    PageLogEntry,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from courses.models import BaseHomePage
from courses.site.models import (
    CataloguePage,
    ContactPage,
    NewsIndexPage,
    PolicyIndexPage,
    StoryIndexPage,
)
from tenants.staff.roles import TITLES

#: The sections with the Chinese titles that they begin with, in the order of the menu.
SECTIONS = (
    (CataloguePage, "培训课程"),
    (NewsIndexPage, "新闻通知"),
    (StoryIndexPage, "学员故事"),
    (PolicyIndexPage, "政策明白卡"),
    (ContactPage, "联系我们"),
)
WORKFLOW = "网站内容审核"
#: Who publishes what others have written, at a base and at the centre.
PUBLISHERS = ("manager", "director")


def catalogue_of(home: BaseHomePage) -> Page:
    """Where a new course belongs: the catalogue, or the home of a site that has none."""
    return CataloguePage.objects.child_of(home).first() or home


@transaction.atomic
def make_sections(home: BaseHomePage) -> int:
    """Make and publish the sections that the home has none of; returns how many. Idempotent."""
    made = 0
    for model, title in SECTIONS:
        if model.objects.child_of(home).exists():
            continue
        page = home.add_child(instance=model(title=title, slug=model.SLUG, show_in_menus=True))
        page.save_revision().publish()
        made += 1
    return made


@transaction.atomic
def offer_sections(home: BaseHomePage) -> int:
    """Make as drafts the sections that an older site never had; returns how many. Idempotent.

    What is there stays as it is; a section that somebody has deleted does not come back.
    """
    made = 0
    for model, title in SECTIONS:
        kind = ContentType.objects.get_for_model(model)
        deleted = PageLogEntry.objects.filter(content_type=kind, action="wagtail.delete")
        taken = Page.objects.child_of(home).filter(slug=model.SLUG)
        if model.objects.exists() or taken.exists() or deleted.exists():
            continue
        page = home.add_child(
            instance=model(title=title, slug=model.SLUG, show_in_menus=True, live=False)
        )
        page.save_revision()
        made += 1
    return made


@transaction.atomic
def make_workflow() -> Workflow:
    """One step: somebody of `PUBLISHERS` approves. It is in force for every page. Idempotent."""
    root = Page.objects.get(depth=1)
    groups = [Group.objects.get_or_create(name=TITLES[role])[0] for role in PUBLISHERS]
    task, _ = GroupApprovalTask.objects.get_or_create(name=WORKFLOW)
    task.groups.set(groups)
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr)
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    for strange in Workflow.objects.filter(name="Moderators approval", active=True):
        strange.deactivate()  # Wagtail's own: nobody is in its group
    return workflow
