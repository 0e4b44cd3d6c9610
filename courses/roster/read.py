"""Find the roster in a workbook that may be large, odd or hostile."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import IO, Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import range_boundaries

from courses.roster.words import FILE_FAULTS, SYNONYMS
from courses.rules import normalise_id

MAX_BYTES = 10 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 100  # unpacked to packed; checked beyond HARMLESS bytes, since XML packs well
HARMLESS = 20 * 2**20
MAX_SECONDS = 15  # a roster of 5,000 rows takes one
MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_MERGES = 20_000
MAX_AFTER_ROWS = 2 * 2**20  # characters of merged cells, validations and the like
HEADER_WITHIN = 30  # rows from the top
END_OF_DATA = 200  # empty rows in a row
EXCEL_ERRORS = {*ERROR_CODES, "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA"}
#: Columns whose merged cells mean "the same for all these rows".
PLACES = ("county", "township", "village")
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
#: Control and zero-width characters, which come along when numbers are pasted from chats.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")

Source = Path | IO[bytes]
Cells = tuple[Any, ...]


class RosterError(ValueError):
    """The file holds no roster; `said` tells the clerk in both languages what to do."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.said = FILE_FAULTS[fault]
        super().__init__(" ".join(self.said))


@dataclass(frozen=True)
class Table:
    """A sheet with a roster header. `rows` are all filled rows, those above the header too.

    `columns` maps a field to its index in a row; `repeated` holds by row and index what a merged
    cell says for the rows below its first.
    """

    title: str
    header: int
    columns: Mapping[str, int]
    rows: list[tuple[int, Cells]]
    repeated: Mapping[tuple[int, int], Any]
    merges: list[tuple[int, int, int, int]]
    widths: Mapping[int, float]

    def people(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Row number and cell value per field, for every row that stands for a person."""
        for number, cells in self.rows:
            values = [cell.value for cell in cells]
            got = {
                field: self.repeated.get((number, index), values[index])
                for field, index in self.columns.items()
            }
            if number <= self.header or (is_blank(got["name"]) and is_blank(got["resident_id"])):
                continue
            if not _is_closing_line(values, got["resident_id"]):
                yield number, {k: None if v in EXCEL_ERRORS else v for k, v in got.items()}


def read_table(source: Source) -> Table:
    """The first visible sheet that has columns for a name and a resident ID, or RosterError."""
    data = _contents(source)
    with damage_told():
        refuse_bombs(data)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible" and (table := _table(sheet)):
                return table
    raise RosterError("no_header")


def plain_rows(source: Source, most: int) -> list[list[str]]:
    """The filled rows of the first visible sheet as text, whatever their columns are called.

    Raises RosterError as `read_table` does, and `too_many_rows` for more than `most`.
    """
    data = _contents(source)
    with damage_told():
        refuse_bombs(data)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()
            rows = list(islice(_filled_rows(sheet), most + 1))
            if len(rows) > most:
                raise RosterError("too_many_rows")
            if rows:
                return [[text(cell.value) for cell in cells] for _, cells in rows]
    raise RosterError("empty")


@contextmanager
def damage_told() -> Iterator[None]:
    """A damaged file makes openpyxl raise almost anything; the clerk gets one sentence."""
    try:
        yield
    except RosterError:
        raise
    except Exception as error:
        raise RosterError("broken") from error


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not text(value))


def text(value: Any) -> str:
    """A cell as a clerk sees it: no unseen characters, no decimal point on a whole number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else UNSEEN.sub("", str(value)).strip()


def _contents(source: Source) -> bytes:
    """The bytes of a file that can be an xlsx workbook by its size and first bytes."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    else:
        source.seek(0)
        data = source.read(MAX_BYTES + 1)
    if not data:
        raise RosterError("empty")
    if len(data) > MAX_BYTES:
        raise RosterError("too_big")
    if data.startswith(OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise RosterError("password" if encrypted else "old_format")
    if data.startswith(b"PK"):
        return data
    is_text = b"\0" not in data[:4096] or data.startswith((b"\xff\xfe", b"\xfe\xff"))
    raise RosterError("text" if is_text else "broken")


def refuse_bombs(data: bytes) -> None:
    """By the sizes the archive declares; zipfile itself reads no more than those."""
    with ZipFile(BytesIO(data)) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    # Parts outside the sheets, such as shared strings, are parsed whole before any row is seen.
    whole = sum(
        size
        for name, size in sizes.items()
        if name.endswith(".xml") and not name.startswith("xl/worksheets/")
    )
    limit = min(MAX_UNPACKED, max(HARMLESS, MAX_RATIO * len(data)))
    if sum(sizes.values()) > limit or whole > HARMLESS:
        raise RosterError("too_big_unpacked")


def _table(sheet: Any) -> Table | None:
    merges, widths = _layout(sheet)
    sheet.reset_dimensions()  # some programs write a size that is wrong
    columns: dict[str, int] = {}
    header = 0
    rows: list[tuple[int, Cells]] = []
    for number, cells in _filled_rows(sheet):
        rows.append((number, cells))
        if header:
            if len(rows) > MAX_ROWS + HEADER_WITHIN:
                raise RosterError("too_many_rows")
        elif number > HEADER_WITHIN:
            return None
        elif {"name", "resident_id"} <= (columns := _columns(cells)).keys():
            header = number
    if not header:
        return None
    places = {columns[field] for field in PLACES if field in columns}
    return Table(
        sheet.title, header, columns, rows, _repeated(rows, merges, places), merges, widths
    )


def _filled_rows(sheet: Any) -> Iterator[tuple[int, Cells]]:
    empty = 0
    deadline = monotonic() + MAX_SECONDS  # rows thousands of cells wide are still parsed whole
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        if monotonic() > deadline:
            raise RosterError("too_big_unpacked")
        if not all(is_blank(cell.value) for cell in cells):
            empty = 0
            yield number, cells
        elif (empty := empty + 1) > END_OF_DATA:
            return


def _columns(cells: Cells) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(cells):
        title = re.sub(r"\s+", "", text(cell.value)).translate(str.maketrans("（）", "()")).lower()
        for field, words in SYNONYMS.items():
            if title in words:
                columns.setdefault(field, index)
    return columns


def _layout(sheet: Any) -> tuple[list[tuple[int, int, int, int]], dict[int, float]]:
    """Merged cells and column widths, which openpyxl leaves out when it reads row by row."""
    with sheet._get_source() as part:
        xml = part.read().decode("utf-8", "replace")
    before, after = xml[: xml.find("sheetData")], xml[xml.rfind("sheetData") :]
    if len(after) > MAX_AFTER_ROWS:
        raise RosterError("too_big_unpacked")
    found = re.finditer(r'\bmergeCell\s[^>]*?\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"', after)
    merges = [range_boundaries(match[1]) for match in islice(found, MAX_MERGES)]
    widths: dict[int, float] = {}
    for match in islice(re.finditer(r"<(?:\w+:)?col\s([^>]*)>", before), MAX_COLUMNS):
        said = dict(re.findall(r'(\w+)="([^"]*)"', match[1]))
        for column in range(int(said["min"]), min(int(said["max"]), MAX_COLUMNS) + 1):
            widths[column] = float(said.get("width", 0))
    return merges, widths


def _repeated(
    rows: list[tuple[int, Cells]], merges: list[tuple[int, int, int, int]], places: set[int]
) -> dict[tuple[int, int], Any]:
    last_rows = {(top, left - 1): bottom for left, top, _, bottom in merges}
    repeated: dict[tuple[int, int], Any] = {}
    for index in places:
        value, until = None, 0
        for number, cells in rows:
            if (number, index) in last_rows:
                value, until = cells[index].value, last_rows[number, index]
            elif number <= until:
                repeated[number, index] = value
    return repeated


def _is_closing_line(values: list[Any], raw_id: Any) -> bool:
    """A total or signature line: it begins like one and holds nothing like a resident ID."""
    first = re.sub(r"\s+", "", next(text(v) for v in values if not is_blank(v)))
    begins = re.match(r"(合计|总计|小计|制表|审核|负责人|填报)", first)
    return bool(begins) and len(normalise_id(text(raw_id))) < 15
