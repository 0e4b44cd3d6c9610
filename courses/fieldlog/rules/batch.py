"""A batch as JSON in which one bad item stays one bad item."""

import json
import re
from typing import Any

DEEPEST = 50  # of a batch: an item is two below it, and has no depth of its own
LONGEST = 18  # digits of a number that means anything here
#: A text, or one opening or closing bracket. A text without an end is a bad batch, and is found later.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def read_json(content: bytes) -> Any:
    """What json.loads gives. Raises ValueError for a whole that is no JSON.

    What spoils only the item that it stands in is put so that the item alone is refused: bytes that are
    no UTF-8 within a text become half a surrogate pair, which no event has; numbers of thousands of
    digits, which Python does not read, stay text; what lies deeper than anything of ours is null.
    """
    text = content.decode("utf-8-sig", "surrogateescape")
    try:
        return json.loads(text, parse_int=_whole)
    except RecursionError:
        return json.loads(_shallow(text), parse_int=_whole)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST else digits


def _shallow(text: str) -> str:
    kept: list[str] = []
    depth = start = 0
    for token in TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == DEEPEST:
                kept += [text[start : token.start()], "null"]
        elif token[0] in "]}":
            if depth == DEEPEST:
                start = token.end()
            depth -= 1
    kept.append(text[start:] if depth < DEEPEST else "")
    return "".join(kept)
