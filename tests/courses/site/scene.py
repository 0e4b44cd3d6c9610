"""A base's site with one page of every type, for the tests beside this file."""

import io
from datetime import timedelta

from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image
from wagtail.images import get_image_model

from courses.models import BaseHomePage, CoursePage
from courses.site.models import (
    ClassNoticePage,
    NewsIndexPage,
    NewsPage,
    PolicyIndexPage,
    PolicyPage,
    StoryIndexPage,
    StoryPage,
)
from courses.site.services import make_sections
from tests.story import a_class

#: Adjacent words without a break, as a form takes them.
LONG = "超长" * 15 + "UnbreakableWordOfALink" * 4


def picture(title="缝纫机", size=(1600, 1000)):
    out = io.BytesIO()
    Image.new("RGB", size, "#9e1b1e").save(out, "JPEG")
    out.seek(0)
    found = get_image_model()(
        title=title, description="工作台上的缝纫机", file=ImageFile(out, "p.jpg")
    )
    found.save()
    return found


def publish(section, page):
    section.add_child(instance=page).save_revision().publish()
    page.refresh_from_db()
    return page


def sections():
    home = BaseHomePage.objects.get()
    make_sections(home)
    return home


def story(section=None, days=30, **more):
    today = timezone.localdate()
    facts = {
        "title": "从地头到车间",
        "slug": "story",
        "lead": "现在在镇上的服装厂",
        "person": "李师傅",
        "given_on": today - timedelta(days=10),
        "consent_until": today + timedelta(days=days),
        "consent_kept": "柜 2",
        "consent_scope": "称呼和照片",
    }
    return publish(section or StoryIndexPage.objects.get(), StoryPage(**facts | more))


def policy(**more):
    today = timezone.localdate()
    facts = {
        "title": "培训补贴",
        "slug": "subsidy",
        "lead": "个人不花钱",
        "who": "农村劳动力",
        "what": "培训费全免",
        "number": "测劳转〔2026〕3号",
        "issued_by": "测试中心",
        "issued_on": today,
        "valid_from": today - timedelta(days=5),
    }
    return publish(PolicyIndexPage.objects.get(), PolicyPage(**facts | more))


def news(title="进村第一课", slug="first", **more):
    facts = {"title": title, "slug": slug, "lead": "教师进村了"}
    return publish(NewsIndexPage.objects.get(), NewsPage(**facts | more))


def coming_class(code="N-01"):
    """A class that still takes people: an ordinary one, put back to before its first day."""
    found = a_class(code=code, people=1)
    starts = timezone.localdate() + timedelta(days=9)
    type(found).objects.filter(pk=found.pk).update(
        state="open", starts_on=starts, ends_on=starts + timedelta(days=3)
    )
    found.refresh_from_db()
    return found


def notice(training_class=None, **more):
    facts = {"title": "缝纫班开班通知", "slug": "notice", "lead": "先报先得", "bring": "身份证"}
    page = ClassNoticePage(training_class=training_class, **facts | more)
    return publish(NewsIndexPage.objects.get(), page)


def whole_site():
    """One of everything; {type: path}."""
    sections()
    shown = picture()
    course = CoursePage.objects.get()
    course.picture, course.policy, course.fee = shown, policy(), 0
    course.who, course.subsidy = "16 岁以上", "合格并就业的给补贴"
    course.map_link = "https://maps.example.org/?q=1"
    course.syllabus = [
        ("unit", {"title": "面料", "theory": 2, "practice": 1, "content": "识别", "weeks": 2}),
        ("unit", {"title": "裁剪", "theory": 2, "practice": 3, "content": "", "weeks": 1}),
    ]
    course.teachers = [
        ("teacher", {"name": "吴老师", "title": "技师", "about": "二十年", "picture": None})
    ]
    course.questions = [("question", {"question": "要带机器吗？", "answer": "<p>不用</p>"})]
    course.save_revision().publish()
    news(picture=shown)
    notice(coming_class(), picture=shown)
    story(picture=shown, quote="不怕第二件")
    return {
        "home": "/",
        "catalogue": "/courses/",
        "course": "/sewing/",
        "news_index": "/news/",
        "news": "/news/first/",
        "notice": "/news/notice/",
        "stories": "/stories/",
        "story": "/stories/story/",
        "policies": "/policies/",
        "policy": "/policies/subsidy/",
        "contact": "/contact/",
    }
