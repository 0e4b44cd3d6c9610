"""Import a roster in one go, for whoever has it at hand; `intake.services.rosters` is what pages use."""

import io
from dataclasses import dataclass

from courses.intake.services import parts, rosters
from courses.intake.services.columns import chosen_for
from courses.intake.services.rosters import AlreadyConfirmed
from courses.models import RosterImport, TrainingClass
from courses.roster import RosterRow, error_workbook
from courses.services.sealed_rosters import content_of
from tenants.staff.models import User

__all__ = [
    "AlreadyConfirmed",
    "Imported",
    "confirm_import",
    "content_of",
    "judge_file",
    "judged_rows",
    "marked_workbook",
    "upload_roster",
]


@dataclass(frozen=True)
class Imported:
    imported: int
    refused: int
    rows: list[RosterRow]


def upload_roster(
    training_class: TrainingClass, file_name: str, content: bytes, by: User | None
) -> RosterImport:
    """Keep the file, sealed, and judge its rows, for preview and confirm.

    Raises RosterError when it is no roster, ValidationError when the class is finished.
    """
    return rosters.take_in(training_class, file_name, content, by, at_once=True)


def judge_file(training_class: TrainingClass, content: bytes) -> list[RosterRow]:
    """What an import would do with every row, today. Keeps nothing. Raises RosterError."""
    return rosters.judge_only(training_class, io.BytesIO(content))


def judged_rows(kept: RosterImport) -> list[RosterRow]:
    """As they were judged at the upload; after the confirm, as they were then."""
    return list(parts.all_rows(kept))


def confirm_import(kept: RosterImport) -> Imported:
    """Write the good rows, in one transaction. Raises AlreadyConfirmed, and ValidationError when the base's
    designation has no place for so many people.

    The class is locked, so that two clerks who confirm the same list import it once.
    """
    rosters.confirm(kept, kept.uploaded_by, at_once=True)
    return Imported(kept.imported, kept.refused, judged_rows(kept))


def marked_workbook(kept: RosterImport) -> bytes:
    """The clerk's own sheet with what became of each row. Raises ValidationError when its term is over."""
    content = content_of(kept)
    if not hasattr(kept, "sheet"):  # confirmed before rows were kept: the file was marked then
        return content
    return error_workbook(io.BytesIO(content), parts.all_rows(kept), chosen_for(kept.sheet))
