"""Read a trainee roster as offices keep it, and say for every row what an import would do."""

from collections.abc import Collection, Mapping
from datetime import date

from courses.roster.judge import Known, KnownPerson, RosterRow, VillageCodes, judge_table
from courses.roster.places import VillageIndex, listed_villages
from courses.roster.read import RosterError, Source, read_table
from courses.roster.words import NOTES, REASONS, REJECTIONS, WARNINGS
from courses.roster.workbook import error_workbook

__all__ = [
    "NOTES",
    "REASONS",
    "REJECTIONS",
    "WARNINGS",
    "Known",
    "KnownPerson",
    "RosterError",
    "RosterRow",
    "Source",
    "VillageCodes",
    "VillageIndex",
    "error_workbook",
    "listed_villages",
    "nobody_known",
    "read_roster",
]


def nobody_known(resident_ids: Collection[str]) -> Mapping[str, KnownPerson]:
    """For a base that has no trainees yet."""
    return {}


def read_roster(
    source: Source,
    on: date,
    known: Known = nobody_known,
    village_codes: VillageCodes = listed_villages,
) -> list[RosterRow]:
    """Judge every data row of the first visible sheet that has a roster header.

    `on` is the day on which the minimum age must be reached. The base's own records come in
    through `known`, asked once for all rows, so that the rules can be tried without a database.
    Raises RosterError when the file is no xlsx workbook, or when no sheet has columns for a name
    and a resident ID.
    """
    return judge_table(read_table(source), on, known, village_codes)
