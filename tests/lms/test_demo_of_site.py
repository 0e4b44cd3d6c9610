"""The demo's sites are written by the same models and services that a clerk's pages pass."""

from courses.models import BaseHomePage, CoursePage
from courses.site.services import make_sections
from courses.site.terms import coming
from lms.demo import words
from lms.demo.pictures import SCENES
from lms.demo.site import written
from tests.courses.site.scene import coming_class


def test_every_page_of_the_demo_is_there_and_is_shown(visit, north):
    make_sections(BaseHomePage.objects.get())
    coming_class()
    north.slug = "dunhua"
    written(north, "0433-5550211", "敦化市示范街 12 号")
    north.slug = "north"
    stranger = visit("north")
    paths = ["/", "/sewing/", "/news/", "/news/news-1/", "/news/sewing-class/", "/stories/story-1/"]
    paths += [
        "/policies/training-subsidy-2025/",
        "/contact/",
        "/courses/",
        "/stories/",
        "/policies/",
    ]
    for path in paths:
        assert stranger.get(path).status_code == 200, path
    course = stranger.get("/sewing/").content.decode()
    assert "要自己带缝纫机吗？" in course and "uri.amap.com" in course
    assert "赵大姐" in stranger.get("/stories/").content.decode()


def test_a_consent_of_the_demo_is_about_to_end(north):
    make_sections(BaseHomePage.objects.get())
    coming_class()
    north.slug = "dunhua"
    written(north, "0433-5550211", "敦化市示范街 12 号")
    assert "在村口开了改衣铺" in [page.title for page in coming()]
    assert CoursePage.objects.get().picture.description == words.PICTURES["sewing"]


def test_every_picture_has_its_words():
    assert set(SCENES) == set(words.PICTURES)
