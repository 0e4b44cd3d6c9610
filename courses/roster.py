"""Read a trainee roster as offices keep it, and say for every row what an import would do."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from courses.rules import MINIMUM_AGE, age_on, birth_date, normalise_id, resident_id_fault, sex_of

SYNONYMS = {
    "name": {"姓名", "学员姓名", "name"},
    "sex": {"性别", "sex"},
    "resident_id": {"身份证号码", "身份证号", "身份证", "公民身份号码", "证件号码", "residentid"},
    "phone": {"联系电话", "电话", "手机", "手机号", "手机号码", "phone"},
    "township": {"乡镇", "乡(镇)", "乡(镇、街道)", "township"},
    "village": {"村", "行政村", "村委会", "village"},
}
REASONS = {
    "name_missing": ("缺少姓名，请补填", "name missing"),
    "id_missing": ("缺少身份证号码，请补填", "resident ID missing"),
    "id_15_digits": (
        "15 位身份证自 2013 年起停用，请用 18 位",
        "15-digit resident ID, obsolete since 2013",
    ),
    "id_format": ("身份证号码应为 18 位", "resident ID must have 18 characters"),
    "id_province": ("身份证省份代码不存在", "resident ID province"),
    "id_birth_date": ("身份证出生日期不存在", "resident ID birth date"),
    "id_check_digit": ("身份证校验码不符，请核对", "resident ID check digit"),
    "id_number_cell": (
        "身份证以数字格式保存，末位已丢失，请改为文本后重填",
        "resident ID stored as a number, digits lost",
    ),
    "duplicate_same_name": (
        "与前面一行重复（同号同名）",
        "duplicate of an earlier row (same resident ID, same name)",
    ),
    "duplicate_other_name": (
        "与前面一行身份证相同、姓名不同",
        "duplicate of an earlier row (same resident ID, another name)",
    ),
    "under_age": ("未满 16 周岁", "under the minimum age of 16"),
    "sex_mismatch": ("性别与身份证不一致", "sex column disagrees with the resident ID"),
    "village_unknown": ("该乡镇没有这个村", "village not found in the township"),
}
EXACT_IN_EXCEL = 10**15  # a number cell keeps 15 significant digits
WARNINGS = {"sex_mismatch", "village_unknown"}
#: Said of a row that is accepted: what the reader mended or what deserves a look.
NOTES = {
    "id_full_width": ("全角数字已转为半角", "normalised full-width digits"),
    "id_spaces": ("已去掉号码中的空格", "normalised spaces"),
    "id_lower_x": ("小写 x 已改为大写", "lower-case x"),
    "name_space": ("姓名中有空格", "space inside the name"),
    "name_middle_dot": ("姓名含间隔号", "name with a middle dot"),
    "name_rare": ("姓名含生僻字", "rare characters"),
    "village_suffix": ("村名带有村民委员会", "village written with its committee suffix"),
}


class RosterError(ValueError):
    """The file holds no roster; the text says in both languages what to do."""


@dataclass(frozen=True)
class RosterRow:
    """One data row: `row` is the sheet's row number, `name` stands as the file has it.

    `codes` are keys of REASONS, or of NOTES where nothing is wrong.
    """

    row: int
    name: str
    resident_id: str
    codes: tuple[str, ...]

    @property
    def verdict(self) -> str:
        if NOTES.keys() >= set(self.codes):
            return "accept"
        return "warn" if WARNINGS.issuperset(self.codes) else "reject"

    @property
    def reason(self) -> str:
        return "; ".join((REASONS | NOTES)[code][1] for code in self.codes)


def read_roster(path: Path, on: date) -> list[RosterRow]:
    """Judge every data row of the first visible sheet that has a roster header.

    `on` is the day on which the minimum age must be reached.
    Raises RosterError when the file is no xlsx workbook, or when no sheet has columns for a name
    and a resident ID.
    """
    try:
        book = load_workbook(path, data_only=True)
    except (BadZipFile, InvalidFileException) as error:
        raise RosterError(
            "这不是 xlsx 文件，请用 Excel 打开后另存为 .xlsx 再上传。"
            " This is no xlsx file; open it in Excel and save it as .xlsx."
        ) from error
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and (found := _header(sheet)):
            return list(_judge(sheet, *found, on))
    raise RosterError(
        "没有找到含“姓名”和“身份证号码”的表头，请检查文件。"
        " No header with 姓名 and 身份证号码 was found; check the file."
    )


def _header(sheet: Worksheet) -> tuple[int, dict[str, int]] | None:
    for number, cells in enumerate(sheet.iter_rows(max_row=30, values_only=True), 1):
        columns: dict[str, int] = {}
        for index, value in enumerate(cells):
            title = re.sub(r"\s+", "", str(value or "")).translate(str.maketrans("（）", "()"))
            for field, words in SYNONYMS.items():
                if title.lower() in words:
                    columns.setdefault(field, index)
        if {"name", "resident_id"} <= columns.keys():
            return number, columns
    return None


def _judge(sheet: Worksheet, header: int, columns: dict[str, int], on: date) -> Iterator[RosterRow]:
    seen: dict[str, str] = {}
    for number, cells in enumerate(
        sheet.iter_rows(min_row=header + 1, values_only=True), header + 1
    ):
        got: dict[str, Any] = {field: cells[index] for field, index in columns.items()}
        name = str(got["name"] or "").strip()
        raw = got["resident_id"]
        if (raw is None and not name) or _is_closing_line(cells, raw):
            continue
        if isinstance(raw, int | float) and raw >= EXACT_IN_EXCEL:
            yield RosterRow(number, name, "", ("id_number_cell",))
            continue
        resident_id = normalise_id(str(raw or ""))
        codes = _faults(name, resident_id, got, seen, on)
        row = RosterRow(number, name, resident_id, tuple(codes))
        if row.verdict != "reject":
            seen[resident_id] = name
        yield row


def _is_closing_line(cells: tuple[Any, ...], raw_id: Any) -> bool:
    """A total or signature line: it begins like one and holds nothing like a resident ID."""
    first = re.sub(r"\s+", "", str(next(c for c in cells if c is not None)))
    begins = re.match(r"(合计|总计|小计|制表|审核|负责人|填报)", first)
    return bool(begins) and len(normalise_id(str(raw_id or ""))) < 15


def _faults(
    name: str, resident_id: str, got: dict[str, Any], seen: dict[str, str], on: date
) -> list[str]:
    if not name:
        return ["name_missing"]
    if fault := resident_id_fault(resident_id):
        return [fault]
    if resident_id in seen:
        same = re.sub(r"\s", "", seen[resident_id]) == re.sub(r"\s", "", name)
        return ["duplicate_same_name" if same else "duplicate_other_name"]
    born = birth_date(resident_id)
    if born is not None and age_on(born, on) < MINIMUM_AGE:
        return ["under_age"]
    codes = []
    if got.get("sex") and str(got["sex"]).strip() != sex_of(resident_id):
        codes.append("sex_mismatch")
    if got.get("village") and not _village_known(str(got.get("township")), str(got["village"])):
        codes.append("village_unknown")
    return codes or _notes(name, str(got["resident_id"]), str(got.get("village") or ""))


def _notes(name: str, raw_id: str, village: str) -> list[str]:
    tests = {
        "id_full_width": re.search(r"[\uff10-\uff19\uff38\uff58]", raw_id),
        "id_spaces": re.search(r"\S\s+\S", raw_id),
        "id_lower_x": raw_id.rstrip().endswith("x"),
        "name_space": re.search(r"\S\s+\S", name),
        "name_middle_dot": "·" in name,
        "name_rare": re.search(r"[^\u4e00-\u9fff·\s]", name),
        "village_suffix": village.rstrip().endswith("村民委员会"),
    }
    return [code for code, found in tests.items() if found]


def _stem(village: str) -> str:
    return re.sub(r"(村民委员会|村委会|社区居委会|居委会|村)$", "", village.strip())


def _village_known(township: str, village: str) -> bool:
    stems = _villages().get(township.strip())
    return stems is not None and _stem(village) in stems


@cache
def _villages() -> dict[str, set[str]]:
    """Township name -> stems of its villages (NBS codes of 2023-06-30)."""
    path = Path(__file__).parent / "data" / "divisions-yanbian.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = {row["code"]: row["name"] for row in rows}
    villages: dict[str, set[str]] = {}
    for row in rows:
        if row["level"] == "village":
            villages.setdefault(names[row["parent_code"]], set()).add(_stem(row["name"]))
    return villages
