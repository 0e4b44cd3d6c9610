"""The judged rows of an import, kept sealed some hundred at a time: nothing grows with the roster."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Sum

from courses.intake.models import RosterPart
from courses.models import Enrolment, RosterImport
from courses.roster import RosterRow
from courses.services.sealed_rosters import seal, unseal
from tenants.verdict import Verdict

SIZE = 2000  # rows: each part asks some forty questions, however many rows it has
VERDICTS = {"reject": "rejected", "warn": "warned", "accept": "accepted"}


def keep_part(kept: RosterImport, number: int, rows: Sequence[RosterRow]) -> RosterPart:
    return RosterPart.objects.create(roster=kept, number=number, **_facts(rows, {}))


def finish(part: RosterPart, rows: Sequence[RosterRow], outcomes: Mapping[str, str]) -> None:
    """The rows as they were judged last, and by resident ID what became of them."""
    for name, value in _facts(rows, outcomes).items():
        setattr(part, name, value)
    part.done = True
    part.save()


def _facts(rows: Sequence[RosterRow], outcomes: Mapping[str, str]) -> dict[str, Any]:
    verdicts = [row.verdict for row in rows]
    counts: dict[str, Any] = {field: verdicts.count(v) for v, field in VERDICTS.items()}
    became = [
        row.outcome if verdict == "reject" else outcomes.get(row.resident_id, row.outcome)
        for row, verdict in zip(rows, verdicts, strict=True)
    ]
    counts["waiting"] = became.count(Enrolment.State.WAITING)
    lines = json.dumps(list(map(_line, rows, became)), ensure_ascii=False)
    return counts | {"rows_sealed": seal(zlib.compress(lines.encode(), 1))}


def _line(row: RosterRow, outcome: str) -> list[Any]:
    said = [[v.as_json() for v in verdicts] for verdicts in (row.refusals, row.warned)]
    return [
        *(row.row, row.name, row.resident_id, row.codes, row.village_code, row.phone, row.sex),
        *said,
        outcome,
    ]


def rows_of(part: RosterPart) -> list[RosterRow]:
    found = []
    plain = unseal(bytes(part.rows_sealed))
    if not plain.startswith(b"["):  # parts were kept uncompressed at first
        plain = zlib.decompress(plain)
    lines = json.loads(plain)
    for row, name, number, codes, village, phone, sex, refused, warned, outcome in lines:
        found.append(
            RosterRow(
                row,
                name,
                number,
                tuple(codes),
                village,
                phone,
                sex,
                refusals=tuple(Verdict(**said) for said in refused),
                warned=tuple(Verdict(**said) for said in warned),
                outcome=outcome,
            )
        )
    return found


def counts_of(kept: RosterImport) -> dict[str, int]:
    """How many rows there are of each verdict, and how many wait."""
    fields = {**VERDICTS, "waiting": "waiting"}
    sums = {name: Sum(field, default=0) for name, field in fields.items()}
    found: dict[str, int] = kept.parts.order_by().aggregate(**sums)
    return found


def all_rows(kept: RosterImport) -> Iterator[RosterRow]:
    """In the order of the sheet, a part at a time."""
    for part in kept.parts.order_by("number").iterator(chunk_size=1):
        yield from rows_of(part)


class ErrorsFirst:
    """The rows for a paginator: those that are refused, then those that are doubted, then the rest; or
    only those of one verdict. A page opens the parts that it shows, and no other.
    """

    def __init__(self, kept: RosterImport, verdict: str = "") -> None:
        self._parts = list(kept.parts.order_by("number").defer("rows_sealed"))
        self._order = [verdict] if verdict in VERDICTS else list(VERDICTS)

    def __len__(self) -> int:
        return sum(getattr(p, VERDICTS[v]) for v in self._order for p in self._parts)

    def __getitem__(self, wanted: slice) -> list[RosterRow]:
        start, stop, _step = wanted.indices(len(self))
        found: list[RosterRow] = []
        at = 0
        for verdict in self._order:
            for part in self._parts:
                count = getattr(part, VERDICTS[verdict])
                if count and at < stop and at + count > start:
                    here = [r for r in rows_of(part) if r.verdict == verdict]
                    found += here[max(0, start - at) : stop - at]
                at += count
        return found


def drop(kept: Iterable[RosterImport]) -> None:
    """Delete what was read of these: before they are read anew, and when their term is over."""
    RosterPart.objects.filter(roster__in=list(kept)).delete()
