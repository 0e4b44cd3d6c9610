"""Give a clerk the roster back with a verdict on every row, to be mended and imported again."""

from collections.abc import Iterable, Mapping
from copy import copy
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet.worksheet import Worksheet

from courses.roster.files import Source
from courses.roster.judge import RosterRow
from courses.roster.read import Chosen, Table, damage_told, is_blank, read_table
from courses.roster.words import ADDED_COLUMNS, VERDICTS
from tenants.tables import write_text

COLOURS = {"reject": "FFFFC7CE", "warn": "FFFFF2CC"}  # light red, light yellow


def error_workbook(
    source: Source, rows: Iterable[RosterRow], chosen: Chosen | None = None
) -> bytes:
    """The roster's own sheet, with two columns at its right that say what is wrong in `rows`.

    The sheet is copied, not saved again: formulas become their values, and macros, links, pictures
    and other sheets of an unknown file stay behind.
    """
    table = read_table(source, chosen)
    judged = {row.row: row for row in rows}
    book = Workbook()
    sheet = book.active
    with damage_told():
        sheet.title = INVALID_TITLE_REGEX.sub("", table.title)[:31] or "花名册"
        kept = _kept_columns(table)
        _copy_cells(table, sheet, kept)
        _copy_shape(table, sheet, kept)
    _add_verdicts(sheet, table.header, len(kept), judged)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _kept_columns(table: Table) -> list[int]:
    """Indexes up to the last filled column, without the verdicts of an earlier round."""
    last = 0
    for _, cells, _ in table.rows():
        width = len(cells)
        while width > last + 1 and is_blank(cells[width - 1].value):
            width -= 1
        last = max(last, width - 1)
    titles = dict(enumerate(table.titles))
    return [i for i in range(last + 1) if titles.get(i) not in ADDED_COLUMNS]


def _copy_cells(table: Table, sheet: Worksheet, kept: list[int]) -> None:
    styles: dict[int, Any] = {}
    for number, cells, repeated in table.rows():
        for column, index in enumerate(kept, 1):
            source = cells[index] if index < len(cells) else EMPTY_CELL
            target = sheet.cell(number, column)
            style = getattr(source, "_style_id", 0)  # an absent cell has none
            if style not in styles:
                _copy_style(source, target)
                styles[style] = target._style
            target._style = copy(styles[style])
            _write(target, repeated.get(index, source.value))
            if index == table.columns["resident_id"] and number > table.header:
                target.number_format = "@"  # or Excel rounds the number the clerk types


def _copy_style(source: Any, target: Cell) -> None:
    if not getattr(source, "has_style", False):
        return
    target.font = copy(source.font)
    target.border = copy(source.border)
    target.alignment = copy(source.alignment)
    target.number_format = source.number_format
    if source.fill.fgColor.rgb not in COLOURS.values():  # of an earlier round
        target.fill = copy(source.fill)


def _copy_shape(table: Table, sheet: Worksheet, kept: list[int]) -> None:
    """Column widths, and the merged cells of the title; a merged roster cannot be filtered."""
    for column, index in enumerate(kept, 1):
        if width := table.widths.get(index + 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
    for left, top, right, bottom in table.merges[:100]:
        if bottom < table.header and right <= len(kept):
            sheet.merge_cells(None, top, left, bottom, right)


def _add_verdicts(
    sheet: Worksheet, header: int, width: int, judged: Mapping[int, RosterRow]
) -> None:
    wrapped = Alignment(wrap_text=True, vertical="top")
    result, reason = (sheet.cell(max(header, 1), width + n) for n in (1, 2))
    if header:  # a sheet without headings gets none
        for cell, title in zip((result, reason), ADDED_COLUMNS, strict=True):
            _write(cell, title)
            cell.font = Font(bold=True)
    sheet.column_dimensions[result.column_letter].width = 24
    sheet.column_dimensions[reason.column_letter].width = 60
    for number, row in judged.items():
        for column, said in ((width + 1, [VERDICTS[row.verdict]]), (width + 2, row.said)):
            cell = sheet.cell(number, column)
            _write(cell, "\n".join(f"{zh} {en}" for zh, en in said))
            cell.alignment = wrapped
        if colour := COLOURS.get(row.verdict):
            for column in range(1, width + 3):
                sheet.cell(number, column).fill = PatternFill("solid", fgColor=colour)
    last = max(judged, default=header)
    sheet.auto_filter.ref = f"A{max(header, 1)}:{reason.column_letter}{max(last, 1)}"
    sheet.freeze_panes = f"A{header + 1}"


def _write(cell: Cell, value: Any) -> None:
    """Text stays text: what begins like a formula is neither read nor retyped as one."""
    if isinstance(value, str):
        write_text(cell, value)
    else:
        cell.value = value
