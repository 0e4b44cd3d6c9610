"""Reads a tutorial as a newcomer does: does what it says, with the words that it says, and nothing else."""

import re
from datetime import date, timedelta
from itertools import zip_longest
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

PHRASE = re.compile(
    r"(?P<open>open)\s+`(?P<address>http[^`]+)`"
    r"|press\s+the\s+number\s+beside\s+\*\*(?P<beside>[^*]+)\*\*"
    r"|(?P<press>press)\s+(?:\*\*(?P<pressed>[^*]+)\*\*|(?P<it>it\b))"
    r"|(?P<digits>type\s+the\s+six\s+digits)[^*]*?\*\*(?P<code>[^*]+)\*\*"
    r"|(?P<day>type\s+the\s+day)\s+(?P<days>\d+)\s+days\s+from\s+now\s+in\s+\*\*(?P<dated>[^*]+)\*\*"
    r"|(?P<type>type)\s+`(?P<typed>[^`]+)`\s+in\s+\*\*(?P<field>[^*]+)\*\*"
    r"|(?P<choose>choose)\s+`(?P<chosen>[^`]+)`\s+in\s+\*\*(?P<select>[^*]+)\*\*"
    r"|(?P<put>put)\s+(?:`(?P<file>[^`]+)`|the file)\s+in\s+\*\*(?P<upload>[^*]+)\*\*"
    r"|(?P<see>\*\*(?P<seen>[^*]+)\*\*)",
    re.IGNORECASE,
)
WHO = re.compile(r"^(?:the )?(clerk|manager|officer|anybody)")
WINDOW = re.compile(r"the (clerk|manager|officer)'s window")
CELL = re.compile(r"^ *\| ([A-Z]+\d+) \| `([^`]+)`", re.MULTILINE)


def sections(path):
    """(heading, text of its steps) of the page."""
    parts = re.split(r"^## (.+)$", Path(path).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for heading, text in zip_longest(parts[::2], parts[1::2]):
        steps = text[text.index("\n1. ") :] if "\n1. " in text else ""
        yield heading, steps


class Newcomer:
    """`page_of(role)` gives a window, `here(address)` an address of this site, `secret(word)` a password and
    `code(role)` a code; `root` is where files lie, `own` where the newcomer saves some.
    """

    def __init__(self, page_of, here, secret, code, root, own, wait=30_000):
        self.page_of, self.here, self.secret, self.code = page_of, here, secret, code
        self.root, self.own = Path(root), Path(own)
        self.wait = wait  # milliseconds until something that is not there is missed
        self.page, self.role, self.file, self.last = None, "", "", ""

    def read(self, path):
        for heading, text in sections(path):
            self._sits_down(WHO.search(heading.lower()))
            for step in re.split(r"^\d+\. ", text, flags=re.MULTILINE)[1:]:
                self._step(heading, re.split(r"\n\n(?! )", step)[0])  # up to the next paragraph

    def _step(self, heading, step):
        self._sits_down(WINDOW.search(step))
        table = step.find("\n   |")
        for found in PHRASE.finditer(step if table < 0 else step[:table] + self._after(step)):
            try:
                self._does(found)
            except AssertionError as error:
                raise AssertionError(f"{heading}: {found[0]}: {self.page.url}\n{error}") from None
        self._mends(step)

    @staticmethod
    def _after(step):
        """What follows a table in a step."""
        return step[step.rindex("|\n") + 1 :]

    def _sits_down(self, who):
        if who and who[1] != self.role:
            self.role, self.page = who[1], self.page_of(who[1])

    def _does(self, found):
        if found["open"]:
            self.page.goto(self.here(found["address"]))
        elif found["beside"]:
            self.page.get_by_role("row").filter(has_text=found["beside"]).get_by_role(
                "link"
            ).first.click()
            self.page.wait_for_load_state()
        elif found["press"]:
            self._press(found["pressed"] or self.last)
        elif found["digits"]:
            self._field(found["code"]).fill(self.code(self.role))
        elif found["day"]:
            day = date.today() + timedelta(days=int(found["days"]))
            self._field(found["dated"]).fill(f"{day:%Y-%m-%d}")
        elif found["type"]:
            self._field(found["field"]).fill(self.secret(found["typed"]))
        elif found["choose"]:
            self._field(found["select"]).select_option(label=found["chosen"])
        elif found["put"]:
            self.file = found["file"] or self.file
            where = self.own if "/" not in self.file else self.root
            self._field(found["upload"]).set_input_files(where / self.file)
        elif found["seen"] != "English":
            self.last = found["seen"]
            expect(
                self.page.get_by_text(found["seen"]).locator("visible=true").first
            ).to_be_visible(timeout=self.wait)

    def _field(self, label):
        """What is typed into: by its label, or by what stands in it while it is empty."""
        words, page = re.compile(rf"^\s*{re.escape(label)}\s*[*:：]?\s*$"), self.page
        named = page.get_by_label(words).or_(page.get_by_placeholder(words))
        found = named.and_(page.locator("input, textarea, select")).first
        expect(found).to_be_attached(timeout=self.wait)
        return found

    def _press(self, name):
        """A button, a link or what opens a fold: by its own words, or else by words that begin so."""
        found = self._pressable(name, exact=True)
        try:
            expect(found).to_be_visible(timeout=min(self.wait, 1_500))
        except AssertionError:
            found = self._pressable(name, exact=False)
            expect(found).to_be_visible(timeout=self.wait)
        found.click()
        self.page.wait_for_load_state()

    def _pressable(self, name, exact):
        page = self.page
        found = page.get_by_role("button", name=name, exact=exact).or_(
            page.get_by_role("link", name=name, exact=exact)
        )
        return found.or_(page.locator("summary", has_text=name)).locator("visible=true").first

    def _mends(self, step):
        cells = CELL.findall(step)
        saved = re.search(r"Save the file as `([^`]+)`", step)
        if cells and saved:
            book = load_workbook(self.root / self.file)
            for cell, value in cells:
                book.worksheets[0][cell].value = value
                book.worksheets[0][cell].number_format = "@"
            book.save(self.own / saved[1])
