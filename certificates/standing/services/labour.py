"""How much rural labour each township has: numbers from outside, with their source and day."""

import io
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates.figures.rules.report import Labour
from certificates.standing.models import RuralLabour
from courses.roster.faults import RosterError
from courses.roster.files import refuse_bombs
from courses.roster.read import damage_told
from tenants.models import Division
from tenants.staff.models import User

MOST = 100_000_000
ROWS = 5_000
Entries = dict[int, int]  # township's key -> people


def labour_on(day: date) -> dict[str, Labour]:
    """By township code what was counted last before `day`."""
    rows = RuralLabour.objects.filter(as_of__lt=day).select_related("township")
    found = {}
    for row in rows.order_by("as_of", "id"):
        found[row.township.code] = Labour(row.people, str(row.as_of), row.source)
    return found


@transaction.atomic
def record(entries: Entries, as_of: date, source: str, by: User) -> int:
    """Append numbers; how many. Raises ValidationError."""
    if not source.strip():
        raise ValidationError("请写明数据来源 / name the source of the numbers")
    if as_of > timezone.localdate():
        raise ValidationError("统计日期不能晚于今天 / the numbers are from a day to come")
    if not entries:
        raise ValidationError("没有可登记的数 / there is no number")
    for people in entries.values():
        if not 0 <= people <= MOST:
            raise ValidationError(f"{people}：人数应在 0 到 {MOST} 之间 / no number of people")
    for township, people in sorted(entries.items()):
        RuralLabour.objects.create(
            township_id=township, people=people, as_of=as_of, source=source.strip(), entered_by=by
        )
    return len(entries)


def read_workbook(content: bytes) -> Entries:
    """Two columns: a township's code or name, and its people. Raises ValidationError with all faults."""
    from openpyxl import load_workbook

    try:
        with damage_told():
            refuse_bombs(content)
            sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).active
            cells = sheet.iter_rows(max_row=ROWS + 1, max_col=2, values_only=True) if sheet else []
            rows = list(cells)
    except RosterError as error:
        raise ValidationError(" / ".join(error.said)) from error
    if len(rows) > ROWS:
        raise ValidationError(f"最多 {ROWS} 行 / at most {ROWS} rows")
    places = Division.objects.filter(level="township")
    by_code = {row.code: row.pk for row in places}
    by_name: dict[str, list[int]] = {}
    for row in places:
        by_name.setdefault(row.name, []).append(row.pk)
    found, faults = {}, []
    for line, (place, people) in enumerate(((*row, None, None)[:2] for row in rows), 1):
        text = str(place or "").strip()
        if not text or (line == 1 and not isinstance(people, int | float)):
            continue  # an empty line, or the header
        keys = [by_code[text]] if text in by_code else by_name.get(text, [])
        if len(keys) != 1:
            faults.append(
                f"第 {line} 行：没有乡镇“{text}”，或同名，请用区划代码"
                f" / row {line}: no township {text}, or several: use its code"
            )
        elif not isinstance(people, int | float) or people != int(people):
            faults.append(f"第 {line} 行：人数应为整数 / row {line}: no whole number of people")
        else:
            found[keys[0]] = int(people)
    if faults:
        raise ValidationError(faults[:20])
    return found
