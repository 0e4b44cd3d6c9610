"""What programs ask a site for: sitemap, robots.txt, feeds, addresses that have moved."""

from xml.etree import ElementTree

import pytest

from courses.directory.models import CourseListing
from courses.models import CoursePage
from courses.site.models import CataloguePage, NewsPage
from tests.courses.site.scene import coming_class, news, sections, story

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def site(north):
    sections()
    return north


def parsed(visit, path, slug="north"):
    answer = visit(slug).get(path)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.content)


def test_the_sitemap_names_what_is_published_on_the_sites_own_host(visit, site):
    news()
    news(slug="draft").unpublish()
    places = [each.text for each in parsed(visit, "/sitemap.xml").iter(f"{MAP}loc")]
    assert "http://north.localhost:8000/news/first/" in places
    assert "http://north.localhost:8000/sewing/" in places
    assert not [place for place in places if "draft" in place or "south" in place]


def test_robots_are_told_the_sitemap_and_kept_from_the_desk_and_certificates(visit, site):
    text = visit("north").get("/robots.txt").content.decode()
    assert "Sitemap: http://north.localhost:8000/sitemap.xml" in text
    assert "Disallow: /desk/" in text and "Disallow: /c/" in text
    assert (
        "Sitemap: http://centre.localhost:8000/"
        in visit("centre").get("/robots.txt").content.decode()
    )
    assert visit("centre").get("/sitemap.xml").status_code == 200


def test_news_come_as_a_feed_the_newest_first(visit, site):
    news(title="第一条", slug="a")
    news(title="第二条 <b>", slug="b")
    NewsPage.objects.filter(slug="a").update(first_published_at="2026-01-05T08:00:00+08:00")
    entries = parsed(visit, "/feeds/news.xml").findall(f"{ATOM}entry")
    assert [each.find(f"{ATOM}title").text for each in entries] == ["第二条 <b>", "第一条"]
    link = entries[1].find(f"{ATOM}link").get("href")
    assert link == "http://north.localhost:8000/news/a/"


def test_next_classes_come_as_a_feed_and_a_story_never_does(visit, site):
    coming_class("N-07")
    story()
    (entry,) = parsed(visit, "/feeds/classes.xml").findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == "http://north.localhost:8000/sewing/#N-07"
    assert parsed(visit, "/feeds/news.xml").findall(f"{ATOM}entry") == []
    assert visit("centre").get("/feeds/news.xml").status_code == 404


def test_an_old_address_leads_to_the_new_one(visit, site, django_capture_on_commit_callbacks):
    page = CoursePage.objects.get()
    page.slug = "sewing-class"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    answer = visit("north").get("/sewing/")
    assert (answer.status_code, answer["Location"]) == (301, "/sewing-class/")
    assert CourseListing.objects.get(tenant__slug="north").path == "/sewing-class/"


def test_a_course_that_moves_into_the_catalogue_is_still_found(
    visit, site, django_capture_on_commit_callbacks
):
    page = CoursePage.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        page.move(CataloguePage.objects.get(), pos="last-child")
    assert CourseListing.objects.get(tenant__slug="north").path == "/courses/sewing/"
    assert visit("north").get("/sewing/")["Location"] == "/courses/sewing/"
    for path in ("/", "/courses/"):
        found = visit("north").get(path, {"q": "裁缝"}).content.decode()
        assert "<mark>缝纫</mark>裁剪初级班" in found
        assert 'href="/courses/sewing/"' in found
    catalogue = CataloguePage.objects.get()
    catalogue.slug = "kecheng"
    with django_capture_on_commit_callbacks(execute=True):
        catalogue.save_revision().publish()
    portal = visit("centre").get("/courses/").content.decode()
    assert "http://north.localhost:8000/kecheng/sewing/" in portal


def test_a_manager_writes_a_redirect_and_a_clerk_does_not(visit, site):
    manager = visit("north", "manager")
    form = {"old_path": "/kecheng", "site": "", "is_permanent": "on", "redirect_link": ""}
    form |= {"redirect_page": CataloguePage.objects.get().pk}
    assert manager.post("/admin/redirects/add/", form).status_code == 302
    assert visit("north").get("/kecheng/")["Location"] == "/courses/"
    assert visit("south").get("/kecheng/").status_code == 404
    assert visit("north", "clerk").get("/admin/redirects/").status_code == 302
