"""Find the roster in a workbook that may be large, odd or hostile."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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

from courses.roster.faults import RosterError
from courses.roster.layout import MAX_COLUMNS, Cells, Merges, Repeated, layout_of
from courses.roster.words import ADDED_COLUMNS, SYNONYMS
from courses.rules import normalise_id

MAX_BYTES = 10 * 2**20
MAX_UNPACKED = 200 * 2**20
MAX_RATIO = 100  # unpacked to packed; checked beyond HARMLESS bytes, since XML packs well
HARMLESS = 20 * 2**20
MAX_SECONDS = 15  # a roster of 10,000 rows takes two
MAX_ROWS = 10_000
HEADER_WITHIN = 30  # rows from the top
END_OF_DATA = 200  # empty rows in a row
EXCEL_ERRORS = {*ERROR_CODES, "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA"}
#: Columns whose merged cells mean "the same for all these rows".
PLACES = ("county", "township", "village")
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
#: Control and zero-width characters, which come along when numbers are pasted from chats.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")

CLOSING = re.compile("合计|总计|小计|制表|审核|负责人|填报")
_BRACKETS = str.maketrans("（）", "()")

Source = Path | IO[bytes]


@dataclass(frozen=True)
class Chosen:
    """Which row of a sheet holds the headings (0: none does), and the index of each field."""

    sheet: str
    header: int
    columns: Mapping[str, int]


@dataclass(frozen=True)
class Head:
    """The first filled rows of a sheet as text, for somebody who says what the columns are."""

    sheet: str
    rows: list[tuple[int, list[str]]]


#: Given fingerprints of rows: the columns of those that somebody has explained before.
Remembered = Callable[[Collection[str]], Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True)
class Table:
    """A sheet whose columns are known. Its rows are read anew each time, and none is kept.

    `columns` maps a field to its index in a row; `titles` are the headings; `said_by` is `words` when
    the headings themselves said it, else `remembered` or `clerk`.
    """

    title: str
    header: int
    columns: Mapping[str, int]
    titles: list[str]
    said_by: str
    merges: Merges
    widths: Mapping[int, float]
    sheet: Any
    declared: int = 0  # rows, as the file says: for a progress bar

    def rows(self) -> Iterator[tuple[int, Cells, Mapping[int, Any]]]:
        """All filled rows, those above the headings too: number, cells, and by index what a merged cell
        of the place says for a row below its first. Raises RosterError.
        """
        repeated = Repeated(self.merges, [self.columns[f] for f in PLACES if f in self.columns])
        with damage_told():
            for count, (number, cells) in enumerate(_filled_rows(self.sheet), 1):
                if count > MAX_ROWS + HEADER_WITHIN:
                    raise RosterError("too_many_rows")
                yield number, cells, repeated.of(number, cells)

    def people(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Row number and cell value per field, for every row that stands for a person."""
        fields = list(self.columns.items())
        for number, cells, repeated in self.rows():
            if number <= self.header:
                continue
            got = {f: cells[i].value if i < len(cells) else None for f, i in fields}
            if repeated:
                got |= {f: repeated[i] for f, i in fields if i in repeated}
            if is_blank(got["name"]) and is_blank(got["resident_id"]):
                continue
            if not _is_closing_line(cells, got["resident_id"]):
                yield number, {k: None if v in EXCEL_ERRORS else v for k, v in got.items()}


def read_table(
    source: Source, chosen: Chosen | None = None, remembered: Remembered | None = None
) -> Table:
    """The first visible sheet that has columns for a name and a resident ID, or RosterError.

    `chosen` says it of one sheet; what is `remembered` of headings goes before what they say themselves.
    """
    with damage_told():
        for sheet in _visible_sheets(source):
            if chosen and chosen.sheet not in ("", sheet.title):
                continue
            if found := _find(sheet, chosen, remembered):
                return found
    raise RosterError("no_header")


def read_head(source: Source, sheet_title: str = "", most: int = 12) -> Head:
    """The first rows of that sheet, or of the first visible one that has any. Raises RosterError."""
    with damage_told():
        for sheet in _visible_sheets(source):
            if sheet_title not in ("", sheet.title):
                continue
            sheet.reset_dimensions()
            rows = list(islice(_filled_rows(sheet), most))
            if rows:
                return Head(sheet.title, [(n, _filled(cells)) for n, cells in rows])
    raise RosterError("empty")


def _filled(cells: Cells) -> list[str]:
    """The cells as text, up to the last that holds any."""
    found = [text(cell.value) for cell in cells]
    while found and not found[-1]:
        found.pop()
    return found


def fingerprint(titles: Iterable[str]) -> str:
    """SHA-256 of headings as people read them: spaces and the kind of brackets make no difference, nor
    do the two columns of an earlier round.
    """
    plain = [_plain(title) for title in titles if title not in ADDED_COLUMNS]
    while plain and not plain[-1]:
        plain.pop()
    return hashlib.sha256("\x1f".join(plain).encode()).hexdigest()


def _plain(title: str) -> str:
    return re.sub(r"\s+", "", title).translate(_BRACKETS).lower()


def _visible_sheets(source: Source) -> Iterator[Any]:
    data = _contents(source)
    refuse_bombs(data)
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            yield sheet


def plain_rows(source: Source, most: int) -> list[list[str]]:
    """The filled rows of the first visible sheet as text, whatever their columns are called.

    Raises RosterError as `read_table` does, and `too_many_rows` for more than `most`.
    """
    with damage_told():
        for sheet in _visible_sheets(source):
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


def _find(sheet: Any, chosen: Chosen | None, remembered: Remembered | None) -> Table | None:
    """The sheet as a table, if one of its first rows is a row of headings, or somebody says so."""
    merges, widths = layout_of(sheet)
    declared = min(sheet.max_row or 0, MAX_ROWS)
    sheet.reset_dimensions()  # some programs write a size that is wrong
    head: dict[int, list[str]] = {}
    for number, cells in _filled_rows(sheet):
        if number > HEADER_WITHIN:
            break
        head[number] = [text(cell.value) for cell in cells]
    found = (
        _headings(head, remembered) if chosen is None else (chosen.header, chosen.columns, "clerk")
    )
    if found is None:
        return None
    header, columns, said_by = found
    titles = head.get(header, [])
    return Table(sheet.title, header, columns, titles, said_by, merges, widths, sheet, declared)


def _headings(
    head: Mapping[int, list[str]], remembered: Remembered | None
) -> tuple[int, Mapping[str, int], str] | None:
    if remembered and head:
        prints = {fingerprint(titles): number for number, titles in head.items()}
        known = remembered(prints.keys())
        for mark, number in sorted(prints.items(), key=lambda pair: pair[1]):
            if mark in known:
                return number, known[mark], "remembered"
    for number, titles in head.items():
        if {"name", "resident_id"} <= (columns := _columns(titles)).keys():
            return number, columns, "words"
    return None


def _filled_rows(sheet: Any) -> Iterator[tuple[int, Cells]]:
    empty, spent, number = 0, 0.0, 0
    lines = iter(sheet.iter_rows(max_col=MAX_COLUMNS))
    while True:
        begun = monotonic()
        cells = next(lines, None)
        if cells is None:
            return
        number += 1
        # Of the reading alone: rows thousands of cells wide are still parsed whole.
        if (spent := spent + monotonic() - begun) > MAX_SECONDS:
            raise RosterError("too_big_unpacked")
        if not all(is_blank(cell.value) for cell in cells):
            empty = 0
            yield number, cells
        elif (empty := empty + 1) > END_OF_DATA:
            return


def _columns(titles: Iterable[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, title in enumerate(titles):
        for field, words in SYNONYMS.items():
            if _plain(title) in words:
                columns.setdefault(field, index)
    return columns


def _is_closing_line(cells: Cells, raw_id: Any) -> bool:
    """A total or signature line: it begins like one and holds nothing like a resident ID."""
    first = next(cell.value for cell in cells if not is_blank(cell.value))
    if not isinstance(first, str):
        return False
    begins = CLOSING.match("".join(text(first).split()))
    return bool(begins) and len(normalise_id(text(raw_id))) < 15
