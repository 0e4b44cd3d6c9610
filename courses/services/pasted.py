"""Scores copied out of Excel: tab-separated lines of name (or ID's last four), theory, practice."""

import re
from collections.abc import Sequence

from courses.models import Enrolment

HEADER = re.compile(r"姓名|name", re.IGNORECASE)


def read_pasted(
    text: str, people: Sequence[Enrolment]
) -> tuple[dict[int, dict[str, str]], list[str]]:
    """Match pasted lines to people; return the typed fields by enrolment id, and what is wrong.

    Columns come in any order when a header line names them (姓名, 后四位, 理论, 实操); without one
    the order is name, theory, practice. Two people of one name are told apart by the last four.
    """
    lines = [re.split(r"\t", line.strip("\r\n")) for line in text.splitlines() if line.strip()]
    columns = {"name": 0, "theory": 1, "practice": 2}
    if lines and any(HEADER.search(cell) for cell in lines[0]):
        columns = _columns(lines.pop(0))
    found: dict[int, dict[str, str]] = {}
    faults = []
    if {"name", "theory", "practice"} - columns.keys():
        return {}, [
            "粘贴的表头须有姓名、理论、实操三列 / the header needs columns for name, theory, practice"
        ]
    for cells in lines:
        got = {f: cells[i].strip() for f, i in columns.items() if i < len(cells)}
        name, last4 = re.sub(r"\s", "", got.get("name", "")), got.get("last4", "")[-4:].upper()
        same = [
            e
            for e in people
            if re.sub(r"\s", "", e.trainee.name) == name and last4 in ("", e.trainee.id_last4)
        ]
        if len(same) == 1 and same[0].pk in found:
            faults.append(f"{name}：粘贴了两行，请只留一行 / {name}: two lines; keep one of them")
        elif len(same) == 1:
            found[same[0].pk] = {
                "theory": got.get("theory", ""),
                "practice": got.get("practice", ""),
            }
        elif same:
            faults.append(
                f"{name}：本班有同名学员，请加一列“后四位”"
                f" / {name}: two people of this name; add a column with the ID's last four"
            )
        else:
            faults.append(f"{name}：不在本班名单 / {name}: not on this class's list")
    return found, faults


def _columns(header: Sequence[str]) -> dict[str, int]:
    words = {
        "name": r"姓名|name",
        "last4": r"后四位|身份证|last",
        "theory": r"理论|theory",
        "practice": r"实操|实践|技能|practice",
    }
    found: dict[str, int] = {}
    for index, cell in enumerate(header):
        for field, pattern in words.items():
            if re.search(pattern, cell, re.IGNORECASE):
                found.setdefault(field, index)
    return found
