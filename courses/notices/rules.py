"""What a notice says, how long it is, what it costs, and when it may leave. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

#: What a template may hold: the Chinese word, the English word, and what stands for both.
WORDS = (
    ("姓名", "name"),
    ("班次", "class"),
    ("项目", "course"),
    ("地点", "place"),
    ("日期", "date"),
    ("链接", "link"),
    ("基地", "base"),
    ("电话", "phone"),
)
_KEYS = {word: en for zh, en in WORDS for word in (zh, en)}
_HOLDER = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
LONGEST = 500  # characters of a template
DAY_BEGINS, NIGHT_BEGINS = time(8), time(22)
#: The basic alphabet of short messages (3GPP TS 23.038); a sign of the second row takes two places.
_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("\f^{}\\[~]|€")


@dataclass(frozen=True)
class Length:
    """`units` as a carrier counts them; a message of several segments has shorter ones."""

    units: int
    segments: int


def holders(text: str) -> list[str]:
    """The keys of the place holders of a text, each once, in order; unknown ones as written."""
    return list(dict.fromkeys(_KEYS.get(word.strip(), word) for word in _HOLDER.findall(text)))


def unknown(text: str) -> list[str]:
    """What stands in braces and is no place holder; a brace without its partner too."""
    wrong = [word for word in _HOLDER.findall(text) if word.strip() not in _KEYS]
    return wrong + re.findall(r"[{}｛｝]", _HOLDER.sub("", text))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text of one person. A value that looks like a place holder is not filled again."""
    return _HOLDER.sub(lambda found: facts.get(_KEYS.get(found[1].strip(), ""), ""), text)


def missing(text: str, facts: Mapping[str, str]) -> list[str]:
    """The keys that the text asks for and this person has no value of."""
    return [key for key in holders(text) if not facts.get(key, "").strip()]


def length(text: str) -> Length:
    """70 places in a single message and 67 in each of several, 160 and 153 in the basic alphabet."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        units, single, several = len(text) + sum(sign in _EXTENDED for sign in text), 160, 153
    else:
        units, single, several = len(text.encode("utf-16-le")) // 2, 70, 67
    if units <= single:
        return Length(units, 1 if units else 0)
    return Length(units, -(-units // several))


def cost(segments: int, price: Decimal) -> Decimal:
    """In yuan, of so many segments at the price of one."""
    return segments * price


def is_night(at: time) -> bool:
    return at >= NIGHT_BEGINS or at < DAY_BEGINS


def may_leave(at: datetime, urgent: bool) -> bool:
    """Nobody is disturbed between ten in the evening and eight, unless it is urgent. Local time."""
    return urgent or not is_night(at.time())


def leaves_at(at: datetime, urgent: bool) -> datetime:
    """The next moment, from `at` on, when it may leave."""
    if may_leave(at, urgent):
        return at
    day = at if at.time() < DAY_BEGINS else at + timedelta(days=1)
    return day.replace(hour=DAY_BEGINS.hour, minute=DAY_BEGINS.minute, second=0, microsecond=0)


def plain_number(phone: str) -> str:
    """A phone number as it is compared: its digits, without the country's code."""
    digits = "".join(str(int(sign)) for sign in phone if sign.isdecimal())
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def is_mobile(phone: str) -> bool:
    """A mobile number of the mainland: what a carrier of short messages takes."""
    return bool(re.fullmatch(r"1[3-9]\d{9}", plain_number(phone)))
