"""Open the admin and the desk as each role in Chinese: no English is left but names, codes and formats.

The catalogues are counted in tests/test_chinese_of_others.py. This finds what stands in no catalogue: words
in templates, names of models without a translation, help texts of packages.
"""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection, transaction

from tests.isolation.addresses import addresses
from tests.isolation.walk import FAILS_ON_PURPOSE, known_of, urlconf_of

#: Read aloud or shown, though they stand in attributes.
SPOKEN = {"title", "aria-label", "placeholder", "alt"}
SILENT = {"script", "style", "svg", "code", "pre", "template", "noscript"}
VOID = {"input", "img", "br", "hr", "link", "meta", "use", "source", "wbr", "col", "path"}
ENGLISH = re.compile(r"[A-Za-z][a-z]{2,}")
#: Names, formats, file types, units; what people type; keys of a keyboard.
NAMES = re.compile(
    r"\b\w+\.\w+page\b|(?i:CANARY)-[\w-]+(?:\.\w+| (?:picture|paper|summary))?|[A-D]\. (?:single|multiple) \d \w|Trainbase|Wagtail|WebP|AVIF|JPEG|PNG|GIF|SVG|Excel|Chrome|Edge|WeChat|Wi-Fi|English"
    r"|https?://\S+|[\w.+-]+@[\w.-]+|\b[\w-]+\.(?:xlsx|csv|pdf|jpg|png|txt|webp|cn|localhost|po|json)\b"
    r"|Gravatar|YouTube|Vimeo|Shift|Ctrl|Alt|Enter|Esc|Tab|Mod|Cmd|Markdown|Unicode|Python|OpenAPI"
    r"|(?<![A-Za-z])(?:north|south|centre|clerk|manager|director|officer|trainer|examiner|liaison"
    r"|standard|None|False|True|hotline|letters|sample|broken)(?![A-Za-z])|tbk_\w+|\.pdf|invited-\w+|\.xlsx|\{[\w:]+\}|\b\w+\.\w+page\b"
    r"|(?:Sample|Broken) Author|Sewing and cutting, elementary|Hello, is this .*"
    r"|\{\w+\}|[A-Z]{1,4}-\d+\S*|\bsha256\b|\bvCard\b|\bAuthenticator\b"
)


class Visible(HTMLParser):
    """What a page shows or has read aloud, outside places that are marked as another language."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        quiet = tag in SILENT or has.get("lang", "").startswith(("en", "ko"))
        if tag not in VOID:
            self.open.append((tag, quiet))
        if not quiet and not any(each for _, each in self.open):
            self.texts += [has[name] for name in SPOKEN if has.get(name)]
            if tag == "input" and has.get("type") in ("submit", "button", "reset"):
                self.texts.append(has.get("value") or "")

    def handle_endtag(self, tag):
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data):
        if not any(quiet for _, quiet in self.open):
            self.texts.append(data)


def english(texts):
    return [" ".join(each.split())[:120] for each in texts if ENGLISH.search(NAMES.sub(" ", each))]


def english_in(html):
    parser = Visible()
    parser.feed(html)
    return english(parser.texts)


#: What a person of the cast or the demo is called, and codes that stand in the made world.
DATA = re.compile(
    r"^(?:sewing|Sewing and cutting|north|south|centre|clerk|manager|director|officer|trainer|examiner"
    r"|liaison|township_officer|invited-\w+|standard|elementary|outbox|email|carrier|sample|letters"
    r"|health|qualification|security-guard|skill-level|special-\w+"  # codes of kinds
    r"|hotline|broken|[\w-]*x@example\.org"
    # Rows that Wagtail's own migrations have written, and two buttons for screen readers alone.
    r"|Moderators approval|Welcome to your new Wagtail site!|Search)$"
)
WORKERS = [("north", "clerk"), ("north", "manager"), ("centre", "director"), ("centre", "officer")]
#: Not pages: parts that scripts ask for as JSON, an API's description, a test of Wagtail's own.
LEFT_OUT = re.compile(r"^(?:wagtailadmin_api|api|check_api|.*openapi)")


@pytest.mark.parametrize(("slug", "role"), WORKERS)
def test_no_page_of_the_desk_and_the_admin_shows_english(enter, slug, role):
    browser = enter(slug, role)
    browser.cookies["django_language"] = "zh-hans"
    found, pages = {}, 0
    for address in addresses(urlconf_of(slug), known_of(slug)):
        if address.name in FAILS_ON_PURPOSE or LEFT_OUT.match(address.name):
            continue
        for path in address.paths[:2]:
            if not path.startswith(("/admin/", "/desk/", "/staff/", "/account/")):
                continue
            with transaction.atomic():
                answer = browser.get(path)
                transaction.set_rollback(True)
            if answer.status_code != 200:
                continue
            if "text/html" not in answer.headers.get("Content-Type", ""):
                continue
            pages += 1
            for text in english_in(answer.content.decode()):
                if not DATA.match(text):
                    found.setdefault(text, path)
    connection.set_schema_to_public()
    assert pages > 30
    assert sorted(found.items()) == []


def test_control_a_word_of_english_is_found_out():
    page = '<p>你好</p><button aria-label="Close">×</button><script>var word</script><b lang="en">Hi there</b>'
    assert english_in(page) == ["Close"]
