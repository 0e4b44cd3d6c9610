"""What a query may mean, from what it says to what it may have meant. Pure: text in, tsquery out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from courses.finding.text import CJK, PIECES, quoted, sounds, tidy

#: Said around what is looked for, and found in half of all courses.
FILLER = (
    *(
        "我想学习",
        "我想学",
        "想学习",
        "想学",
        "学习",
        "学",
        "我要报名",
        "报名",
        "我想",
        "我要",
        "想要",
    ),
    *(
        "哪里有",
        "哪里",
        "在哪",
        "有没有",
        "怎么学",
        "怎么",
        "请问",
        "附近的",
        "附近",
        "免费的",
        "免费",
    ),
    *("培训班", "培训", "课程", "技术", "技能", "老师", "学校", "的", "有", "吗", "呢", "班", "课"),
    *("一下", "招生", "开班", "农村", "做", "当"),
)
LONGEST = 12  # pieces of a query that are looked at


@dataclass(frozen=True)
class Reading:
    """One way to read a query. `kind` says how sure it is; `marks` is what to highlight."""

    kind: str  # said, meant, sounds, slip
    tsquery: str
    marks: tuple[str, ...]


def readings(query: str, groups: Sequence[Sequence[str]], known: Iterable[str]) -> list[Reading]:
    """From the surest reading to the boldest; the caller stops at the first that finds something.

    `groups` are the synonyms of the centre, `known` other words that are not to be cut: trades, places.
    """
    same = {word: tuple(group) for group in groups for word in group}
    tokens = _tokens(query, {*same, *filter(None, map(tidy, known))})[:LONGEST]
    if not tokens:
        return []
    found: list[Reading] = []
    if whole := _whole(query, tokens):
        found.append(Reading("said", phrase(whole), (whole,)))
    for kind, ways in (
        ("said", _said),
        ("meant", _meant),
        ("sounds", _sounding),
        ("slip", _slipped),
    ):
        options = [ways(token, same) for token in tokens]
        if all(options):
            tsquery = " & ".join(f"({' | '.join(dict.fromkeys(each))})" for each in options)
            if tsquery not in {reading.tsquery for reading in found}:
                found.append(Reading(kind, tsquery, _marks(tokens, same)))
    return found


def _whole(query: str, tokens: Sequence[str]) -> str:
    """The query as it stands when cutting it has lost something: 美容师 is more than 美容."""
    pieces = PIECES.findall(tidy(query))
    whole = pieces[0] if len(pieces) == 1 and CJK.match(pieces[0]) else ""
    return whole if len(whole) > 2 and [whole] != list(tokens) else ""


def _tokens(query: str, known: set[str]) -> list[str]:
    """The query cut into known words and what lies between; what is said around them is left out."""
    found: list[tuple[str, bool]] = []
    for piece in PIECES.findall(tidy(query)):
        found += _cut(piece, known) if CJK.match(piece) else [(piece, True)]
    telling = [word for word, tells in found if tells]
    return list(dict.fromkeys(telling or [word for word, _ in found]))


def _cut(run: str, known: set[str]) -> list[tuple[str, bool]]:
    """(word, whether it tells something): the longest known word at each place, else what remains."""
    found: list[tuple[str, bool]] = []
    rest = ""

    def close() -> None:
        nonlocal rest
        if rest:
            found.append((rest, len(rest) > 1 or not found))
        rest = ""

    at = 0
    while at < len(run):
        word = _longest(run, at, known)
        filler = "" if word else _longest(run, at, set(FILLER))
        if word or filler:
            close()
            found.append((word or filler, bool(word)))
            at += len(word or filler)
        else:
            rest += run[at]
            at += 1
    close()
    # A single character beside a word says little: 缝纫工, 电脑班.
    several = any(tells and len(word) > 1 for word, tells in found)
    return [(word, tells and not (several and len(word) == 1)) for word, tells in found]


def _longest(run: str, at: int, words: set[str]) -> str:
    for length in range(min(12, len(run) - at), 0, -1):
        if run[at : at + length] in words:
            return run[at : at + length]
    return ""


Same = dict[str, tuple[str, ...]]


def phrase(run: str) -> str:
    """Exactly these characters one after another."""
    if not CJK.match(run):
        return quoted(f"e.{run}")
    if len(run) == 1:
        return quoted(run)
    return " <-> ".join(quoted(run[i : i + 2]) for i in range(len(run) - 1))


def _chain(parts: Sequence[str], gap_after: int = -1) -> str:
    """Lexemes one after another; after the part `gap_after` one place is left open."""
    text = parts[0]
    for place, part in enumerate(parts[1:]):
        text += f" {'<2>' if place == gap_after else '<->'} {part}"
    return text


def _said(token: str, same: Same) -> list[str]:
    if CJK.match(token):
        return [_grouped(word) for word in dict.fromkeys((token, *same.get(token, ())))]
    words = [quoted(f"e.{token}") + (":*" if len(token) > 2 else "")]
    words += [_grouped(word) for word in same.get(token, ())]
    words += _spelled(token)
    for word in same:  # letters that spell a word of a group mean its others too
        if CJK.match(word) and _reads(word, token):
            words += [_grouped(other) for other in same[word]]
    return words


def _grouped(word: str) -> str:
    pieces = PIECES.findall(word)
    if len(pieces) == 1:
        return f"({phrase(pieces[0])})"
    parts = [part for piece in pieces for part in (piece if CJK.match(piece) else [f"e.{piece}"])]
    return _grouped_chain([quoted(part) for part in parts or [word]])


def _spelled(token: str) -> list[str]:
    """Latin letters as the sounds of characters, or as their first letters."""
    found = [_grouped_chain(_sounds_of(cut)) for cut in spellings(token)]
    if not found and 2 <= len(token) <= 10 and token.isascii() and token.isalpha():
        found.append(_grouped_chain([quoted(f"i.{letter}") for letter in token]))
    return found


def _sounds_of(cut: Sequence[str]) -> list[str]:
    return [quoted(f"p.{sound}") for sound in cut]


def _grouped_chain(parts: Sequence[str]) -> str:
    return f"({_chain(parts)})"


def _meant(token: str, same: Same) -> list[str]:
    """Also the words of any group whose word lies in the token or holds it."""
    found = _said(token, same)
    if CJK.match(token) and len(token) > 1:
        near = [word for word in same if CJK.match(word) and len(word) > 1 and token in word]
        for word in near:
            found += [_grouped(other) for other in same[word]]
    if token.isascii() and token.isalpha():
        found += [_grouped_chain(_sounds_of(cut)) for cut in spellings(token)]
        found += (
            [_grouped_chain([quoted(f"i.{letter}") for letter in token])] if len(token) > 1 else []
        )
    return found


def _reads(word: str, token: str) -> bool:
    heard = sounds(word)
    return token in ("".join(heard), "".join(sound[0] for sound in heard))


def _sounding(token: str, same: Same) -> list[str]:
    found = _meant(token, same)
    if CJK.match(token) and len(token) > 1:
        found.append(_grouped_chain(_sounds_of(sounds(token))))
        for word in same:
            if len(word) == len(token) and CJK.match(word) and sounds(word) == sounds(token):
                found += [_grouped(other) for other in same[word]]
    return found


def _slipped(token: str, same: Same) -> list[str]:
    """One character wrong, missing, too many, or two of them changed over."""
    found = _sounding(token, same)
    if token in same:
        return found
    if CJK.match(token):
        for slip in slips(token):
            found.append(f"({slip})")
        for word in same:
            if CJK.match(word) and min(len(word), len(token)) > 2 and _one_off(word, token):
                found += [_grouped(other) for other in same[word]]
    elif len(token) > 3:
        found += [
            _grouped_chain(_sounds_of(cut)) for near in _near(token) for cut in spellings(near)
        ]
        found += [
            _grouped(other)
            for word in same
            if CJK.match(word) and _one_off("".join(sounds(word)), token)
            for other in same[word]
        ]
        found += [quoted(f"e.{token[:-1]}") + ":*"]
    return found


def slips(run: str) -> list[str]:
    """Phrases that differ from a run of three characters or more in one."""
    if len(run) < 3:
        return []
    each = [quoted(character) for character in run]
    wrong = [phrase(run[1:]), phrase(run[:-1])] if len(run) > 3 else [phrase(run[:-1])]
    for place in range(1, len(run) - 1):
        wrong.append(
            _chain(each[:place] + each[place + 1 :], gap_after=place - 1)
        )  # one is another
        wrong.append(_chain(each[:place] + each[place + 1 :]))  # one too many
    missing = [_chain(each, gap_after=place) for place in range(len(run) - 1)]
    swapped = [
        phrase(run[:place] + run[place + 1] + run[place] + run[place + 2 :])
        for place in range(len(run) - 1)
    ]
    return [*wrong, *missing, *swapped]


def _near(token: str) -> set[str]:
    """Every spelling that is one letter away."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(token[:i], token[i:]) for i in range(len(token) + 1)]
    less = {a + b[1:] for a, b in cuts if b}
    other = {a + c + b[1:] for a, b in cuts if b for c in letters}
    more = {a + c + b for a, b in cuts for c in letters}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    return (less | other | more | swapped) - {token}


def _one_off(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, c in enumerate(short) if c != long[i]), len(short))
    if len(short) == len(long):
        rest, swapped = (
            short[at + 1 :] == long[at + 1 :],
            short[at : at + 2] == long[at : at + 2][::-1],
        )
        return rest or (swapped and short[at + 2 :] == long[at + 2 :])
    return short[at:] == long[at + 1 :]


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """Every sound that a Chinese character has, without its tone."""
    found = {
        to_normal(sound, v_to_u=False)
        for code, readings in PINYIN_DICT.items()
        if 0x4E00 <= code <= 0x9FFF
        for sound in readings.split(",")
    }
    return frozenset(s for s in found if s.isascii() and s.isalpha() and set(s) & set("aeiouv"))


@lru_cache(maxsize=4096)
def spellings(token: str) -> tuple[tuple[str, ...], ...]:
    """The ways to cut Latin letters into two sounds or more, the fewest sounds first; at most four."""
    if not (token.isascii() and token.isalpha() and 3 <= len(token) <= 40):
        return ()
    known = syllables()
    ways: list[list[tuple[str, ...]]] = [[] for _ in range(len(token) + 1)]
    ways[0].append(())
    for end in range(1, len(token) + 1):
        for start in range(max(0, end - 6), end):
            if token[start:end] in known:
                ways[end] += [(*way, token[start:end]) for way in ways[start]][:8]
    whole = [way for way in ways[-1] if len(way) > 1]
    return tuple(sorted(whole, key=len)[:4])


def _marks(tokens: Sequence[str], same: Same) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for token in tokens for word in (token, *same.get(token, ()))))
