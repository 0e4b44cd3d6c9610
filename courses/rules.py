"""Pure rules of intake: what makes a resident ID number acceptable. No ORM, no request."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from stdnum.cn.ric import calc_check_digit

#: Province prefixes of GB/T 2260, with 81-83 for residence permits of Hong Kong, Macao, Taiwan.
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
MINIMUM_AGE = 16  # years; Labour Law of the PRC, article 15


_NARROW = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}


def fold_width(text: str) -> str:
    """Full-width letters, digits and signs as ASCII."""
    return text.translate(_NARROW)


#: A mobile; a land line with its area code; one without.
PHONE = re.compile(r"1[0-9]{10}|0[0-9]{9,11}|[2-9][0-9]{6,7}")


def phone_digits(text: str) -> str:
    """The digits of what was written, without a Chinese mobile's country code."""
    digits = re.sub(r"[^0-9]", "", fold_width(text))
    return re.sub(r"^(00)?86(?=1[0-9]{10}$)", "", digits)


def phone_of(text: str) -> str | None:
    """The digits of a telephone number; None for what is none."""
    digits = phone_digits(text)
    return digits if PHONE.fullmatch(digits) else None


def normalise_id(text: str) -> str:
    """Fold full-width characters to ASCII, drop white space, raise the final x."""
    return "".join(fold_width(text).split()).upper()


def birth_date(number: str) -> date | None:
    """The date in digits 7 to 14, or None when no such day exists."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def resident_id_fault(number: str) -> str | None:
    """The code of the first hard fault of a normalised ID (GB 11643), or None.

    The county is not checked here: codes are retired while the cards stay valid.
    """
    if not number:
        return "id_missing"
    if re.fullmatch(r"[0-9]{15}", number):
        return "id_15_digits"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "id_format"
    if number[:2] not in PROVINCES:
        return "id_province"
    if birth_date(number) is None:
        return "id_birth_date"
    if calc_check_digit(number) != number[-1]:
        return "id_check_digit"
    return None


def sex_of(number: str) -> str:
    """男 for an odd 17th digit, 女 for an even one."""
    return "男" if int(number[16]) % 2 else "女"


def age_on(born: date, day: date) -> int:
    """Whole years of age on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def score_of(text: str) -> Decimal:
    """A score of 0 to 100 with at most one decimal. Raises ValueError for anything else."""
    try:
        value = Decimal(fold_width(text.strip()))
        if not (value.is_finite() and 0 <= value <= 100 and value == round(value, 1)):
            raise ValueError(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    return round(value, 1)


def minutes_fault(mark: str, minutes: int, planned: int) -> tuple[str, str] | None:
    """Why `minutes` in class cannot go with a mark (zh, en), or None. `planned` is the session's.

    Present is the whole session; excused and absent are none of it; late and early leave are
    something between.
    """
    if mark == "present" and minutes != planned:
        return (f"到课应为 {planned} 分钟", f"present means {planned} minutes")
    if mark in ("excused", "absent") and minutes != 0:
        return ("请假、缺勤应为 0 分钟", "excused and absent mean 0 minutes")
    if mark in ("late", "early_leave") and not 0 < minutes < planned:
        return (
            f"迟到、早退应在 1 到 {planned - 1} 分钟之间",
            f"late and early leave are 1 to {planned - 1} minutes",
        )
    return None
