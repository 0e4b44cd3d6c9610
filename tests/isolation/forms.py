"""The forms of a page as a stranger to it would send them: its own fields, somebody else's words."""

from html.parser import HTMLParser

#: What is typed where a page asks for a certain kind of value.
TYPED = {"number": "1", "date": "2026-01-05", "time": "08:30", "email": "x@example.org"}
TYPED |= {"url": "https://x.cn/", "tel": "0433-1", "password": "a-long-test-password"}
#: What is typed into fields that take no word, by the end of their names.
NAMED = {"division_prefix": "", "place_code": "2101", "employer_uscc": ""}
SKIPPED = {"submit", "button", "image", "reset", "file", "search"}


class Forms(HTMLParser):
    """Every form that is sent by POST: (its action, {name of a field: value})."""

    def __init__(self, word):
        super().__init__()
        self.word, self.found, self.form, self.select = word, [], None, None
        self.buttons = []  # each sends the form in a way of its own

    def handle_starttag(self, tag, attrs):
        has = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.form = {} if has.get("method", "").lower() == "post" else None
            if self.form is not None:
                self.found.append((has.get("action", ""), self.form))
            return
        name = has.get("name")
        if self.form is None:
            return
        if tag == "option" and self.select:
            # The last one, or what is chosen: an empty choice comes first.
            if "selected" in has or not self.form.get(self.select):
                self.form[self.select] = has.get("value", "")
        elif not name or name == "csrfmiddlewaretoken":
            return
        elif tag == "select":
            self.select, self.form[name] = name, ""
        elif tag == "textarea":
            self.form[name] = self.word
        elif tag == "button":
            if "formnovalidate" in has:  # leads to another step of the same page, and sends nothing
                return
            self.buttons.append({name: has.get("value", "")})
        elif tag == "input":
            self._input(name, has)

    def _input(self, name, has):
        kind, value = has.get("type", "text"), has.get("value", "")
        if kind in SKIPPED:
            return
        if kind == "radio":
            self.form.setdefault(name, value)
        elif kind == "checkbox":
            self.form.setdefault(name, value or "on")
        elif kind == "hidden":
            self.form[name] = value
        else:
            named = [text for end, text in NAMED.items() if name.endswith(end)]
            self.form[name] = named[0] if named else TYPED.get(kind) or self.word

    def handle_endtag(self, tag):
        if tag == "form":
            if self.form is not None and self.buttons:
                action, form = self.found.pop()
                self.found += [(action, form | button) for button in self.buttons]
            self.form, self.buttons = None, []
        elif tag == "select":
            self.select = None


def forms_of(html, word):
    """(action, fields) of the forms of a page, filled in; `word` stands in every text."""
    parser = Forms(word)
    parser.feed(html)
    return [(action, form) for action, form in parser.found if "language" not in form]
