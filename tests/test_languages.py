"""Chinese is the source language; English must be complete; no Chinese outside the catalogue."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
APPS = ("lms", "tenants", "courses", "certificates", "templates")
CJK = re.compile(r"[\u3400-\u9fff]")
#: Bilingual by design, whatever the reader's language: a stranger scans, or nothing works.
BOTH = {
    "verify.html",
    "answer.html",
    "many.html",
    "check_form.html",
    "check.html",
    "verify_busy.html",
    "description.html",
    "share.html",
    "share_over.html",
    "paper.html",
    "paper_card.html",
    "paper_rest.html",
}
#: An official paper is in Chinese, whoever prints it.
BOTH |= {"report_paper.html", "exam_paper.html", "notice_paper.html"}
BOTH |= {"400.html", "500.html", "403_csrf.html", "no_such_host.html", "closed.html", "moving.html"}


def templates():
    found = [p for app in APPS for p in (ROOT / app).rglob("*.html")]
    return [p for p in found if p.name not in BOTH]


def messages():
    """Every Chinese msgid in code and templates."""
    found = set()
    keywords = {"gettext": None, "_": None, "gettext_lazy": None, "ngettext": (1, 2)}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                with path.open("rb") as file:
                    found |= {m[1] for m in extract("python", file, keywords)}
    for path in templates():
        text = templatize(path.read_text(encoding="utf-8"))
        found |= {m[1] for m in extract("python", io.BytesIO(text.encode()), keywords)}
    return {m for m in found if isinstance(m, str) and CJK.search(m)}


def catalogue():
    path = ROOT / "locale/en/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        return {entry.id: entry for entry in read_po(file) if entry.id}


def test_every_chinese_message_has_an_english_one():
    known = catalogue()
    missing = [m for m in sorted(messages()) if m not in known or not known[m].string]
    assert missing == []


def test_the_catalogue_has_nothing_that_is_no_longer_said():
    assert sorted(set(catalogue()) - messages()) == []


def test_an_english_message_has_no_chinese_and_keeps_the_placeholders():
    for entry in catalogue().values():
        assert not CJK.search(entry.string), entry.string
        placeholders = r"%\(\w+\)s"
        assert sorted(re.findall(placeholders, entry.id)) == sorted(
            re.findall(placeholders, entry.string)
        ), entry.id


@pytest.mark.parametrize("path", templates(), ids=lambda p: p.name)
def test_a_template_has_no_chinese_outside_the_catalogue(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{% blocktrans.*?%\}.*?\{% endblocktrans %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", text, flags=re.DOTALL).replace("中文", "")
    assert CJK.findall(text) == []
