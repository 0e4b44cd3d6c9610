"""Chinese is the source; English is complete; nothing Chinese stands outside the catalogue."""

import io
import re
from pathlib import Path

import trainbase_hotline
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(trainbase_hotline.__file__).parent
CJK = re.compile(r"[\u3400-\u9fff]")
KEYWORDS = {"gettext": None, "_": None, "gettext_lazy": None}


def said():
    found = set()
    for path in ROOT.rglob("*.py"):
        with path.open("rb") as file:
            found |= {m[1] for m in extract("python", file, KEYWORDS)}
    for path in ROOT.rglob("*.html"):
        text = templatize(path.read_text(encoding="utf-8"))
        found |= {m[1] for m in extract("python", io.BytesIO(text.encode()), KEYWORDS)}
    return {m for m in found if isinstance(m, str) and CJK.search(m)}


def catalogue():
    with (ROOT / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file) if entry.id}


def test_every_message_has_its_english_and_none_is_left_over():
    known = catalogue()
    assert said() == set(known)
    assert not [m for m, english in known.items() if not english or CJK.search(english)]


def test_placeholders_are_the_same_in_both_languages():
    for chinese, english in catalogue().items():
        holders = [sorted(re.findall(r"%\(\w+\)s", text)) for text in (chinese, english)]
        assert holders[0] == holders[1], chinese


def test_a_template_has_no_chinese_of_its_own():
    for path in ROOT.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\{% blocktrans.*?%\}.*?\{% endblocktrans %\}", "", text, flags=re.DOTALL)
        assert CJK.findall(re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)) == [], path
