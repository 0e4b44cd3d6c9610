"""Chinese for PostgreSQL's text search, which knows only words between spaces. Pure.

Every character of a text has a position. At each stand the character itself, the pair that begins
there, its sound (p.feng) and the first letter of its sound (i.f): so a phrase of pairs finds part of a
word exactly, and a phrase of sounds what sounds like it. Latin words stand as e.sewing.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
LATIN = re.compile(r"[a-z0-9+#]+")
PIECES = re.compile(rf"{CJK.pattern}|{LATIN.pattern}")
GAP = 50  # positions between two fields: no phrase reaches from one into the next
LAST = 16_000  # PostgreSQL knows positions up to 16,383

Fields = Iterable[tuple[str, str]]


def tidy(text: str) -> str:
    """Full width as half, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def words_of_group(text: str) -> list[str]:
    """The words of a group of synonyms: between slashes, commas or 、, each once."""
    return list(dict.fromkeys(filter(None, map(tidy, re.split(r"[/／,，、;；|]", text)))))


@lru_cache(maxsize=4096)
def sounds(run: str) -> tuple[str, ...]:
    """The sound of each character, as the word is read: 银行 is yin hang."""
    found = lazy_pinyin(run, style=Style.NORMAL, errors=list, v_to_u=False)  # type: ignore[arg-type]
    return tuple(found) if len(found) == len(run) else tuple(run)


def quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def vector_of(fields: Fields) -> str:
    """A text that PostgreSQL reads as a tsvector, of (text, weight A to D) pairs."""
    found: dict[str, list[str]] = {}
    position = 1

    def put(lexeme: str, at: int, weight: str) -> None:
        places = found.setdefault(lexeme, [])
        if at <= LAST and len(places) < 200:
            places.append(f"{at}{weight}")

    for text, weight in fields:
        for piece in PIECES.findall(tidy(text)):
            if not CJK.match(piece):
                put(f"e.{piece}", position, weight)
                position += 1
                continue
            for offset, (character, sound) in enumerate(zip(piece, sounds(piece), strict=True)):
                at = position + offset
                put(character, at, weight)
                put(f"p.{sound}", at, weight)
                put(f"i.{sound[0]}", at, weight)
                if offset + 1 < len(piece):
                    put(piece[offset : offset + 2], at, weight)
            position += len(piece)
        position += GAP
    return " ".join(f"{quoted(lexeme)}:{','.join(places)}" for lexeme, places in found.items())
