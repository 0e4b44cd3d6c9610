"""A sheet of paper that comes back: what is wrong with what was typed from it, and who may vouch for it.

A row is marked, or said to be empty on the paper; nothing is taken for granted. Totals are typed
twice from the paper and compared with the rows: whoever slips in a row is found out by them.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from courses.fieldlog.rules.codes import check_letter
from courses.rules import minutes_fault

MARKS = ("present", "late", "early_leave", "excused", "absent")
NONE = "none"  # the row is empty on the paper
HERE = ("present", "late", "early_leave")
#: What is counted on the paper: each mark, and the people in the room.
TOTALS = (*MARKS, "headcount")
TITLES = {
    "present": ("到课", "present"),
    "late": ("迟到", "late"),
    "early_leave": ("早退", "left early"),
    "excused": ("请假", "excused"),
    "absent": ("缺勤", "absent"),
    "headcount": ("实到人数", "headcount"),
}
#: What a quick line may say for a mark, beside the digits 1 to 5 and 0.
QUICK = {key: mark for keys, mark in zip(("1√✓到", "2迟", "3早", "4假", "5×缺"), MARKS, strict=True)
         for key in keys} | {"0": NONE, "空": NONE}  # fmt: skip
TOKEN = re.compile(rf"([{''.join(QUICK)}])(?:[/:：](\d{{1,4}}))?[\s,，、;；]*")


@dataclass(frozen=True)
class Row:
    """`typed_minutes` is text as it was typed; only late and early leave ask for it."""

    enrolment: int
    code: str
    name: str
    mark: str
    typed_minutes: str = ""

    def minutes(self, planned: int) -> int:
        if self.mark == "present":
            return planned
        digits = self.typed_minutes.strip()
        return int(digits) if self.mark in HERE and digits.isdecimal() and len(digits) < 5 else 0


def row_code(sheet: str, number: int) -> str:
    """The place of the row, and a letter that no other sheet has there by right."""
    digits = f"{number:02}"
    return digits + check_letter(sheet + digits)


def row_faults(rows: Sequence[Row], planned: int) -> list[str]:
    faults = []
    if open_rows := [row for row in rows if row.mark not in (*MARKS, NONE)]:
        named = "、".join(f"{row.code} {row.name}" for row in open_rows)
        codes = ", ".join(row.code for row in open_rows)
        faults.append(
            f"这些行还没有选，纸上没有填的选“未填”：{named}"
            f" / choose a mark for these rows, or “empty on paper”: {codes}"
        )
    for row in rows:
        who = f"{row.code} {row.name}"
        if row.mark not in MARKS:
            continue
        if fault := minutes_fault(row.mark, row.minutes(planned), planned):
            faults.append(f"{who}：{fault[0]} / {who}: {fault[1]}")
    return faults


def counted(rows: Sequence[Row]) -> dict[str, int]:
    """The totals that the rows add up to."""
    found = {mark: sum(row.mark == mark for row in rows) for mark in MARKS}
    return found | {"headcount": sum(found[mark] for mark in HERE)}


def totals_faults(
    first: Mapping[str, str], second: Mapping[str, str], rows: Sequence[Row], explained: bool
) -> list[str]:
    """`explained`: somebody says why the paper's own totals do not fit its rows."""
    faults, lacking = [], []
    expected = counted(rows)
    for key in TOTALS:
        zh, en = TITLES[key]
        one, two = first.get(key, "").strip(), second.get(key, "").strip()
        if not (_is_count(one) and _is_count(two)):
            lacking.append((zh, en))
        elif int(one) != int(two):
            faults.append(
                f"合计“{zh}”：两次不一样，{one} 和 {two}，请看纸重填"
                f" / total “{en}”: {one} and {two} differ, look at the paper again"
            )
        elif int(one) != expected[key] and not explained:
            faults.append(
                f"合计“{zh}”：纸上 {one}，逐行是 {expected[key]}；请查哪一行录错，"
                f"确是纸上算错的，写明情况 / total “{en}”: {one} on the paper, {expected[key]} by"
                " its rows; find the wrong row, or say how the paper itself is wrong"
            )
    if lacking:
        zh, en = "、".join(zh for zh, _ in lacking), ", ".join(en for _, en in lacking)
        faults.append(f"这些合计两次都要填数字：{zh} / these totals need a number both times: {en}")
    return faults


def _is_count(text: str) -> bool:
    return text.isdecimal() and len(text) < 5


def read_quick(text: str, rows: int) -> list[tuple[str, str]] | str:
    """(mark, minutes) of each row from a quick line such as `1 1 2/150 5`; or what is wrong."""
    found: list[tuple[str, str]] = []
    place, text = 0, text.strip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            bad = text[place : place + 6]
            return (
                f"第 {len(found) + 1} 个看不懂：“{bad}”，请用 1 到 5，没填的用 0"
                f" / no. {len(found) + 1} “{bad}”: use 1 to 5, and 0 for an empty row"
            )
        found.append((QUICK[match[1]], match[2] or ""))
        place = match.end()
    if len(found) != rows:
        return (
            f"纸上有 {rows} 行，这里有 {len(found)} 个，请对一下"
            f" / the sheet has {rows} rows, here are {len(found)} marks: compare them"
        )
    return found


def countersign_fault(by: int, entered_by: Collection[int], taught_by: int | None) -> str:
    """Why this person may not vouch for the sheet, or nothing: whoever typed it or taught it has
    already spoken.
    """
    if by in entered_by:
        return "录入的人不能复核，请由他人复核 / whoever typed the sheet does not vouch for it"
    if by == taught_by:
        return "上课的教师不能复核，请由他人复核 / whoever taught the session does not vouch for it"
    return ""


def vouched(said: Iterable[tuple[str, str]]) -> bool:
    """Whether a second person stands behind the newest entry of every sheet. `said` are kind and
    sheet of the entries and countersigns, in their order: what was corrected since stands alone.
    """
    sheets: dict[str, bool] = {}
    for kind, sheet in said:
        if kind == "paper_sheet":
            sheets[sheet] = False
        elif sheet in sheets:
            sheets[sheet] = True
    return bool(sheets) and all(sheets.values())
