"""Chinese is the source language; English must be complete; no Chinese outside the catalogue."""

import io
import re
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent / "trainbase_letters"
CJK = re.compile(r"[\u3400-\u9fff]")
PAPER = (
    "letter.html"  # a Chinese paper with English labels on request, whatever the reader's language
)


def pages():
    return [path for path in ROOT.rglob("*.html") if path.name != PAPER]


def messages():
    keywords = {"gettext": None, "_": None, "gettext_lazy": None}
    found = set()
    for path in ROOT.rglob("*.py"):
        if "migrations" not in path.parts:
            with path.open("rb") as file:
                found |= {m[1] for m in extract("python", file, keywords)}
    for path in pages():
        text = templatize(path.read_text(encoding="utf-8"))
        found |= {m[1] for m in extract("python", io.BytesIO(text.encode()), keywords)}
    return {m for m in found if isinstance(m, str) and CJK.search(m)}


def catalogue():
    with (ROOT / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file) if entry.id}


def test_every_chinese_message_has_an_english_one_and_no_other():
    known = catalogue()
    assert sorted(messages() - known.keys()) == []
    assert sorted(known.keys() - messages()) == []
    for zh, en in known.items():
        assert en and not CJK.search(en), zh
        placeholders = r"%\(\w+\)s"
        assert sorted(re.findall(placeholders, zh)) == sorted(re.findall(placeholders, en))


def test_no_page_has_chinese_outside_the_catalogue():
    for path in pages():
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\{% blocktrans.*?%\}.*?\{% endblocktrans %\}", "", text, flags=re.DOTALL)
        text = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", text, flags=re.DOTALL)
        assert CJK.findall(text.replace("（", "").replace("）", "")) == [], path.name
