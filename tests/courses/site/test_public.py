"""Every type of page, full and empty, live and as a draft: nothing that a clerk writes breaks it."""

import json
import re

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from courses.models import CoursePage
from courses.site.models import NewsIndexPage, NewsPage
from tests.cast import base
from tests.courses.site.scene import (
    LONG,
    coming_class,
    news,
    notice,
    policy,
    publish,
    sections,
    story,
    whole_site,
)


@pytest.fixture
def site(visit):
    with tenant_context(base("north")):
        found = whole_site()
    return found


def shown(visit, path, status=200):
    answer = visit("north").get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def data_of(page):
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return json.loads(text)


def test_every_type_is_served_with_its_preview_for_other_sites(visit, site):
    for name, path in site.items():
        page = shown(visit, path)
        assert f'<link rel="canonical" href="http://north.localhost:8000{path}">' in page, name
        assert '<meta property="og:title"' in page and page.count("<h1>") == 1, name
        if name in ("course", "news", "notice", "story"):
            assert re.search(r'og:image" content="http://north.localhost:8000/media/images/', page)


def test_a_course_says_all_that_somebody_asks_for(visit, site):
    page = shown(visit, site["course"])
    for said in (
        *("16 岁以上", "免费", "合格并就业的给补贴", "测劳转〔2026〕3号", "第 1–2 周", "第 3 周"),
        *("吴老师", "要带机器吗？", "https://maps.example.org/?q=1", "N-01"),
    ):
        assert said in page, said
    told = data_of(page)
    assert told["@type"] == "Course" and len(told["hasCourseInstance"]) == 1
    assert told["offers"]["category"] == "Free" and told["teaches"] == ["面料", "裁剪"]


def test_a_notice_says_what_the_class_says_and_closes_with_it(visit, site):
    assert "招生中" in shown(visit, site["notice"])
    assert data_of(shown(visit, site["notice"]))["@type"] == "CourseInstance"
    with tenant_context(base("north")):
        training_class = CoursePage.objects.get().next_classes().get()
        type(training_class).objects.update(state="in_session")
    assert "报名已结束" in shown(visit, site["notice"])


def test_the_front_page_gathers_what_the_sections_hold(visit, site):
    page = shown(visit, "/")
    for said in ("近期开班", "进村第一课", "缝纫班开班通知", "从地头到车间", "看全部课程"):
        assert said in page, said


def test_the_menu_leads_to_sections_that_have_something(visit, north):
    sections()
    page = shown(visit, "/")
    assert (
        'href="/courses/"' in page and 'href="/contact/"' in page and 'href="/stories/"' not in page
    )
    story()
    assert 'href="/stories/"' in shown(visit, "/")


def test_sections_are_made_once(north):
    from courses.models import BaseHomePage
    from courses.site.services import make_sections

    assert make_sections(BaseHomePage.objects.get()) == 5
    assert make_sections(BaseHomePage.objects.get()) == 0


def test_long_words_and_empty_fields_break_nothing(visit, north):
    sections()
    page = CoursePage.objects.get()
    page.title = page.summary = page.who = page.place = LONG
    page.syllabus = [
        ("unit", {"title": LONG[:60], "theory": 0, "practice": 0, "content": "", "weeks": 1})
    ]
    page.save_revision().publish()
    assert LONG in shown(visit, "/sewing/")
    news(title=LONG, slug="long", lead=LONG)
    page = notice(coming_class(), slug="without-class")
    type(page).objects.update(training_class=None)
    assert "这个班次已不在册" in shown(visit, "/news/without-class/")
    assert LONG in shown(visit, "/news/")
    assert LONG in shown(visit, "/")


def test_many_pages_are_paged(visit, north):
    sections()
    for number in range(14):
        news(title=f"新闻{number}号", slug=f"n{number}")
    first, second = shown(visit, "/news/"), shown(visit, "/news/?page=2")
    assert "新闻13号" in first and "新闻0号" not in first
    assert "新闻0号" in second and "1 / 2" in first


def test_blocks_are_shown_and_what_they_hold_is_escaped(visit, north):
    sections()
    page = NewsPage(title="附件", slug="blocks", lead="<b>x</b>")
    page.body = [
        ("heading", "小标题"),
        ("steps", {"title": "怎么办", "steps": ["第一步", "<script>"]}),
        ("note", {"text": "注意"}),
    ]
    publish(NewsIndexPage.objects.get(), page)
    found = shown(visit, "/news/blocks/")
    assert "<h2>小标题</h2>" in found and "<li>第一步</li>" in found
    assert "&lt;script&gt;" in found and "&lt;b&gt;x" in found


def test_a_picture_that_is_lost_breaks_no_page(visit, north):
    from tests.courses.site.scene import picture

    sections()
    lost = picture()
    news(picture=lost)
    lost.file.storage.delete(lost.file.name)
    assert "进村第一课" in shown(visit, "/news/first/")


@pytest.mark.parametrize(
    "model",
    ["news", "notice", "story", "policy", "course", "home", "contact", "catalogue", "index"],
)
def test_a_draft_of_every_type_is_previewed_and_not_served(visit, north, model):
    sections()
    course = CoursePage.objects.get()
    made = {
        "news": news,
        "notice": lambda: notice(coming_class()),
        "story": lambda: story(days=-1),
        "policy": policy,
        "course": lambda: course,
        "home": lambda: course.get_parent(),
        "contact": lambda: Page.objects.get(slug="contact"),
        "catalogue": lambda: Page.objects.get(slug="courses"),
        "index": lambda: NewsIndexPage.objects.get(),
    }[model]()
    page = made.specific
    page.title = "草稿的标题"
    revision = page.save_revision()
    clerk = visit("north", "clerk")
    answer = clerk.get(f"/admin/pages/{page.pk}/view_draft/")
    assert answer.status_code == 200
    if model not in ("catalogue", "contact", "index"):
        assert "草稿的标题" in answer.content.decode()
    assert clerk.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    assert revision.as_object().title == "草稿的标题"
    public = visit("north").get(page.url)
    assert "草稿的标题" not in public.content.decode()


@pytest.mark.parametrize(
    ("model", "section"),
    [
        ("newspage", "news"),
        ("classnoticepage", "news"),
        ("storypage", "stories"),
        ("policypage", "policies"),
    ],
)
def test_a_page_that_was_never_saved_is_previewed(visit, north, model, section):
    sections()
    parent = Page.objects.get(slug=section).pk
    clerk = visit("north", "clerk")
    at = f"/admin/pages/add/site/{model}/{parent}/"
    assert clerk.get(at).status_code == 200
    today = str(timezone.localdate())
    form = {"title": "没有存过的标题", "slug": "new", "lead": "导语", "body-count": "0"}
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    form |= {"training_class": coming_class().pk, "bring": ""}
    form |= {"person": "某某", "given_on": today, "consent_until": today}
    form |= {"consent_kept": "柜", "consent_scope": "照片", "who": "人", "what": "钱"}
    form |= {"number": "1", "issued_by": "中心", "issued_on": today, "valid_from": today}
    assert clerk.post(f"{at}preview/", form).json()["is_valid"]
    assert "没有存过的标题" in clerk.get(f"{at}preview/").content.decode()


def test_no_page_takes_an_address_of_the_system(visit, north):
    home = sections()
    clerk = visit("north", "manager")
    at = f"/admin/pages/add/courses/coursepage/{home.pk}/"
    from tests.courses.test_pages import course_form

    form = course_form("登录培训", publish=False) | {"slug": "desk"}
    answer = clerk.post(at, form)
    assert answer.status_code == 200 and "由系统使用" in answer.content.decode()
    assert clerk.post(at, form | {"slug": "desk-work"}).status_code == 302


def test_a_neighbour_shows_nothing_of_it(visit, site):
    other = visit("south")
    for path in ("/news/first/", "/stories/story/", "/policies/subsidy/", "/courses/"):
        assert other.get(path).status_code == 404, path
    for path in ("/sitemap.xml", "/feeds/news.xml", "/feeds/classes.xml", "/"):
        text = other.get(path).content.decode()
        assert "north" not in text and "N-01" not in text and "进村第一课" not in text, path


def test_days_are_written_as_the_language_of_the_reader_writes_them(north, visit):
    opened = coming_class()
    first = opened.starts_on
    browser = visit("north")
    page = browser.get("/sewing/").content.decode()
    assert f"{first.year}年{first.month}月{first.day}日" in page
    assert f"<strong>{first.month}月{first.day}日</strong>" in page
    browser.post("/i18n/setlang/", {"language": "en", "next": "/"})
    page = browser.get("/sewing/").content.decode()
    assert f"{first.day} {first:%B} {first.year}" in page
