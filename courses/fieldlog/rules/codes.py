"""Codes that people copy by hand: Crockford's base 32, which takes O for 0 and I and L for 1."""

import re
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUE = {letter: number for number, letter in enumerate(ALPHABET)}
#: What people type instead, and what stands between groups of letters.
MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
BETWEEN = re.compile(r"[\s\-‐-―−_.·．。]+")
WITNESS_LETTERS = 10
HASH = re.compile(r"[0-9a-f]{64}")


def base32(data: bytes, letters: int) -> str:
    """The first letters of the bytes, five bits each; the last is filled up with zeros."""
    number = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    length = -(-len(data) * 8 // 5)
    found = [ALPHABET[number >> 5 * (length - 1 - place) & 31] for place in range(length)]
    return "".join(found[:letters])


def as_typed(text: str) -> str:
    """Upper case, without what only parts groups; full-width letters and digits become plain."""
    plain = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return BETWEEN.sub("", plain.upper()).translate(MISTAKEN)


def check_letter(code: str) -> str:
    """ISO 7064's hybrid system with the modulus 33, 32: one wrong letter is always found."""
    sum_ = 32
    for letter in code:
        sum_ = (sum_ + VALUE[letter]) % 32 or 32
        sum_ = sum_ * 2 % 33
    return ALPHABET[(33 - sum_) % 32]


def checked(text: str) -> str | None:
    """The code of a text whose last letter is its check letter, or None."""
    code = as_typed(text)
    if len(code) < 2 or not set(code) <= VALUE.keys():
        return None
    return code if check_letter(code[:-1]) == code[-1] else None


@dataclass(frozen=True)
class Witness:
    """What a liaison has kept: of the code `letters`, of the QR the whole hash and the device's
    first eight.
    """

    seq: int | None
    letters: str = ""
    hash: str = ""
    device: str = ""


def witness_code(seq: int, hash_: bytes) -> str:
    return f"{seq}-{base32(hash_, WITNESS_LETTERS)}"


def read_witness(text: str) -> Witness | None:
    """What somebody has typed or scanned: the code, the QR's address, or what is behind its `#`."""
    tail = text.strip().rpartition("#")[2]
    parts = tail.lower().split(".")
    if len(parts) == 3 and parts[1].isdecimal() and HASH.fullmatch(parts[2]):
        return Witness(_number(parts[1]), hash=parts[2], device=parts[0][:8])
    if HASH.fullmatch(tail.lower()):
        return Witness(None, hash=tail.lower())
    code = as_typed(tail)
    seq, letters = code[:-WITNESS_LETTERS], code[-WITNESS_LETTERS:]
    if not re.fullmatch(r"[0-9]{1,16}", seq) or not set(letters) <= VALUE.keys():
        return None
    number = _number(seq)
    return Witness(number, letters) if number else None


def _number(digits: str) -> int | None:
    number = int(digits) if re.fullmatch(r"[0-9]{1,16}", digits) else 0
    return number if 1 <= number < 2**53 else None


def starts_between(letters: str) -> tuple[bytes, bytes]:
    """The bytes below and above all hashes that begin with the letters (the upper one is outside)."""
    number = 0
    for letter in letters:
        number = number << 5 | VALUE[letter]
    bits = 5 * len(letters)
    low, high = (value << 256 - bits for value in (number, number + 1))
    return low.to_bytes(33, "big")[1:], min(high, 2**256 - 1).to_bytes(32, "big")
