"""The demo's public sites: what a clerk of each base has written, and a manager has published."""

import io
from datetime import date, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.images import get_image_model

from courses.models import BaseHomePage, CoursePage, TrainingClass
from courses.site.models import (
    ClassNoticePage,
    ContactPage,
    NewsIndexPage,
    NewsPage,
    PolicyIndexPage,
    PolicyPage,
    StoryIndexPage,
    StoryPage,
)
from lms.demo import words
from lms.demo.pictures import HIGH, WIDE, drawn
from tenants.models import Tenant

drawn_once = cache(drawn)
Blocks = list[tuple[str, Any]]


def written(tenant: Tenant, phone: str, address: str) -> None:
    """Everything beside the courses themselves; call it inside the base, after its classes."""
    pictures = {scene: _picture(scene, text) for scene, text in words.PICTURES.items()}
    _front(tenant, pictures)
    policies = _policies(tenant)
    _courses(pictures, policies[0], address)
    _news(tenant, pictures)
    _stories(tenant, pictures)
    contact = ContactPage.objects.get()
    contact.lead = "工作日随时可以来看；进村的班请先打电话。"
    contact.places = [("place", place) for place in _places(phone, address)]
    contact.save_revision().publish()


def _map(address: str) -> str:
    return f"https://uri.amap.com/search?keyword={quote(address)}"


def _picture(scene: str, text: str) -> Any:
    """The middle is what matters in all of them: there is the focal point."""
    content = drawn_once(scene)
    picture = get_image_model()(
        title=text[:40],
        description=text,
        file=ImageFile(io.BytesIO(content), name=f"{scene}.jpg"),
        focal_point_x=WIDE // 2,
        focal_point_y=HIGH // 2,
        focal_point_width=WIDE // 2,
        focal_point_height=HIGH // 2,
    )
    picture.save()
    return picture


def _front(tenant: Tenant, pictures: dict[str, Any]) -> None:
    front = BaseHomePage.objects.get()
    front.lead, front.picture = words.LEADS[tenant.slug], pictures["house"]
    front.save_revision().publish()


def _policies(tenant: Tenant) -> list[PolicyPage]:
    section, this_year = PolicyIndexPage.objects.get(), timezone.localdate().year
    made = []
    for said in words.POLICIES:
        first, last = said["years"]
        page = PolicyPage(
            **{key: said[key] for key in ("title", "slug", "lead", "who", "what", "number")},
            issued_by="示范市农村劳动力转移服务中心",
            issued_on=date(this_year + first, 1, 8),
            valid_from=date(this_year + first, 1, 15),
            valid_until=None if last is None else date(this_year + last, 1, 14),
            body=_body("", said["steps"]),
        )
        section.add_child(instance=page).save_revision().publish()
        made.append(page)
    return made


def _courses(pictures: dict[str, Any], policy: PolicyPage, address: str) -> None:
    for course in CoursePage.objects.select_related("project"):
        said = words.COURSES[course.project.code]
        course.picture, course.policy, course.fee = pictures[course.project.code], policy, 0
        course.who, course.subsidy = said["who"], said["subsidy"]
        course.map_link = _map(address)
        course.teachers = [
            ("teacher", {"name": name, "title": title, "about": about, "picture": None})
            for name, title, about in said["teachers"]
        ]
        course.questions = [
            ("question", {"question": question, "answer": answer})
            for question, answer in said["questions"]
        ]
        course.save_revision().publish()


def _body(text: str, steps: list[str] | None = None, note: str = "") -> Blocks:
    found: Blocks = [("paragraph", f"<p>{text}</p>")] if text else []
    if steps:
        found.append(("steps", {"title": "怎么办理", "steps": steps}))
    if note:
        found.append(("note", {"text": note}))
    return found


def _news(tenant: Tenant, pictures: dict[str, Any]) -> None:
    section = NewsIndexPage.objects.get()
    for number, (title, days, scene, lead, text) in enumerate(words.NEWS[tenant.slug], 1):
        page = NewsPage(title=title, slug=f"news-{number}", lead=lead, body=_body(text))
        page.picture = pictures.get(scene)
        _publish(section, page, days)
    coming = TrainingClass.objects.filter(
        project__code="sewing", state=TrainingClass.State.OPEN
    ).earliest("starts_on")
    notice = ClassNoticePage(
        **{key: words.NOTICE[key] for key in ("title", "lead", "bring")},
        slug="sewing-class",
        training_class=coming,
        picture=pictures["sewing"],
        body=_body("", words.NOTICE["steps"], words.NOTICE["note"]),
    )
    _publish(section, notice, 2)


def _publish(section: Any, page: Any, days: int) -> None:
    """As if it had been published so many days ago."""
    section.add_child(instance=page).save_revision().publish()
    when = timezone.now() - timedelta(days=days)
    type(page).objects.filter(pk=page.pk).update(first_published_at=when)


def _stories(tenant: Tenant, pictures: dict[str, Any]) -> None:
    section, today = StoryIndexPage.objects.get(), timezone.localdate()
    courses = {page.project.code: page.project for page in CoursePage.objects.all()}
    for number, said in enumerate(words.STORIES[tenant.slug], 1):
        title, person, trade, quote, lead, days, text = said
        page = StoryPage(
            title=title,
            slug=f"story-{number}",
            person=person,
            project=courses[trade],
            quote=quote,
            lead=lead,
            picture=pictures["worker"],
            body=_body(text),
            given_on=today - timedelta(days=60),
            consent_until=today + timedelta(days=days),
            consent_kept=f"档案柜 2-{number}",
            consent_scope="称呼、工作情况、照片，用于本基地网站",
        )
        _publish(section, page, 30 * number)


def _places(phone: str, address: str) -> list[dict[str, str]]:
    return [
        {
            "name": "基地教学楼",
            "address": address,
            "map_link": _map(address),
            "person": "吴教务",
            "phone": phone,
            "hours": "周一至周六 8:00–17:00",
            "way": "客运站下车，沿示范街向东走十分钟；有停车的地方。",
        },
        {
            "name": "进村办班",
            "address": "各乡镇，由村联络员约定",
            "map_link": "",
            "person": "崔联络",
            "phone": phone,
            "hours": "农闲季节，早晚都可以打电话",
            "way": "",
        },
    ]
