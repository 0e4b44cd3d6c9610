"""Show in a title why it was found."""

import re
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from courses.finding.text import CJK, sounds, tidy


def spans(text: str, marks: Sequence[str]) -> list[tuple[int, int]]:
    """Where in the text the words stand, or what sounds like them, or what is spelled by them."""
    lowered = tidy(text) if len(tidy(text)) == len(text) else text.lower()
    found = []
    for mark in marks:
        found += [m.span() for m in re.finditer(re.escape(mark), lowered)]
    if not found:
        found = [span for mark in marks for span in _heard(lowered, mark)]
    if not found:
        found = [span for mark in marks for span in _pieces(lowered, mark)]
    return _joined(found)


def _heard(text: str, mark: str) -> list[tuple[int, int]]:
    wanted = "".join(sounds(mark)) if CJK.match(mark) else mark
    found = []
    for run in CJK.finditer(text):
        heard = sounds(run.group())
        for start in range(len(heard)):
            for end in range(start + 1, min(len(heard), start + 12) + 1):
                part = heard[start:end]
                if wanted in ("".join(part), "".join(s[0] for s in part)):
                    found.append((run.start() + start, run.start() + end))
    return found


def _pieces(text: str, mark: str) -> list[tuple[int, int]]:
    pairs = {mark[i : i + 2] for i in range(len(mark) - 1)} if CJK.match(mark) else set()
    return [m.span() for pair in pairs for m in re.finditer(re.escape(pair), text)]


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def highlighted(text: str, marks: Sequence[str]) -> SafeString:
    """The text with `<mark>` around what was found, everything escaped."""
    parts: list[tuple[str]] = []
    at = 0
    for start, end in spans(text, marks) if marks else []:
        parts.append((format_html("{}<mark>{}</mark>", text[at:start], text[start:end]),))
        at = end
    parts.append((text[at:],))
    return format_html_join("", "{}", parts)
