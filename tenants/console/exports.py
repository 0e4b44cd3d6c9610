"""Wagtail's own exports: no text that a spreadsheet would run.

Its Excel files hold text as text. A CSV has no types: there a sign in front keeps a formula from being one
(OWASP, CSV injection), as people do by hand.
"""

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from tenants.tables import FORMULA_STARTS

_as_wagtail_does = SpreadsheetExportMixin.preprocess_field_value


def _escaped(self: Any, field: str, value: Any, export_format: str) -> Any:
    found = _as_wagtail_does(self, field, value, export_format)
    is_formula = isinstance(found, str) and found.startswith(FORMULA_STARTS)
    return f"'{found}" if is_formula and export_format == self.FORMAT_CSV else found


def escape_formulas() -> None:
    SpreadsheetExportMixin.preprocess_field_value = _escaped
