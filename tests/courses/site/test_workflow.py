"""A clerk writes and submits; a manager publishes."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow

from courses.models import BaseHomePage, CoursePage
from courses.site.models import CataloguePage, ContactPage, NewsIndexPage
from courses.site.services import WORKFLOW, make_workflow, offer_sections
from courses.site.workflow import ensure_workflow
from tenants.staff.models import User
from tests.courses.test_pages import course_form


@pytest.fixture
def drafted(visit, north):
    """A course that a clerk has written and submitted."""
    home = BaseHomePage.objects.get().pk
    form = course_form("服装设计入门", publish=False) | {"action-submit": "1"}
    answer = visit("north", "clerk").post(f"/admin/pages/add/courses/coursepage/{home}/", form)
    assert answer.status_code == 302
    return CoursePage.objects.get(slug="another")


def test_what_a_clerk_submits_waits_for_the_manager_and_is_published_by_approval(visit, drafted):
    assert not drafted.live and drafted.workflow_in_progress
    assert visit("north").get("/another/").status_code == 404
    manager = visit("north", "manager")
    assert "服装设计入门" in manager.get("/admin/").content.decode()
    task = drafted.current_workflow_task_state
    at = f"/admin/pages/workflow/action/{drafted.pk}/approve/{task.pk}/"
    assert manager.post(at, {"comment": ""}).status_code in (200, 302)
    assert visit("north").get("/another/").status_code == 200


def test_a_rejected_page_goes_back_with_a_word_and_is_submitted_again(visit, drafted):
    task = drafted.current_workflow_task_state
    at = f"/admin/pages/workflow/action/{drafted.pk}/reject/{task.pk}/"
    visit("north", "manager").post(at, {"comment": "写清楚地点"})
    drafted.refresh_from_db()
    assert drafted.current_workflow_state.status == "needs_changes"
    clerk = visit("north", "clerk")
    assert "写清楚地点" in clerk.get(f"/admin/pages/{drafted.pk}/edit/").content.decode()


def test_a_clerk_publishes_nothing_whatever_is_sent(visit, north):
    page = CoursePage.objects.get()
    clerk = visit("north", "clerk")
    form = course_form("改过的标题", publish=True) | {"slug": "sewing"}
    clerk.post(f"/admin/pages/{page.pk}/edit/", form)
    assert "改过的标题" not in visit("north").get("/sewing/").content.decode()
    assert clerk.post(f"/admin/pages/{page.pk}/unpublish/").status_code == 302
    assert clerk.post(f"/admin/pages/{page.pk}/delete/").status_code == 302
    assert visit("north").get("/sewing/").status_code == 200
    assert not User.objects.get(username="clerk").has_perm("wagtailcore.publish_page")


def test_a_manager_publishes_without_asking(visit, north):
    page = CoursePage.objects.get()
    form = course_form("改过的标题", publish=True) | {"slug": "sewing"}
    answer = visit("north", "manager").post(f"/admin/pages/{page.pk}/edit/", form)
    assert answer.status_code == 302
    assert "改过的标题" in visit("north").get("/sewing/").content.decode()


def test_the_workflow_is_there_once_however_often_it_is_made(north):
    make_workflow()
    make_workflow()
    workflow = Workflow.objects.get(active=True)
    assert workflow.name == WORKFLOW and workflow.tasks.count() == 1
    assert GroupApprovalTask.objects.filter(name=WORKFLOW).count() == 1
    assert Page.objects.get(depth=1).workflowpage.workflow == workflow


def test_rights_that_an_older_version_gave_are_taken_back(north):
    from lms.roles import ensure_roles

    clerk = Group.objects.get(name="教务员")
    root = Page.objects.get(depth=1)
    GroupPagePermission.objects.create(group=clerk, page=root, permission_type="publish")
    ensure_roles()
    given = GroupPagePermission.objects.filter(group=clerk)
    assert {each.permission.codename for each in given} == {"add_page", "change_page"}


def test_a_picture_without_words_is_not_taken(visit, north):
    from tests.courses.site.scene import picture

    found = picture()
    clerk = visit("north", "manager")
    form = {"title": "图", "description": "", "collection": "1", "tags": ""}
    answer = clerk.post(f"/admin/images/{found.pk}/", form)
    assert answer.status_code == 200, "it is asked for"
    answer = clerk.post(f"/admin/images/{found.pk}/", form | {"description": "一台机器"})
    assert answer.status_code == 302


def test_an_older_site_gets_the_sections_that_it_never_had_as_drafts_and_once(visit, north):
    home = BaseHomePage.objects.get()
    own = home.add_child(instance=NewsIndexPage(title="本站新闻", slug="our-news"))
    assert offer_sections(home) == 4
    assert offer_sections(home) == 0
    assert [page.title for page in NewsIndexPage.objects.all()] == ["本站新闻"]
    assert not CataloguePage.objects.get().live
    assert visit("north").get("/courses/").status_code == 404
    own.refresh_from_db()
    assert own.live and own.title == "本站新闻"
    edit = f"/admin/pages/{CataloguePage.objects.get().pk}/edit/"
    assert visit("north", "manager").get(edit).status_code == 200


def test_a_section_that_a_base_has_deleted_does_not_come_back(visit, north):
    home = BaseHomePage.objects.get()
    offer_sections(home)
    page = ContactPage.objects.get()
    visit("north", "manager").post(f"/admin/pages/{page.pk}/delete/")
    assert not ContactPage.objects.exists()
    assert offer_sections(home) == 0


def test_the_step_of_every_deployment_offers_them(north):
    ensure_workflow()
    assert CataloguePage.objects.filter(live=False).count() == 1
