"""What a sheet says of itself around its rows: merged cells and the widths of its columns."""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from openpyxl.utils import range_boundaries

from courses.roster.faults import RosterError

MAX_COLUMNS = 60
MAX_MERGES = 20_000
MAX_AFTER_ROWS = 2 * 2**20  # characters of merged cells, validations and the like
CHUNK = 64 * 2**10

Cells = tuple[Any, ...]
Values = tuple[Any, ...]  # of cells
Merges = list[tuple[int, int, int, int]]


class Repeated:
    """What merged cells say for the rows below their first, as the rows go by."""

    def __init__(self, merges: Merges, places: list[int]) -> None:
        self._last = {(top, left - 1): bottom for left, top, _, bottom in merges}
        self._now: dict[int, tuple[Any, int]] = dict.fromkeys(places, (None, 0))

    def of(self, number: int, values: Values) -> Mapping[int, Any]:
        if not self._last:
            return {}
        found = {}
        for index, (value, until) in self._now.items():
            if (number, index) in self._last:
                said = values[index] if index < len(values) else None
                self._now[index] = (said, self._last[number, index])
            elif number <= until:
                found[index] = value
        return found


def layout_of(sheet: Any) -> tuple[Merges, dict[int, float]]:
    """Merged cells and column widths, which openpyxl leaves out when it reads row by row."""
    before, after = _around_rows(sheet)
    found = re.finditer(r'\bmergeCell\s[^>]*?\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"', after)
    merges = [range_boundaries(match[1]) for match in islice(found, MAX_MERGES)]
    widths: dict[int, float] = {}
    for match in islice(re.finditer(r"<(?:\w+:)?col\s([^>]*)>", before), MAX_COLUMNS):
        said = dict(re.findall(r'(\w+)="([^"]*)"', match[1]))
        for column in range(int(said["min"]), min(int(said["max"]), MAX_COLUMNS) + 1):
            widths[column] = float(said.get("width", 0))
    return merges, widths


def _around_rows(sheet: Any) -> tuple[str, str]:
    """What stands before the rows and after them; the rows themselves go by."""
    mark, before, after, found, is_long = b"sheetData", b"", bytearray(), False, False
    with sheet._get_source() as part:
        carry = b""
        while chunk := part.read(CHUNK):
            joined = carry + chunk
            at = joined.rfind(mark)
            if not found:
                before += joined[: joined.find(mark)] if at >= 0 else chunk
                if len(before) > MAX_AFTER_ROWS:
                    raise RosterError("too_big_unpacked")
            if at >= 0:
                found, is_long, after = True, False, bytearray(joined[at:])
            elif found and not is_long:
                after += chunk
            if len(after) > MAX_AFTER_ROWS:
                is_long, after = True, bytearray()
            carry = joined[-len(mark) + 1 :]
    if is_long:
        raise RosterError("too_big_unpacked")
    return before.decode("utf-8", "replace"), after.decode("utf-8", "replace")
