"""Tables for Excel: typed cells, and nothing that a spreadsheet would take for a formula.

openpyxl is read when a workbook is written: it takes a tenth of what a command needs to start.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def wants_excel(request: HttpRequest) -> bool:
    return request.GET.get("format") == "xlsx"


def write_text(cell: Any, text: str) -> None:
    """Text that stays text: no formula, and without the characters that a workbook cannot hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_STARTS)


def workbook_bytes(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a bold, frozen header. Text that begins like a formula is marked as text."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, values in enumerate([header, *rows], 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(number, column)
            if value is None or isinstance(value, int | float) or hasattr(value, "isoformat"):
                cell.value = value
            else:
                write_text(cell, str(value))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(cell.column)].width = 18
    sheet.freeze_panes = "A2"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to save, under a name that may be Chinese."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def workbook_response(
    name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    return download(workbook_bytes(header, rows), f"{name}.xlsx", XLSX)
