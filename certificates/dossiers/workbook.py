"""The workbook of a dossier: the same snapshot gives the same bytes."""

import io
import json
import re
import zipfile
from datetime import datetime
from typing import Any

from certificates.dossiers import rules
from tenants.tables import write_text

SNAPSHOT = "_snapshot"  # the sheet that holds it, hidden
PIECE = 30_000  # characters of a cell; Excel takes 32,767
FIRST = "概要"
#: Of every sheet: the digest, an empty row, the header.
ABOVE = 2
IDS = "身份证号"  # the sheet that a person with a reason gets besides; no part of the dossier
_CORE = "docProps/core.xml"


def workbook(body: str, ids: list[tuple[str, str, str]] | None = None) -> bytes:
    """A sheet a table, the digest above each, the snapshot in a hidden one. `ids` are (name, number,
    certificate) for somebody who has given a reason: on a sheet of their own, outside of the digest.
    """
    from openpyxl import Workbook

    snapshot = json.loads(body)
    digest = rules.digest_of(body)
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = FIRST
    _fill(first, digest, ("项目", "内容"), rules.summary(snapshot))
    for table in rules.tables_of(snapshot):
        _fill(book.create_sheet(table.title), digest, table.header, table.rows)
    if ids is not None:
        _fill(book.create_sheet(IDS), digest, ("姓名", "身份证号", "证书编号"), ids)
    hidden = book.create_sheet(SNAPSHOT)
    hidden.sheet_state = "veryHidden"
    for number, start in enumerate(range(0, len(body), PIECE), 1):
        write_text(hidden.cell(number, 1), body[start : start + PIECE])
    made = datetime.fromisoformat(snapshot["made_at"])
    book.properties.creator = snapshot["facts"]["base"]["name"]
    book.properties.identifier = digest
    book.properties.created = made
    buffer = io.BytesIO()
    book.save(buffer)
    return _settled(buffer.getvalue(), made)


def _fill(sheet: Any, digest: str, header: Any, rows: Any) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    write_text(sheet.cell(1, 1), f"{sheet.title}　摘要 {digest}")
    widths = [2 * len(title) + 2 for title in header]
    for number, values in enumerate([header, *rows], ABOVE):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(number, column)
            if isinstance(value, int):
                cell.value = value
            else:
                write_text(cell, str(value))
            wide = sum(2 if ord(c) > 0x2E7F else 1 for c in str(value)) + 2
            widths[column - 1] = min(max(widths[column - 1], wide), 60)
            cell.alignment = Alignment(vertical="top", wrap_text=wide > 60)
    for column, width in enumerate(widths, 1):
        sheet.cell(ABOVE, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"A{ABOVE + 1}"
    sheet.print_title_rows = f"1:{ABOVE}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if sum(widths) > 90 else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.left.text = f"摘要 {rules.short(digest)}"
    sheet.oddFooter.right.text = "&P / &N"


def _settled(content: bytes, made: datetime) -> bytes:
    """Without the clock of the machine: the moment of writing stands in the archive and in one part."""
    out = io.BytesIO()
    moment = made.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == _CORE:
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment, part)
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            new.writestr(entry, part)
    return out.getvalue()


def read_snapshot(book: Any) -> str:
    """The text of the hidden sheet, or nothing."""
    if SNAPSHOT not in book.sheetnames:
        return ""
    rows = book[SNAPSHOT].iter_rows(min_col=1, max_col=1, values_only=True)
    return "".join(str(value or "") for (value,) in rows)


def shown(book: Any, title: str) -> list[list[str]]:
    """The cells below the line with the digest, as text, without empty ones at the end."""
    rows = []
    for values in book[title].iter_rows(min_row=ABOVE, values_only=True):
        row = ["" if value is None else str(value) for value in values]
        while row and not row[-1]:
            row.pop()
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def expected(snapshot: rules.Facts) -> dict[str, list[list[str]]]:
    """What `shown` has to give of each sheet."""
    wanted = {FIRST: [["项目", "内容"], *(list(line) for line in rules.summary(snapshot))]}
    for table in rules.tables_of(snapshot):
        wanted[table.title] = [list(table.header), *table.rows]
    found: dict[str, list[list[str]]] = {}
    for title, rows in wanted.items():
        found[title] = []
        for values in rows:
            row = [str(value) for value in values]
            while row and not row[-1]:
                row.pop()
            found[title].append(row)
    return found
