"""What strangers and holders read is there in Korean, whole; the rest is Chinese and not half of each."""

import io
import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation.template import templatize

from tenants.languages import languages_of

ROOT = Path(__file__).parent.parent
CJK = re.compile(r"[\u3400-\u9fff]")
HANGUL = re.compile(r"[\uac00-\ud7a3]")
KEYWORDS = {"gettext": None, "_": None, "gettext_lazy": None, "ngettext": (1, 2)}
#: The pages that a stranger, a holder or an employer reads: templates, and the code behind them.
PUBLIC = [
    *(f"templates/{name}.html" for name in ("base", "form", "pages", "404", "403", "sent_twice")),
    *("templates/language.html", "tenants/once.py"),
    *(
        f"certificates/holders/templates/holders/{name}.html"
        for name in ("certificates", "checks", "door", "no_paper")
    ),
    *("certificates/holders/views.py", "certificates/holders/share_views.py"),
    *(
        f"certificates/employers/templates/employers/{name}.html"
        for name in (
            *("applied", "apply", "check", "claimed", "confirmed", "enter", "home", "link_sent"),
            *("nav", "not_valid", "person", "sign_in", "works_here"),
        )
    ),
    *("certificates/employers/forms.py", "certificates/employment/forms.py"),
    *(f"certificates/employers/views/{name}.py" for name in ("door", "own", "scan")),
    *(
        f"certificates/employment/templates/employment/{name}.html"
        for name in ("answered", "confirm", "link_over", "mine", "mine_locked")
    ),
    "certificates/employment/views/answer.py",
    *(f"courses/templates/courses/{name}.html" for name in ("base_home", "base_nav", "course")),
    *(
        f"courses/site/templates/site/{name}.html"
        for name in (
            *("back", "catalogue", "contact", "course_cards", "cover", "news", "news_index"),
            *("news_list", "notice", "on_paper", "page", "policy", "policy_index"),
            *("policy_state", "search", "social", "story", "story_cards", "story_index"),
        )
    ),
    *(
        f"courses/applying/templates/applying/{name}.html"
        for name in (
            *("consent", "join", "join_link", "mine", "one_field", "picker", "propose"),
            *("proposed", "status"),
        )
    ),
    "courses/applying/views/join.py",
    "courses/applying/views/propose.py",
    *(f"courses/applying/{name}.py" for name in ("forms", "models")),
    "courses/openings/models.py",
    *(
        f"lms/templates/portal/{name}.html"
        for name in (
            *("bases", "centre_home", "class_cards", "courses", "nav", "notice_wait"),
            *("open_classes", "village"),
        )
    ),
    "lms/portal/views.py",
    "lms/portal/openings.py",
    *(f"tenants/applications/templates/applications/{n}.html" for n in ("application", "apply")),
    *(f"tenants/applications/{name}.py" for name in ("forms", "views", "models")),
]


def messages(name):
    path = ROOT / name
    if path.suffix == ".py":
        source = path.open("rb")
    else:
        source = io.BytesIO(templatize(path.read_text(encoding="utf-8")).encode())
    with source:
        found = [each[1] for each in extract("python", source, KEYWORDS)]
    return [text for text in found if isinstance(text, str) and CJK.search(text)]


def catalogue():
    with (ROOT / "locale/ko/LC_MESSAGES/django.po").open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file) if entry.id}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_of_strangers_is_whole_in_korean(name):
    known = catalogue()
    assert [text for text in messages(name) if not known.get(text)] == []


def test_a_korean_message_is_korean_and_keeps_the_place_holders():
    for chinese, korean in catalogue().items():
        assert HANGUL.search(korean), chinese
        assert not CJK.search(korean), korean
        holders = r"%\(\w+\)s|\{\w+\}"
        assert sorted(re.findall(holders, chinese)) == sorted(re.findall(holders, korean)), chinese


def test_no_korean_is_offered_at_the_desk():
    assert [code for code, _name in languages_of("/my/")] == ["zh-hans", "ko", "en"]
    for path in ("/desk/classes/", "/admin/", "/staff/", "/login/"):
        assert [code for code, _name in languages_of(path)] == ["zh-hans", "en"], path


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("zh-hans", "2026年1月5日", "1月5日"),
        ("ko", "2026년 1월 5일", "1월 5일"),
        ("en", "5 January 2026", "5 January"),
    ],
)
def test_a_day_is_written_as_its_language_does(language, day, moment):
    with translation.override(language):
        assert date_format(date(2026, 1, 5), "DATE_FORMAT") == day
        assert date_format(date(2026, 1, 5), "MONTH_DAY_FORMAT") == moment


@pytest.mark.parametrize("path", ["/my/", "/courses/", "/bases/", "/employers/apply/", "/apply/"])
def test_a_korean_phone_gets_the_page_in_korean(db, path):
    page = Client(HTTP_HOST="centre.localhost").get(path, headers={"Accept-Language": "ko-KR,ko"})
    text = page.content.decode()
    assert '<html lang="ko"' in text
    assert "본문으로 이동" in text
    assert 'value="zh-hans"' in text, "the other languages can be chosen"
    assert 'value="en"' in text


def test_korean_is_chosen_by_a_button_and_the_desk_stays_chinese(visit):
    browser = visit("north", "clerk")
    browser.post("/i18n/setlang/", {"language": "ko", "next": "/"})
    assert '<html lang="ko"' in browser.get("/").content.decode()
    desk = browser.get("/desk/").content.decode()
    assert '<html lang="zh-Hans"' in desk
    assert "한국어" not in desk
