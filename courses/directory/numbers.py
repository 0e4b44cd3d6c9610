"""How the numbers of certificates are written: a pattern of the rule set, set by the centre. Pure."""

import re
from itertools import product

USUAL = "{issuer}-{year}-{serial:05}"
_FIELD = re.compile(r"\{(issuer|year|serial)(?::0([1-9]))?\}")
_ISSUER, _SERIAL = (8, 9), 6  # characters of a base's prefix; digits that a busy base's year needs
CODE_LENGTH = 20  # of the code that people type: a number of that length would be taken for one


def number_of(pattern: str, issuer: str, year: int, serial: int) -> str:
    """The number of a base's `serial`th certificate of the year."""
    return pattern.format(issuer=issuer, year=year, serial=serial)


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern, in both languages; None for a good one.

    No two certificates of any bases and years may get the same number: each field is there once, none
    follows another without something between that is no digit, and the serial number is last.
    """
    fields = list(_FIELD.finditer(pattern))
    between = _FIELD.split(pattern)[::3]
    if re.search(r"[^A-Z0-9-]", "".join(between)) or any(
        field[2] and field[1] != "serial" for field in fields
    ):
        return (
            "编号格式只能用大写字母、数字、连字符和 {issuer}、{year}、{serial:05}"
            " / a pattern has capital letters, digits, hyphens and {issuer}, {year}, {serial:05}"
        )
    if sorted(field[1] for field in fields) != ["issuer", "serial", "year"]:
        return (
            "{issuer}、{year}、{serial} 必须各出现一次"
            " / {issuer}, {year} and {serial} must each be there once"
        )
    if fields[-1][1] != "serial" or between[-1]:
        return "编号必须以 {serial} 结尾 / a number must end with {serial}"
    if any(not text or text[-1].isdigit() or text[0].isdigit() for text in between[1:3]):
        return (
            "两项之间要用连字符或字母隔开 / put a hyphen or a letter between two fields"
        )  # fmt: skip
    width = int(fields[-1][2] or 1)
    fixed = len("".join(between).replace("-", "")) + len("2026")
    lengths = product(_ISSUER, range(width, max(width, _SERIAL) + 1))
    if any(fixed + issuer + serial == CODE_LENGTH for issuer, serial in lengths):
        return (
            "编号不能有 20 位，会与核验码混淆，请加长或缩短"
            " / a number of 20 characters would be taken for a code: make it longer or shorter"
        )
    if len("".join(between)) > 12:
        return "编号太长 / the number is too long"
    return None
