"""Numbers, days and telephone numbers as a village's loudspeaker says them. Pure; Mandarin.

Short sentences, one a line: whoever reads them aloud stops for breath at the line's end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DIGITS = "零一二三四五六七八九"
#: A telephone number's one is said yāo, so that nobody takes it for seven.
BY_PHONE = DIGITS.replace("一", "幺")
UNITS = ((1000, "千"), (100, "百"), (10, "十"))
DAYS = "一二三四五六日"
LONGEST_NUMBER = 4  # digits that are said as one number; longer ones are spelt


def number(value: int) -> str:
    """0 to 99,999,999 in words: 二十, 一百零五, 一万零二百."""
    if value >= 10_000:
        above, rest = divmod(value, 10_000)
        zero = "零" if rest and rest < 1000 else ""
        return f"{number(above)}万{zero}{number(rest) if rest else ''}"
    if value < 10:
        return DIGITS[value]
    words, rest, gap = "", value, False
    for unit, name in UNITS:
        count, rest = divmod(rest, unit)
        if count:
            words += ("零" if gap else "") + DIGITS[count] + name
            gap = False
        elif words:
            gap = True
    if rest:
        words += ("零" if gap else "") + DIGITS[rest]
    return words.removeprefix("一") if words.startswith("一十") else words


def counted(value: int, unit: str) -> str:
    """A number before what it counts: 两个人, 十二天."""
    return ("两" if value == 2 else number(value)) + unit


def day(value: date, today: date) -> str:
    """十二月二十号，星期日; with the year where it is another."""
    year = ""
    if value.year == today.year + 1:
        year = "明年"
    elif value.year != today.year:
        year = "".join(DIGITS[int(sign)] for sign in str(value.year)) + "年"
    weekday = DAYS[value.weekday()]
    return f"{year}{number(value.month)}月{number(value.day)}号，星期{weekday}"


def phone(text: str) -> str:
    """Digit by digit with a stop where the writer put one, and after each third or fourth of a mobile."""
    groups = re.findall(r"[0-9]+", text)
    if len(groups) == 1 and len(groups[0]) == 11:
        whole = groups[0]
        groups = [whole[:3], whole[3:7], whole[7:]]
    return "，".join("".join(BY_PHONE[int(sign)] for sign in group) for group in groups)


def words(text: str) -> str:
    """Figures in a text that was written to be read, as words; brackets as stops."""

    def said(found: re.Match[str]) -> str:
        digits = found[0]
        if len(digits) > LONGEST_NUMBER or (len(digits) > 1 and digits.startswith("0")):
            return "".join(DIGITS[int(sign)] for sign in digits)
        return number(int(digits))

    text = re.sub(r"[（(【\[]\s*", "，", text)
    text = re.sub(r"\s*[）)】\]]", "", text)
    return re.sub(r"\s+", "", re.sub(r"[0-9]+", said, text))


@dataclass(frozen=True)
class Announced:
    """One class as it is announced. `left` is None where there is no limit of places."""

    name: str
    starts_on: date
    ends_on: date
    where: str
    base: str
    phone: str
    lodging: str = "none"
    meals: str = "none"
    left: int | None = None
    bring: str = ""
    cost: str = ""


GIVEN = {
    ("free", "free"): "吃住都不要钱。",
    ("free", "none"): "住宿不要钱。",
    ("none", "free"): "吃饭不要钱。",
    ("free", "paid"): "住宿不要钱，吃饭自己掏钱。",
    ("paid", "free"): "吃饭不要钱，住宿自己掏钱。",
    ("paid", "paid"): "能吃能住，费用自己掏。",
    ("paid", "none"): "能住宿，费用自己掏。",
    ("none", "paid"): "能吃饭，费用自己掏。",
}


def announcement(village: str, classes: Sequence[Announced], today: date) -> str:
    """The whole text for a loudspeaker, one short sentence a line."""
    lines = ["村民朋友们，大家好。", f"{words(village)}广播，培训招生通知。"]
    if not classes:
        return "\n".join([*lines, "近期没有招生的培训班。", "广播完了，谢谢大家。"])
    lines.append(f"现在有{counted(len(classes), '个班')}招生。")
    for place, one in enumerate(classes, 1):
        lines += _class(place if len(classes) > 1 else 0, one, today)
    lines += ["村里公告栏贴了通知。", "用手机扫一扫，就能报名。", "广播完了，谢谢大家。"]
    return "\n".join(lines)


def _class(place: int, one: Announced, today: date) -> list[str]:
    lines = [f"第{number(place)}个班，{words(one.name)}。" if place else f"{words(one.name)}。"]
    lines.append(f"{day(one.starts_on, today)}开班。")
    days = (one.ends_on - one.starts_on).days + 1
    lines.append(f"一共学{counted(days, '天')}。")
    lines.append(f"上课地点，{words(one.where)}。")
    if given := GIVEN.get((one.lodging, one.meals)):
        lines.append(given)
    if one.cost:
        lines.append(f"{words(one.cost)}。")
    if one.left is not None:
        lines.append(f"还有{counted(one.left, '个名额')}。" if one.left else "名额满了，可以候补。")
    if one.bring:
        lines.append(f"请带上{words(one.bring)}。")
    lines.append(f"办班的是{words(one.base)}。")
    if said := phone(one.phone):
        lines += [f"报名电话，{said}。", f"再说一遍，{said}。"]
    return lines
