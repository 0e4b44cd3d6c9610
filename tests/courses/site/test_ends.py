"""Consents and policies end by themselves, and whoever publishes sees it coming."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.site.daily import publish_scheduled
from courses.site.models import NewsIndexPage, NewsPage, PolicyPage, StoryPage
from courses.site.terms import coming
from tests.courses.site.scene import news, policy, sections, story


@pytest.fixture
def site(north):
    sections()
    return north


def test_a_story_is_gone_the_day_after_its_consent(visit, site):
    page = story(days=1)
    stranger = visit("north")
    assert stranger.get("/stories/story/").status_code == 200
    StoryPage.objects.filter(pk=page.pk).update(
        consent_until=timezone.localdate() - timedelta(days=1)
    )
    assert stranger.get("/stories/story/").status_code == 404, "before any job has run"
    for path in ("/", "/stories/", "/sitemap.xml"):
        assert "从地头到车间" not in stranger.get(path).content.decode()
        assert "/stories/story/" not in stranger.get(path).content.decode()


def test_a_story_is_gone_from_the_day_of_a_withdrawal(visit, site):
    page = story()
    page.withdrawn_on = timezone.localdate()
    page.save_revision().publish()
    assert visit("north").get("/stories/story/").status_code == 404


def test_the_consent_sets_the_end_of_the_page_and_nobody_sets_a_later_one(site):
    page = story(days=5)
    ends = timezone.localtime(page.expire_at)
    assert ends.date() == timezone.localdate() + timedelta(days=6) and ends.hour == 0
    page.expire_at = timezone.now() + timedelta(days=400)
    page.full_clean()
    assert timezone.localtime(page.expire_at) == ends


def test_a_longer_consent_brings_a_story_back_by_the_form(visit, site):
    page = story(days=1)
    past = timezone.localdate() - timedelta(days=1)
    StoryPage.objects.filter(pk=page.pk).update(consent_until=past)
    StoryPage.objects.get(pk=page.pk).save_revision().publish()
    publish_scheduled()
    assert not StoryPage.objects.get(pk=page.pk).live
    form = {"title": page.title, "slug": "story", "person": "李师傅", "lead": "x", "quote": ""}
    form |= {"given_on": past, "consent_until": past + timedelta(days=50), "withdrawn_on": ""}
    form |= {"consent_kept": "柜 2", "consent_scope": "称呼", "body-count": "0"}
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "expire_at": "2020-01-01"}
    manager = visit("north", "manager")
    answer = manager.post(f"/admin/pages/{page.pk}/edit/", form | {"action-publish": "1"})
    assert answer.status_code == 302
    assert visit("north").get("/stories/story/").status_code == 200
    withdrawn = form | {"withdrawn_on": timezone.localdate(), "action-publish": "1"}
    assert manager.post(f"/admin/pages/{page.pk}/edit/", withdrawn).status_code == 302
    assert visit("north").get("/stories/story/").status_code == 404


def test_a_consent_does_not_end_before_it_was_given(site):
    with pytest.raises(ValidationError):
        story(days=-20)


def test_a_policy_that_is_over_says_so_and_so_does_its_course(visit, site):
    from courses.models import CoursePage

    page = policy(valid_until=timezone.localdate() + timedelta(days=1))
    course = CoursePage.objects.get()
    course.policy = page
    course.save_revision().publish()
    stranger = visit("north")
    assert "有效，至" in stranger.get("/policies/subsidy/").content.decode()
    yesterday = timezone.localdate() - timedelta(days=1)
    PolicyPage.objects.update(valid_until=yesterday)
    assert "不能再据此申请" in stranger.get("/policies/subsidy/").content.decode()
    said = f"已于 {yesterday.year}年{yesterday.month}月{yesterday.day}日 到期"
    for path in ("/sewing/", "/policies/"):
        assert said in stranger.get(path).content.decode()


def test_the_manager_sees_what_ends_and_the_clerk_does_not(visit, site):
    story(days=20)
    story(days=200, slug="later", title="还早的故事")
    policy(valid_until=timezone.localdate() + timedelta(days=3), title="快到期的政策")
    assert [page.title for page in coming()] == ["快到期的政策", "从地头到车间"]
    home = visit("north", "manager").get("/admin/").content.decode()
    assert "快到期的政策" in home and "从地头到车间" in home
    panel = home.split('id="site-terms-section"')[1].split("</table>")[0]
    assert "还早的故事" not in panel
    assert 'id="site-terms-section"' not in visit("north", "clerk").get("/admin/").content.decode()


def test_the_list_of_ends_is_complete_and_goes_to_excel(visit, site):
    story(days=200, title="还早的故事")
    manager = visit("north", "manager")
    page = manager.get("/admin/reports/terms/")
    assert page.status_code == 200 and "还早的故事" in page.content.decode()
    assert str(timezone.localdate() + timedelta(days=200)) in page.content.decode()
    sheet = manager.get("/admin/reports/terms/?export=xlsx")
    assert sheet.status_code == 200 and "spreadsheet" in sheet["Content-Type"]
    b"".join(sheet.streaming_content)
    assert visit("north", "clerk").get("/admin/reports/terms/").status_code == 302


def test_what_is_scheduled_comes_and_goes_by_the_jobs_clock(visit, site):
    page = news(slug="soon")
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision(approved_go_live_at=page.go_live_at).publish()
    publish_scheduled()
    assert visit("north").get("/news/soon/").status_code == 404
    revision = NewsPage.objects.get(pk=page.pk).scheduled_revision
    past = timezone.now() - timedelta(minutes=1)
    type(revision).objects.filter(pk=revision.pk).update(
        approved_go_live_at=past, content=revision.content | {"go_live_at": past.isoformat()}
    )
    publish_scheduled()
    assert visit("north").get("/news/soon/").status_code == 200
    NewsPage.objects.filter(pk=page.pk).update(expire_at=past)
    publish_scheduled()
    publish_scheduled()
    assert visit("north").get("/news/soon/").status_code == 404
    assert NewsIndexPage.objects.get().live


def test_the_schedule_runs_in_every_base_and_at_the_centre():
    from tenants.jobs import schedule

    names = {name: each.type for name, each in schedule._regular.items()}
    assert names["site.publish_scheduled"] == "base"
    assert names["site.publish_scheduled.centre"] == "centre"
