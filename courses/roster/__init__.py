"""Read a trainee roster as offices keep it, and say for every row what an import would do."""

from collections.abc import Collection, Mapping
from datetime import date

from courses.roster.faults import RosterError
from courses.roster.files import Source
from courses.roster.judge import (
    Eligible,
    Known,
    KnownPerson,
    RosterRow,
    VillageCodes,
    judge_rows,
    judge_table,
    judged_again,
    judged_parts,
)
from courses.roster.places import VillageIndex, listed_villages
from courses.roster.read import (
    Chosen,
    Head,
    Remembered,
    Table,
    Told,
    columns_of,
    fingerprint,
    read_head,
    read_table,
)
from courses.roster.seen import Seen
from courses.roster.words import NOTES, REASONS, REJECTIONS, WARNINGS
from courses.roster.workbook import error_workbook

__all__ = [
    "NOTES",
    "REASONS",
    "REJECTIONS",
    "WARNINGS",
    "Chosen",
    "Eligible",
    "Head",
    "Known",
    "KnownPerson",
    "Remembered",
    "RosterError",
    "RosterRow",
    "Seen",
    "Source",
    "Table",
    "Told",
    "VillageCodes",
    "VillageIndex",
    "columns_of",
    "error_workbook",
    "fingerprint",
    "judge_rows",
    "judged_again",
    "judged_parts",
    "listed_villages",
    "nobody_known",
    "read_head",
    "read_roster",
    "read_table",
]


def nobody_known(resident_ids: Collection[str]) -> Mapping[str, KnownPerson]:
    """For a base that has no trainees yet."""
    return {}


def read_roster(
    source: Source,
    on: date,
    known: Known = nobody_known,
    village_codes: VillageCodes = listed_villages,
    eligible: Eligible | None = None,
    chosen: Chosen | None = None,
) -> list[RosterRow]:
    """Judge every data row of the first visible sheet that has a roster header.

    `on` is the day on which the minimum age must be reached. The base's own records come in through
    `known` and the rule set through `eligible`, each asked once for some hundred rows, so that the rules
    can be tried without a database. `chosen` says what the columns are.
    Raises RosterError when the file is no xlsx workbook, or when no sheet has columns for a name
    and a resident ID.
    """
    return judge_table(read_table(source, chosen), on, known, village_codes, eligible)
