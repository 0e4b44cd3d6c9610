"""Wagtail's own exports, made as safe as ours: no cell that a spreadsheet would take for a formula.

Wagtail turns formulas of its workbooks into text, and leaves those of its CSV files as they are.
"""

from collections.abc import Iterator
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from tenants.tables import FORMULA_STARTS


def plain(value: Any) -> Any:
    """Text that begins like a formula gets the apostrophe by which spreadsheets know text."""
    if isinstance(value, str) and value.lstrip().startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def guard_wagtail() -> None:
    """Once, when the apps are ready."""
    preprocess = SpreadsheetExportMixin.preprocess_field_value
    cells = SpreadsheetExportMixin.generate_xlsx_row

    def preprocess_field_value(self: Any, field: str, value: Any, export_format: str) -> Any:
        done = preprocess(self, field, value, export_format)
        return plain(done) if export_format == self.FORMAT_CSV else done

    def generate_xlsx_row(self: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        for cell in cells(self, *args, **kwargs):
            cell.quotePrefix = isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS)
            yield cell

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
    SpreadsheetExportMixin.generate_xlsx_row = generate_xlsx_row
