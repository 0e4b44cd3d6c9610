"""A clerk edits the catalogue in Wagtail; the portal follows what is published."""

import pytest
from django_tenants.utils import tenant_context

from courses.directory.models import CourseListing
from courses.grams import grams
from courses.models import BaseHomePage, CoursePage, Project
from tenants.models import Trade
from tests.cast import base


def listed():
    return CourseListing.objects.filter(tenant__slug="north").count()


def course_form(title, publish):
    form = {
        "title": title,
        "slug": "another",
        "project": Project.objects.get().pk,
        "summary": "学会做一件上衣",
        "place": "村部",
        "contact": "吴老师",
        "contact_phone": "0433-2",
        "syllabus-count": "1",
        "syllabus-0-deleted": "",
        "syllabus-0-order": "0",
        "syllabus-0-type": "unit",
        "syllabus-0-id": "",
        "syllabus-0-value-title": "面料",
        "syllabus-0-value-theory": "4",
        "syllabus-0-value-practice": "4",
        "syllabus-0-value-content": "认识面料",
        "syllabus-0-value-weeks": "1",
        "teachers-count": "0",
        "questions-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    return form | ({"action-publish": "1"} if publish else {})


@pytest.fixture
def clerk(visit):
    return visit("north", "clerk")


@pytest.mark.parametrize("publish", [True, False])
def test_a_course_is_written_and_only_a_published_one_is_seen(visit, publish):
    clerk = visit("north", "manager" if publish else "clerk")
    with tenant_context(base("north")):
        front = BaseHomePage.objects.get().pk
        form = course_form("服装设计入门", publish)
    address = f"/admin/pages/add/courses/coursepage/{front}/"
    assert clerk.get(address).status_code == 200
    assert clerk.post(address, form).status_code == 302
    public = visit("north").get("/another/")
    assert public.status_code == (200 if publish else 404)
    assert ("认识面料" in public.content.decode()) == publish
    assert listed() == (2 if publish else 1)
    with tenant_context(base("north")):
        page = CoursePage.objects.get(slug="another").pk
    assert clerk.get(f"/admin/pages/{page}/edit/").status_code == 200
    preview = f"/admin/pages/{page}/edit/preview/"
    assert clerk.post(preview, form | {"title": "预览标题"}).json()["is_valid"]
    assert "预览标题" in clerk.get(preview).content.decode()


def test_a_clerk_adds_a_project_and_its_change_reaches_the_portal(visit, clerk):
    assert clerk.get("/admin/projects/").status_code == 200
    assert "code" in clerk.get("/admin/projects/new/").content.decode()
    form = {"code": "sewing", "name": "缝纫中级", "name_en": "Sewing", "level": "intermediate"}
    form |= {"trade": Trade.objects.get().pk, "theory_hours": 6, "practice_hours": 8}
    form |= {"minutes_per_hour": 45}
    assert clerk.post("/admin/projects/new/", form).status_code == 200, "the code is taken"
    assert clerk.post("/admin/projects/new/", form | {"code": "two"}).status_code == 302
    with tenant_context(base("north")):
        pk = Project.objects.get(code="sewing").pk
    assert clerk.post(f"/admin/projects/edit/{pk}/", form).status_code == 302
    assert CourseListing.objects.get(tenant__slug="north").level == "中级"
    assert visit("north", "trainer").get("/admin/projects/").status_code == 302


def test_an_unpublished_course_leaves_the_portal(north):
    page = CoursePage.objects.get()
    page.unpublish()
    assert listed() == 0
    page.save_revision().publish()
    assert listed() == 1
    page.delete()
    assert listed() == 0


@pytest.mark.parametrize("role", ["trainer", "examiner"])
def test_whoever_does_not_edit_has_no_admin(visit, role):
    assert visit("north", role).get("/admin/pages/").status_code == 302


def test_a_clerk_edits_neither_users_nor_the_other_base(visit, clerk):
    assert clerk.get("/admin/users/").status_code == 302
    with tenant_context(base("south")):
        page = CoursePage.objects.get()
        CoursePage.objects.filter(pk=page.pk).update(title="南方课程")
    answer = clerk.get(f"/admin/pages/{page.pk}/edit/")
    assert "南方课程" not in answer.content.decode()


def test_part_of_a_chinese_word_is_a_term_of_the_index():
    kept = set(grams("缝纫裁剪初级班 CNC").split())
    assert {"缝纫", "裁剪", "剪", "初级", "cnc"} <= kept
    assert "电焊" not in kept
