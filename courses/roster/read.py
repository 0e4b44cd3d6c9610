"""Find the roster in a workbook that may be large, odd or hostile."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from time import thread_time
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES

from courses.roster.faults import RosterError
from courses.roster.files import Source, contents_of, refuse_bombs
from courses.roster.layout import MAX_COLUMNS, Cells, Merges, Repeated, Values, layout_of
from courses.roster.words import ADDED_COLUMNS, SYNONYMS
from courses.rules import normalise_id

MAX_SECONDS = 15  # of the processor, however busy it is; a roster of 10,000 rows takes two
ROWS_AT_ONCE = 16
MAX_ROWS = 10_000
HEADER_WITHIN = 30  # rows from the top
SHOWN = 12  # rows, to somebody who says what the columns are
END_OF_DATA = 200  # empty rows in a row
EXCEL_ERRORS = {*ERROR_CODES, "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA"}
#: Columns whose merged cells mean "the same for all these rows".
PLACES = ("county", "township", "village")
#: Control and zero-width characters, which come along when numbers are pasted from chats.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")

CLOSING = re.compile("合计|总计|小计|制表|审核|负责人|填报")
_BRACKETS = str.maketrans("（）", "()")

#: The number of a row that stands for a person, and its value per field.
Told = tuple[int, Mapping[str, Any]]


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
        """All filled rows, those above the headings too: number, cells with their style, and by index
        what a merged cell of the place says for a row below its first. Raises RosterError.
        """
        for number, cells, _, repeated in self._rows(True):
            yield number, cells, repeated

    def _rows(self, styled: bool) -> Iterator[tuple[int, Cells, Values, Mapping[int, Any]]]:
        repeated = Repeated(self.merges, [self.columns[f] for f in PLACES if f in self.columns])
        with damage_told():
            for count, (number, cells, values) in enumerate(_filled_rows(self.sheet, styled), 1):
                if count > MAX_ROWS + HEADER_WITHIN:
                    raise RosterError("too_many_rows")
                yield number, cells, values, repeated.of(number, values)

    def head(self) -> Head:
        """Its first rows. Raises RosterError."""
        with damage_told():
            return _head(self.sheet, SHOWN)

    def people(self) -> Iterator[Told]:
        """Row number and cell value per field, for every row that stands for a person."""
        fields = list(self.columns.items())
        for number, _, values, repeated in self._rows(False):
            if number <= self.header:
                continue
            got = {f: values[i] if i < len(values) else None for f, i in fields}
            if repeated:
                got |= {f: repeated[i] for f, i in fields if i in repeated}
            if is_blank(got["name"]) and is_blank(got["resident_id"]):
                continue
            if not _is_closing_line(values, got["resident_id"]):
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


def read_head(source: Source, sheet_title: str = "", most: int = SHOWN) -> Head:
    """The first rows of that sheet, or of the first visible one that has any. Raises RosterError."""
    with damage_told():
        for sheet in _visible_sheets(source):
            if sheet_title not in ("", sheet.title):
                continue
            sheet.reset_dimensions()
            if (head := _head(sheet, most)).rows:
                return head
    raise RosterError("empty")


def _head(sheet: Any, most: int) -> Head:
    rows = islice(_filled_rows(sheet), most)
    return Head(sheet.title, [(number, _filled(values)) for number, _, values in rows])


def _filled(values: Values) -> list[str]:
    """The cells as text, up to the last that holds any."""
    found = [text(value) for value in values]
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
    data = contents_of(source)
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
                return [[text(value) for value in values] for _, _, values in rows]
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
    said = "" if value is None else str(value)
    return (said if said.isprintable() else UNSEEN.sub("", said)).strip()  # nearly all are


def _find(sheet: Any, chosen: Chosen | None, remembered: Remembered | None) -> Table | None:
    """The sheet as a table, if one of its first rows is a row of headings, or somebody says so."""
    merges, widths = layout_of(sheet)
    declared = min(sheet.max_row or 0, MAX_ROWS)
    sheet.reset_dimensions()  # some programs write a size that is wrong
    head: dict[int, list[str]] = {}
    for number, _, values in _filled_rows(sheet):
        if number > HEADER_WITHIN:
            break
        head[number] = [text(value) for value in values]
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
        if {"name", "resident_id"} <= (columns := columns_of(titles)).keys():
            return number, columns, "words"
    return None


def _filled_rows(sheet: Any, styled: bool = False) -> Iterator[tuple[int, Cells, Values]]:
    """Number, cells and what they hold. Only `styled` ones have a style: an object for each costs time."""
    empty = 0
    lines = iter(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=not styled))
    for number, cells in enumerate(_in_time(lines), 1):
        values = tuple(cell.value for cell in cells) if styled else cells
        if not all(map(is_blank, values)):
            empty = 0
            yield number, cells, values
        elif (empty := empty + 1) > END_OF_DATA:
            return


def _in_time(lines: Iterator[Cells]) -> Iterator[Cells]:
    """The rows, some at a time: to ask the clock twice for each costs a twentieth of the reading. What is
    measured is the reading alone: rows thousands of cells wide are still parsed whole.
    """
    spent = 0.0
    while True:
        begun = thread_time()
        some = list(islice(lines, ROWS_AT_ONCE))
        if (spent := spent + thread_time() - begun) > MAX_SECONDS:
            raise RosterError("too_big_unpacked")
        if not some:
            return
        yield from some


def columns_of(titles: Iterable[str]) -> dict[str, int]:
    """The index of each field that the headings name by a word that is known."""
    columns: dict[str, int] = {}
    for index, title in enumerate(titles):
        for field, words in SYNONYMS.items():
            if _plain(title) in words:
                columns.setdefault(field, index)
    return columns


def _is_closing_line(values: Values, raw_id: Any) -> bool:
    """A total or signature line: it begins like one and holds nothing like a resident ID."""
    first = next(value for value in values if not is_blank(value))
    if not isinstance(first, str):
        return False
    begins = CLOSING.match("".join(text(first).split()))
    return bool(begins) and len(normalise_id(text(raw_id))) < 15
