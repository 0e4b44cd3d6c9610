"""Keep an uploaded roster sealed, preview it, and import its good rows."""

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.fieldlog.services.walk_ins import recognise
from courses.models import Enrolment, RosterImport, Trainee, TrainingClass
from courses.moments import chain_moved
from courses.roster import (
    KnownPerson,
    RosterRow,
    VillageIndex,
    error_workbook,
    read_roster,
)
from courses.services.classes import enrolling_verdicts
from courses.services.identity import base_digest, seal_id
from tenants import crypto
from tenants.current import current_tenant
from tenants.designations.models import Designation
from tenants.models import Division
from tenants.staff.models import User
from tenants.verdict import faults_of

SEALING = "roster/file"


class AlreadyConfirmed(RuntimeError):
    """The import was confirmed before; nothing was done now."""


@dataclass(frozen=True)
class Imported:
    imported: int
    refused: int
    rows: list[RosterRow]


def judge_file(training_class: TrainingClass, content: bytes) -> list[RosterRow]:
    """The verdict of every row for this class, today. Raises RosterError."""
    return read_roster(
        io.BytesIO(content),
        timezone.localdate(),
        known=lambda ids: _known(training_class, ids),
        village_codes=_village_index(),
    )


def _known(training_class: TrainingClass, ids: Collection[str]) -> Mapping[str, KnownPerson]:
    """Who of `ids` is on file at this base: two queries, however many rows."""
    digests = {base_digest(number): number for number in ids}
    people = Trainee.objects.filter(id_digest__in=list(digests))
    here = set(
        Enrolment.objects.filter(training_class=training_class, trainee__in=people).values_list(
            "trainee_id", flat=True
        )
    )
    return {
        digests[bytes(person.id_digest)]: KnownPerson(person.name, person.pk in here)
        for person in people
    }


def _village_index() -> VillageIndex:
    rows = Division.objects.filter(level="village").values_list(
        "code", "parent__parent__name", "parent__name", "name"
    )
    return VillageIndex(rows)


@transaction.atomic
def upload_roster(
    training_class: TrainingClass, file_name: str, content: bytes, by: User | None
) -> RosterImport:
    """Keep the file, sealed, for preview and confirm.

    Raises RosterError when it is no roster, ValidationError when the class is finished.
    """
    _still_enrols(training_class)
    judge_file(training_class, content)
    return RosterImport.objects.create(
        training_class=training_class,
        file_name=file_name[-200:],
        file_sealed=crypto.seal(content, SEALING, current_tenant().uuid.bytes),
        uploaded_by=by,
    )


def _still_enrols(training_class: TrainingClass) -> None:
    if training_class.state == TrainingClass.State.FINISHED:
        raise ValidationError(
            "班次已结业，不能再导入学员 / the class is finished: nobody joins it any more"
        )


def content_of(kept: RosterImport) -> bytes:
    """Raises ValidationError for a file that went when its term was over."""
    if not kept.file_sealed:
        raise ValidationError("保存期满，原件已清除 / its term is over, the file was deleted")
    return crypto.unseal(bytes(kept.file_sealed), SEALING, current_tenant().uuid.bytes)


def judged_rows(kept: RosterImport) -> list[RosterRow]:
    """Preview. After the confirm everybody imported reads "already in this class"."""
    return judge_file(kept.training_class, content_of(kept))


def marked_workbook(kept: RosterImport) -> bytes:
    """The clerk's own sheet with the bad rows marked; after the confirm, as they were then."""
    content = content_of(kept)
    if kept.state == RosterImport.State.CONFIRMED:
        return content
    return error_workbook(io.BytesIO(content), judge_file(kept.training_class, content))


@transaction.atomic
def confirm_import(kept: RosterImport) -> Imported:
    """Import every accepted and warned row, judged anew. Raises AlreadyConfirmed.

    Raises ValidationError when the base's designation has no place for so many people.

    The class is locked, so that two clerks who confirm the same list import it once.
    """
    locked = TrainingClass.objects.select_for_update().get(pk=kept.training_class_id)
    kept = RosterImport.objects.select_for_update().get(pk=kept.pk)
    if kept.state == RosterImport.State.CONFIRMED:
        raise AlreadyConfirmed
    _still_enrols(locked)
    content = content_of(kept)
    rows = judge_file(kept.training_class, content)
    marked = error_workbook(io.BytesIO(content), rows)
    good = [row for row in rows if row.verdict != "reject"]
    # Held until the end: two imports of one trade cannot both take the last places.
    Designation.objects.select_for_update().get(pk=kept.training_class.designation_id)
    if faults := faults_of(enrolling_verdicts(kept.training_class, len(good))):
        raise ValidationError(faults)
    _enrol(kept.training_class, good)
    kept.state = RosterImport.State.CONFIRMED
    kept.confirmed_at = timezone.now()
    kept.imported, kept.refused = len(good), len(rows) - len(good)
    kept.file_sealed = crypto.seal(marked, SEALING, current_tenant().uuid.bytes)
    kept.save(update_fields=["state", "confirmed_at", "imported", "refused", "file_sealed"])
    return Imported(kept.imported, kept.refused, rows)


def _enrol(training_class: TrainingClass, rows: list[RosterRow]) -> None:
    digests = [base_digest(row.resident_id) for row in rows]
    on_file = {bytes(t.id_digest): t for t in Trainee.objects.filter(id_digest__in=digests)}
    villages = dict(
        Division.objects.filter(code__in={r.village_code for r in rows}).values_list("code", "id")
    )
    new = [
        Trainee(
            name=row.name,
            sex=row.sex,
            id_sealed=seal_id(row.resident_id),
            id_digest=digest,
            id_last4=row.resident_id[-4:],
            phone=row.phone,
            village_id=villages.get(row.village_code),
        )
        for row, digest in zip(rows, digests, strict=True)
        if digest not in on_file
    ]
    _know_again(rows, digests, on_file, villages)
    for trainee in Trainee.objects.bulk_create(new):
        on_file[bytes(trainee.id_digest)] = trainee
    joined = Enrolment.objects.bulk_create(
        Enrolment(trainee=on_file[digest], training_class=training_class) for digest in digests
    )
    chain_moved.send(None, enrolments={each.pk for each in joined})
    recognise(training_class, digests)


def _know_again(
    rows: list[RosterRow],
    digests: list[bytes],
    on_file: Mapping[bytes, Trainee],
    villages: Mapping[str, int],
) -> None:
    """Whoever was forgotten and comes back is known again, by what the new roster says."""
    for row, digest in zip(rows, digests, strict=True):
        person = on_file.get(digest)
        if person is None or person.id_sealed:
            continue
        person.id_sealed, person.id_last4 = seal_id(row.resident_id), row.resident_id[-4:]
        person.sex, person.phone = row.sex, row.phone
        person.village_id = villages.get(row.village_code)
        person.save(update_fields=["id_sealed", "id_last4", "sex", "phone", "village"])
