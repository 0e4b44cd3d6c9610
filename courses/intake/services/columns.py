"""What the columns of a roster are: as its headings say, as a clerk says, as was said of the same before."""

import io
import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from courses.intake.models import RememberedColumns, RosterSheet, Sender
from courses.models import RosterImport
from courses.roster import Chosen, Head, Remembered, Table, columns_of, fingerprint, read_head
from courses.roster.words import SYNONYMS
from courses.services.sealed_rosters import content_of, seal, unseal
from tenants.staff.models import User

FIELDS = tuple(SYNONYMS)
NEEDED = ("name", "resident_id")
HIDDEN = "••••"

LONG_NUMBER = re.compile(r"[0-9０-９][0-9０-９\s]{12,}[0-9０-９XxＸｘ]")


def sender_named(name: str) -> Sender | None:
    """The sender of that name, made when it is new; None without a name."""
    name = " ".join(name.split())[:60]
    return Sender.objects.get_or_create(name=name)[0] if name else None


def remembered_of(sender: Sender | None) -> Remembered:
    """What was said of headings from this sender, else from anybody; without a sender also what a single
    named one has said.
    """

    def remembered(prints: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, Mapping[str, int]] = {}
        for mark, row in _rows_of(sender, prints).items():
            found[mark] = row.columns
        return found

    return remembered


def _rows_of(sender: Sender | None, prints: Collection[str]) -> dict[str, RememberedColumns]:
    rows = RememberedColumns.objects.filter(fingerprint__in=list(prints))
    by_mark: dict[str, list[RememberedColumns]] = {}
    for row in rows.order_by("pk"):
        by_mark.setdefault(row.fingerprint, []).append(row)
    found = {}
    for mark, several in by_mark.items():
        own = [r for r in several if sender is not None and r.sender_id == sender.pk]
        anybodys = [r for r in several if r.sender_id is None]
        alone = several if sender is None and len(several) == 1 else []
        if chosen := [*own, *anybodys, *alone]:
            found[mark] = chosen[0]
    return found


def note_sheet(kept: RosterImport, table: Table | None, head: Head, sender: Sender | None) -> None:
    """Write down how the sheet of an import is read. Without a table the clerk has to say it."""
    facts: dict[str, Any] = {"sender": sender, "head_sealed": _sealed_head(head)}
    if table is not None:
        facts |= {
            "header": table.header,
            "titles": table.titles,
            "columns": dict(table.columns),
            "said_by": table.said_by,
        }
        if table.said_by == RosterSheet.SaidBy.REMEMBERED:
            _count_use(sender, fingerprint(table.titles))
    RosterSheet.objects.update_or_create(roster=kept, defaults=facts)


def _count_use(sender: Sender | None, mark: str) -> None:
    row = _rows_of(sender, [mark]).get(mark)
    if row is not None:
        rows = RememberedColumns.objects.filter(pk=row.pk)
        rows.update(used=F("used") + 1, used_at=timezone.now())


def chosen_for(sheet: RosterSheet) -> Chosen:
    """How the file of this import is read again."""
    return Chosen(head_of(sheet).sheet, sheet.header, sheet.columns)


def head_of(sheet: RosterSheet) -> Head:
    """The first rows, as they were kept; without any when the term of the file is over."""
    if not sheet.head_sealed:
        return Head("", [])
    said = json.loads(unseal(bytes(sheet.head_sealed)))
    return Head(said["sheet"], [(number, cells) for number, cells in said["rows"]])


def proposed(head: Head) -> tuple[int, dict[str, int]]:
    """The row that looks most like headings, and what is known of its columns: for a sheet that the clerk
    has to explain, so that only what nobody could know is left to say.

    The numbers of people give their column away: they are shown with all but the last places hidden.
    """
    best, columns = 0, dict[str, int]()
    for number, cells in head.rows:
        said = columns_of(cells)
        if len(said) > len(columns) and not _has_person(cells):
            best, columns = number, said
    if not best:  # a title fills one cell
        wide = (n for n, cells in head.rows if sum(map(bool, cells)) > 1 and not _has_person(cells))
        best = next(wide, 0)
    if "resident_id" not in columns:
        below = [cells for number, cells in head.rows if number > best]
        places = [n for cells in below for n, cell in enumerate(cells) if cell.startswith(HIDDEN)]
        if places and len(set(places)) == 1:
            columns["resident_id"] = places[0]
    return best, columns


def _has_person(cells: list[str]) -> bool:
    return any(cell.startswith(HIDDEN) for cell in cells)


def _sealed_head(head: Head) -> bytes:
    rows = [[number, [shown(cell) for cell in cells]] for number, cells in head.rows]
    return seal(json.dumps({"sheet": head.sheet, "rows": rows}).encode())


def shown(cell: str) -> str:
    """A cell as the page of columns shows it: of a long number only the last four."""
    return LONG_NUMBER.sub(lambda match: f"{HIDDEN}{match[0][-4:]}", cell)[:40]


@transaction.atomic
def say_columns(
    kept: RosterImport,
    header: int,
    columns: Mapping[str, int],
    sender: Sender | None,
    by: User | None,
) -> RosterSheet:
    """What a clerk says of the sheet: it is read so, and so is the next one with these headings.

    `header` is the row's number, 0 for none; only the sender's headings can be remembered then. Raises
    ValidationError when the name or the ID is missing, or a row of people is called headings.
    """
    head = read_head(io.BytesIO(content_of(kept)), head_of(kept.sheet).sheet)
    rows = dict(head.rows)
    titles = rows.get(header, [])
    width = max((len(cells) for cells in rows.values()), default=0)
    _refuse_columns(header, columns, titles, width, header in rows)
    sheet: RosterSheet = kept.sheet
    sheet.header, sheet.columns, sheet.titles = header, dict(columns), titles
    sheet.said_by, sheet.sender = RosterSheet.SaidBy.CLERK, sender
    sheet.save()
    if header:
        RememberedColumns.objects.update_or_create(
            fingerprint=fingerprint(titles),
            sender=sender,
            defaults={"titles": _without_end(titles), "columns": dict(columns), "by": by},
        )
    return sheet


def _without_end(titles: list[str]) -> list[str]:
    filled = [n for n, title in enumerate(titles) if title]
    return titles[: filled[-1] + 1] if filled else []


def _refuse_columns(
    header: int, columns: Mapping[str, int], titles: list[str], width: int, is_there: bool
) -> None:
    faults = []
    if not set(NEEDED) <= columns.keys():
        faults.append(
            "请指明哪一列是姓名、哪一列是身份证号码"
            " / say which column holds the names, and which the resident IDs"
        )
    if len(set(columns.values())) < len(columns) or not columns.keys() <= set(FIELDS):
        faults.append("每一列只能是一项 / a column can be one thing only")
    if any(not 0 <= index < width for index in columns.values()):
        faults.append("没有这一列，请刷新页面 / there is no such column: reload the page")
    if header and not is_there:
        faults.append("没有这一行，请刷新页面 / there is no such row: reload the page")
    if any(LONG_NUMBER.search(title) for title in titles):
        faults.append(
            "这一行是学员，不是表头；没有表头请选“没有表头”"
            " / this row is a person and no headings; choose: there are no headings"
        )
    if faults:
        raise ValidationError(faults)


def forget(row: RememberedColumns) -> None:
    """The next sheet with these headings is read by what they say themselves, or asked about."""
    row.delete()
