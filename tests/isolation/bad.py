"""What people and programs type that nobody meant, and the forms of a page with the kind of each field."""

from dataclasses import dataclass, field

from tests.isolation.forms import Forms

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
BAD = {
    "empty": "",
    "spaces": " \u3000\t",
    "long": "长" * 10_000,
    "emoji": "😀👩‍🌾",
    "right-to-left": "\u202eabc\u200fدرس\u2066",
    "full-width": "１２３－ＡＢＣ＠",
    "nul": "a\x00b",
    "sql": "'; DROP TABLE courses_trainee; -- %s {0} %(x)s",
    "script": SCRIPT,
    "formula": '=HYPERLINK("http://x.cn","x")',
    "odd-number": "²",
    "huge-number": "9" * 400,
    "infinity": "-1e999",
}
TEXTS = {"text", "textarea", "search", "tel", "email", "url", "number", "date", "time", "month"}
TEXTS |= {"datetime-local", "password"}
#: Never said again: what lets somebody in, and what stands on a resident ID.
SECRET = {"password"}


@dataclass
class Sheet:
    """One form of a page: where it stands, where it goes, and what it asks."""

    page: str
    action: str
    good: dict[str, str]
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def texts(self):
        return [
            name
            for name, kind in self.kinds.items()
            if kind in TEXTS and name in self.good and "__prefix__" not in name
        ]

    @property
    def files(self):
        return [name for name, kind in self.kinds.items() if kind == "file"]


class Kinds(Forms):
    """Knows of what kind each field is, too; a form that only reads (GET) counts as well."""

    def __init__(self, word):
        super().__init__(word)
        self.sheets, self.kinds = [], {}

    def handle_starttag(self, tag, attrs):
        has = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.kinds = {}
        super().handle_starttag(tag, attrs)
        name = has.get("name")
        if self.form is not None and name and name != "csrfmiddlewaretoken":
            if tag == "input":
                self.kinds[name] = has.get("type", "text").lower()
            elif tag in ("textarea", "select"):
                self.kinds[name] = tag
        if tag == "textarea" and self.form is not None and name:
            self.form[name] = self.word

    def handle_endtag(self, tag):
        before = len(self.found)
        open_form = self.form
        super().handle_endtag(tag)
        if tag == "form" and open_form is not None:
            first = max(before - 1, 0)
            self.sheets += [("", *each, dict(self.kinds)) for each in self.found[first:]]


def sheets_of(html, page, word):
    """The forms of a page that are sent by POST, filled in with `word`."""
    parser = Kinds(word)
    parser.feed(html)
    return [
        Sheet(page, action, dict(good), kinds)
        for _, action, good, kinds in parser.sheets
        if "language" not in good
    ]
