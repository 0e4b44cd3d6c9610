"""What Wagtail, allauth and Django say on our pages is Chinese, all of it.

Within reach is every message of an app of other authors that is installed, and of Django itself:
whether a role gets to see it depends on settings that change, so none is left out. What counts is
what gettext answers, with our catalogue `locale/zh_Hans` before theirs.
"""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import locale as django_locale
from django.conf import settings
from django.utils.translation import trans_real

ROOT = Path(__file__).parent.parent
OURS = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
CJK = re.compile(r"[\u3400-\u9fff]")
HOLDERS = re.compile(r"%\(\w+\)[a-z]|%[ds]|\{\w+\}")
#: The same in both languages: names, formats, and signs.
SAME = re.compile(
    r"Wagtail|API v2|WebAuthn|Gravatar|URL|HTML|JSON|XLSX|CSV|UUID|ID|IPv[46]|[KMGTP]B"
)


def folders():
    """The locale folders of others, by the name of the app."""
    found = {"django": Path(django_locale.__file__).parent}
    for config in apps.get_app_configs():
        folder = Path(config.path) / "locale"
        if ROOT not in folder.parents or ".venv" in folder.parts:
            found[config.name] = folder
    return {name: folder for name, folder in found.items() if (folder / "en").is_dir()}


def english(domain):
    """{app: its English messages}; the messages of the source when it has no catalogue of them."""
    found = {}
    for name, folder in folders().items():
        path = folder / "en" / "LC_MESSAGES" / f"{domain}.po"
        if path.exists():
            with path.open("rb") as file:
                found[name] = [m for m in read_po(file) if m.id]
    return found


def chinese(catalogue, message):
    """What a Chinese page shows for a message of an English catalogue."""
    if isinstance(message.id, tuple):
        one, many = message.id
        if message.context:
            return catalogue.npgettext(message.context, one, many, 5)
        return catalogue.ngettext(one, many, 5)
    if message.context:
        return catalogue.pgettext(message.context, message.id)
    return catalogue.gettext(message.id)


def left_english(catalogue, messages):
    for message in messages:
        said = chinese(catalogue, message)
        bare = SAME.sub("", HOLDERS.sub("", said))
        if re.search("[A-Za-z]{2}", bare) and not CJK.search(said):
            yield said


def test_no_page_of_an_installed_app_has_an_english_message():
    catalogue = trans_real.translation("zh-hans")
    found = english("django")
    assert {"django", "wagtail.admin", "wagtail.images", "allauth"} <= set(found)
    counted = {name: list(left_english(catalogue, messages)) for name, messages in found.items()}
    assert {name: left for name, left in counted.items() if left} == {}


def test_no_script_of_the_admin_has_an_english_message():
    folder = folders()["wagtail.admin"]
    catalogue = trans_real.DjangoTranslation(
        "zh-hans", domain="djangojs", localedirs=[str(folder)]
    )  # as JavaScriptCatalog makes it for the pages
    messages = english("djangojs")["wagtail.admin"]
    assert list(left_english(catalogue, messages)) == []


@pytest.mark.parametrize("name", ["django.po", "djangojs.po"])
def test_a_chinese_message_keeps_the_place_holders_and_tags(name):
    with (OURS / name).open("rb") as file:
        for entry in read_po(file):
            if not entry.id:
                continue
            said = entry.string if isinstance(entry.string, str) else entry.string[0]
            forms = [entry.id] if isinstance(entry.id, str) else entry.id
            assert said, forms[0]
            for pattern in (HOLDERS, re.compile("<[^>]+>")):
                asked = [set(pattern.findall(form)) for form in forms]
                assert set(pattern.findall(said)) <= set.union(*asked), forms[0]
                assert set(pattern.findall(said)) >= set.intersection(*asked), forms[0]


def test_our_catalogue_comes_first():
    assert Path(settings.LOCALE_PATHS[0]) == ROOT / "locale"
    assert trans_real.translation("zh-hans").gettext("Shortcuts") == "快捷键"


def test_control_a_message_that_is_missing_is_found_out():
    catalogue = trans_real.translation("en")
    assert "Dashboard" in list(left_english(catalogue, english("django")["wagtail.admin"]))
