"""Say for every row of a roster what an import would do with it."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

from courses.intake.rules import Judgement
from courses.roster.faults import RosterError
from courses.roster.places import county_known
from courses.roster.read import MAX_ROWS, Table, Told, text
from courses.roster.seen import DOTS, Seen, same_name
from courses.roster.words import NOTES, OF_THE_BASE, REASONS, REJECTIONS, Words
from courses.rules import (
    MINIMUM_AGE,
    PHONE,
    age_on,
    birth_date,
    normalise_id,
    phone_digits,
    resident_id_fault,
    sex_of,
)
from tenants.verdict import Verdict

EXACT_IN_EXCEL = 10**15  # a number cell keeps 15 significant digits
NAME_LENGTH = 60
MOBILE = 11  # digits
PHONE_LENGTH = 20  # longer ones are two numbers in one cell, of which none is stored
SEXES = {"男性": "男", "m": "男", "male": "男", "女性": "女", "f": "女", "female": "女"}
PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]+")
#: What a spreadsheet would take for a formula, full-width too.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class KnownPerson:
    """Someone the base has on file already. `place` is the state of the own enrolment in this class, when
    that is another one than being in it.
    """

    name: str
    in_this_class: bool
    place: str = ""


#: Given resident IDs, those the base knows. Asked once for a part of the roster.
Known = Callable[[Collection[str]], Mapping[str, KnownPerson]]
#: Given county (may be empty), township and village: the codes of all villages that fit.
VillageCodes = Callable[[str, str, str], Collection[str]]
#: Given resident IDs, what the rule set says of each: nobody is missing.
Eligible = Callable[[Collection[str]], Mapping[str, Judgement]]


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One data row: `row` is the sheet's row number, `name` stands as the file has it.

    `codes` are keys of REASONS: one rejection, or warnings followed by notes. `refusals` and `warned`
    are what the rule set says of somebody whose row is in order. `village_code` and `sex` (of the
    resident ID) are filled unless the row is rejected. `outcome` is what became of the row: a state
    of an enrolment.
    """

    row: int
    name: str
    resident_id: str
    codes: tuple[str, ...]
    village_code: str = ""
    phone: str = ""
    sex: str = ""
    refusals: tuple[Verdict, ...] = ()
    warned: tuple[Verdict, ...] = ()
    outcome: str = ""

    @property
    def verdict(self) -> str:
        if self.refusals or not REJECTIONS.keys().isdisjoint(self.codes):
            return "reject"
        return "accept" if not self.warned and NOTES.keys() >= set(self.codes) else "warn"

    @property
    def said(self) -> list[Words]:
        of_rules = [(verdict.zh, verdict.en) for verdict in (*self.refusals, *self.warned)]
        return [*(REASONS[code] for code in self.codes), *of_rules]

    @property
    def reason(self) -> str:
        return "; ".join(english for _, english in self.said)

    @property
    def last4(self) -> str:
        return self.resident_id[-4:]


def judge_table(
    table: Table,
    on: date,
    known: Known,
    village_codes: VillageCodes,
    eligible: Eligible | None = None,
) -> list[RosterRow]:
    """`on` is the day on which the minimum age must be reached."""
    parts = judged_parts(table.people(), on, known, village_codes, eligible)
    return [row for part in parts for row in part]


def judged_parts(
    people: Iterator[Told],
    on: date,
    known: Known,
    village_codes: VillageCodes,
    eligible: Eligible | None = None,
    size: int = 500,
) -> Iterator[list[RosterRow]]:
    """The rows as they are read, some hundred at a time. Raises RosterError on the way."""
    village_codes = cache(village_codes)
    seen = Seen()
    count = 0
    while rows := judge_rows(islice(people, size), on, known, village_codes, eligible, seen):
        if (count := count + len(rows)) > MAX_ROWS:
            raise RosterError("too_many_rows")
        yield rows


def judge_rows(
    people: Iterable[Told],
    on: date,
    known: Known,
    village_codes: VillageCodes,
    eligible: Eligible | None,
    seen: Seen,
) -> list[RosterRow]:
    """`seen` are the good rows above these; those of these are added."""
    told = [(number, _read(got)) for number, got in people]
    valid = {each.resident_id for _, each in told if not each.id_fault}
    registered = known(valid) if valid else {}
    rows = [_judge(n, each, on, registered, village_codes, seen) for n, each in told]
    return with_rules(rows, eligible)


def with_rules(rows: list[RosterRow], eligible: Eligible | None) -> list[RosterRow]:
    """What the rule set says of those whose rows are in order."""
    good = {r.resident_id for r in rows if REJECTIONS.keys().isdisjoint(r.codes)}
    if eligible is None or not good:
        return rows
    found = eligible(good)
    return [
        _with_said(row, found[row.resident_id]) if REJECTIONS.keys().isdisjoint(row.codes) else row
        for row in rows
    ]


def _with_said(row: RosterRow, said: Judgement) -> RosterRow:
    if (row.refusals, row.warned) == (said.refusals, said.warnings):
        return row  # nearly always
    return replace(row, refusals=said.refusals, warned=said.warnings)


def judged_again(
    rows: Iterable[RosterRow], known: Known, eligible: Eligible | None
) -> list[RosterRow]:
    """The same rows after a while: what they hold is the same, what the base knows may differ."""
    rows = list(rows)
    readable = {r.resident_id for r in rows if _is_readable(r)}
    registered = known(readable) if readable else {}
    fresh = []
    for row in rows:
        if not _is_readable(row):
            fresh.append(row)
            continue
        person = registered.get(row.resident_id)
        fault = _fault_of_the_base(row.name, person)
        kept = tuple(code for code in row.codes if code not in OF_THE_BASE)
        codes = (fault,) if fault else kept + (("known_person",) if person else ())
        is_same = codes == row.codes and not row.refusals and not row.warned
        fresh.append(row if is_same else replace(row, codes=codes, refusals=(), warned=()))
    return with_rules(fresh, eligible)


def _is_readable(row: RosterRow) -> bool:
    """Whether nothing is wrong with what the row itself holds."""
    return (REJECTIONS.keys() - OF_THE_BASE).isdisjoint(row.codes)


@dataclass(frozen=True, slots=True)
class _Read:
    """The cells of one person as text, and the two that are looked at as they are."""

    id_fault: str | None
    name: str
    resident_id: str
    raw_name: Any
    raw_id: Any
    id_text: str
    phone: str
    sex: str
    county: str
    township: str
    village: str


def _read(got: Mapping[str, Any]) -> _Read:
    id_text = text(got["resident_id"])
    rest = (text(got.get(each)) for each in ("phone", "sex", "county", "township", "village"))
    name, number = text(got["name"]), normalise_id(id_text)
    fault = resident_id_fault(number)
    return _Read(fault, name, number, got["name"], got["resident_id"], id_text, *rest)


def _judge(
    number: int,
    told: _Read,
    on: date,
    registered: Mapping[str, KnownPerson],
    village_codes: VillageCodes,
    seen: Seen,
) -> RosterRow:
    phone = _phone(told.phone)
    person = registered.get(told.resident_id)
    if fault := _fault(told, on, seen, person):
        kept_id = "" if fault == "id_number_cell" else told.resident_id
        return RosterRow(number, told.name, kept_id, (fault,), phone=phone)
    seen.add(told.resident_id, told.name)
    codes = village_codes(told.county, told.township, told.village) if told.village else ()
    remarks = [*_warnings(told, codes), *_notes(told, person)]
    village_code = next(iter(codes)) if len(codes) == 1 else ""
    sex = sex_of(told.resident_id)
    return RosterRow(number, told.name, told.resident_id, tuple(remarks), village_code, phone, sex)


def _fault(told: _Read, on: date, seen: Seen, person: KnownPerson | None) -> str | None:
    """The first rejection a row earns. `seen` are the good rows above it."""
    name, resident_id = told.name, told.resident_id
    if isinstance(told.raw_id, int | float) and told.raw_id >= EXACT_IN_EXCEL:
        return "id_number_cell"
    if not name:
        return "name_missing"
    if not isinstance(told.raw_name, str) or re.fullmatch(r"[\d\s.,-]+", name):
        return "name_digits"
    if name.startswith(FORMULA_STARTS) or re.search(r"[<>{}\\]", name):
        return "name_signs"
    if len(name) > NAME_LENGTH:
        return "name_long"
    if fault := told.id_fault or _fault_of_the_base(name, person):
        return fault
    if (same := seen.is_same_name(resident_id, name)) is not None:
        return "duplicate_same_name" if same else "duplicate_other_name"
    born = birth_date(resident_id)
    return "under_age" if born is None or age_on(born, on) < MINIMUM_AGE else None


def _fault_of_the_base(name: str, person: KnownPerson | None) -> str | None:
    """What the base's own records say against it."""
    if person and person.in_this_class:
        return "already_in_class"
    if person and person.place:
        return "waiting_here" if person.place == "waiting" else "left_this_class"
    if person and not same_name(person.name, name):
        return "known_other_name"
    return None


def _warnings(told: _Read, village_codes: Collection[str]) -> list[str]:
    sex = told.sex
    tests = {
        "sex_mismatch": sex and SEXES.get(sex.lower(), sex) != sex_of(told.resident_id),
        "id_county": not county_known(told.resident_id),
        "phone_format": told.phone and not PHONE.fullmatch(_digits(told.phone)),
        "village_unknown": told.village and not village_codes,
        "village_ambiguous": len(village_codes) > 1,
    }
    return [code for code, found in tests.items() if found]


def _notes(told: _Read, person: KnownPerson | None) -> list[str]:
    name, raw_id = told.name, told.id_text
    if PLAIN_NAME.fullmatch(name) and raw_id == told.resident_id:  # nearly all
        tests: dict[str, Any] = {"known_person": person}
    else:
        tests = {
            "known_person": person,
            "id_full_width": re.search(r"[\uff10-\uff19\uff38\uff58]", raw_id),
            "id_spaces": re.search(r"\S\s+\S", raw_id),
            "id_lower_x": raw_id.endswith("x"),
            "name_space": re.search(r"\S\s+\S", name),
            "name_middle_dot": re.search(f"[{DOTS}]", name),
            "name_rare": re.search(rf"[^\u4e00-\u9fff{DOTS}\s]", name),
        }
    tests["village_suffix"] = told.village.endswith("村民委员会")
    return [code for code, found in tests.items() if found]


def _digits(phone: str) -> str:
    """The digits of a phone number, without the country code of a Chinese mobile."""
    if len(phone) == MOBILE and phone.isascii() and phone.isdigit():  # nearly all
        return phone
    return phone_digits(phone)


def _phone(phone: str) -> str:
    digits = _digits(phone)
    return digits if len(digits) <= PHONE_LENGTH else ""
