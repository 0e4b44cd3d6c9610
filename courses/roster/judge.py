"""Say for every row of a roster what an import would do with it."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from courses.roster.places import county_known
from courses.roster.read import MAX_ROWS, RosterError, Table, text
from courses.roster.words import NOTES, REASONS, REJECTIONS, Words
from courses.rules import MINIMUM_AGE, age_on, birth_date, normalise_id, resident_id_fault, sex_of

EXACT_IN_EXCEL = 10**15  # a number cell keeps 15 significant digits
NAME_LENGTH = 60
PHONE_LENGTH = 20  # longer ones are two numbers in one cell, of which none is stored
#: A mobile; a land line with its area code; one without.
PHONE = re.compile(r"1[0-9]{10}|0[0-9]{9,11}|[2-9][0-9]{6,7}")
SEXES = {"男性": "男", "m": "男", "male": "男", "女性": "女", "f": "女", "female": "女"}
DOTS = "·•‧・"


@dataclass(frozen=True)
class KnownPerson:
    """Someone the base has on file already."""

    name: str
    in_this_class: bool


#: Given resident IDs, those the base knows. Asked once for a whole roster.
Known = Callable[[Collection[str]], Mapping[str, KnownPerson]]
#: Given county (may be empty), township and village: the codes of all villages that fit.
VillageCodes = Callable[[str, str, str], Collection[str]]


@dataclass(frozen=True)
class RosterRow:
    """One data row: `row` is the sheet's row number, `name` stands as the file has it.

    `codes` are keys of REASONS: one rejection, or warnings followed by notes. `village_code` and
    `sex` (of the resident ID) are filled unless the row is rejected.
    """

    row: int
    name: str
    resident_id: str
    codes: tuple[str, ...]
    village_code: str = ""
    phone: str = ""
    sex: str = ""

    @property
    def verdict(self) -> str:
        if NOTES.keys() >= set(self.codes):
            return "accept"
        return "warn" if REJECTIONS.keys().isdisjoint(self.codes) else "reject"

    @property
    def said(self) -> list[Words]:
        return [REASONS[code] for code in self.codes]

    @property
    def reason(self) -> str:
        return "; ".join(english for _, english in self.said)


def judge_table(
    table: Table, on: date, known: Known, village_codes: VillageCodes
) -> list[RosterRow]:
    """`on` is the day on which the minimum age must be reached."""
    village_codes = cache(village_codes)
    people = list(table.people())
    if len(people) > MAX_ROWS:
        raise RosterError("too_many_rows")
    numbers = {normalise_id(text(got["resident_id"])) for _, got in people}
    registered = known(valid) if (valid := {n for n in numbers if not resident_id_fault(n)}) else {}
    seen: dict[str, str] = {}
    rows: list[RosterRow] = []
    for number, got in people:
        name, resident_id = text(got["name"]), normalise_id(text(got["resident_id"]))
        phone = _phone(text(got.get("phone")))
        person = registered.get(resident_id)
        if fault := _fault(got, on, seen, person):
            kept_id = "" if fault == "id_number_cell" else resident_id
            rows.append(RosterRow(number, name, kept_id, (fault,), phone=phone))
            continue
        seen[resident_id] = name
        county, township, village = (
            text(got.get(field)) for field in ("county", "township", "village")
        )
        codes = village_codes(county, township, village) if village else ()
        remarks = [*_warnings(got, codes), *_notes(got, person)]
        village_code = next(iter(codes)) if len(codes) == 1 else ""
        sex = sex_of(resident_id)
        rows.append(RosterRow(number, name, resident_id, tuple(remarks), village_code, phone, sex))
    return rows


def _fault(
    got: Mapping[str, Any], on: date, seen: Mapping[str, str], person: KnownPerson | None
) -> str | None:
    """The first rejection a row earns. `seen` are the good rows above it, ID to name."""
    name, resident_id = text(got["name"]), normalise_id(text(got["resident_id"]))
    raw_id = got["resident_id"]
    if isinstance(raw_id, int | float) and raw_id >= EXACT_IN_EXCEL:
        return "id_number_cell"
    if not name:
        return "name_missing"
    if not isinstance(got["name"], str) or re.fullmatch(r"[\d\s.,-]+", name):
        return "name_digits"
    if len(name) > NAME_LENGTH:
        return "name_long"
    if fault := resident_id_fault(resident_id):
        return fault
    if person and person.in_this_class:
        return "already_in_class"
    if person and not _same_name(person.name, name):
        return "known_other_name"
    if resident_id in seen:
        same = _same_name(seen[resident_id], name)
        return "duplicate_same_name" if same else "duplicate_other_name"
    born = birth_date(resident_id)
    return "under_age" if born is None or age_on(born, on) < MINIMUM_AGE else None


def _warnings(got: Mapping[str, Any], village_codes: Collection[str]) -> list[str]:
    resident_id = normalise_id(text(got["resident_id"]))
    sex, phone = text(got.get("sex")), text(got.get("phone"))
    has_village = bool(text(got.get("village")))
    tests = {
        "sex_mismatch": sex and SEXES.get(sex.lower(), sex) != sex_of(resident_id),
        "id_county": not county_known(resident_id),
        "phone_format": phone and not PHONE.fullmatch(_digits(phone)),
        "village_unknown": has_village and not village_codes,
        "village_ambiguous": len(village_codes) > 1,
    }
    return [code for code, found in tests.items() if found]


def _notes(got: Mapping[str, Any], person: KnownPerson | None) -> list[str]:
    name, raw_id = text(got["name"]), text(got["resident_id"])
    tests = {
        "known_person": person,
        "id_full_width": re.search(r"[\uff10-\uff19\uff38\uff58]", raw_id),
        "id_spaces": re.search(r"\S\s+\S", raw_id),
        "id_lower_x": raw_id.endswith("x"),
        "name_space": re.search(r"\S\s+\S", name),
        "name_middle_dot": re.search(f"[{DOTS}]", name),
        "name_rare": re.search(rf"[^\u4e00-\u9fff{DOTS}\s]", name),
        "village_suffix": text(got.get("village")).endswith("村民委员会"),
    }
    return [code for code, found in tests.items() if found]


def _same_name(one: str, other: str) -> bool:
    """Offices differ in the spaces and in which middle dot they type."""
    drop = rf"[\s{DOTS}]"
    return re.sub(drop, "", one) == re.sub(drop, "", other)


def _digits(phone: str) -> str:
    """The digits of a phone number, without the country code of a Chinese mobile."""
    digits = re.sub(r"[^0-9]", "", normalise_id(phone))
    return re.sub(r"^(00)?86(?=1[0-9]{10}$)", "", digits)


def _phone(phone: str) -> str:
    digits = _digits(phone)
    return digits if len(digits) <= PHONE_LENGTH else ""
