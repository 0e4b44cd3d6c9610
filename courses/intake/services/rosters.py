"""Read, preview and import a roster, at once or as a job that may be killed anywhere.

Reading writes parts of some hundred judged rows; importing takes part after part, each in a transaction of
its own that ends with the part done. So a killed import goes on where it stopped, and nobody
joins twice.
"""

import io
from collections.abc import Callable, Iterator
from itertools import chain, islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.intake.models import RosterPart, Sender
from courses.intake.services import parts
from courses.intake.services.columns import (
    chosen_for,
    note_sheet,
    remembered_of,
)
from courses.intake.services.enter import (
    lock_class,
    refuse_crowd,
    refuse_finished,
    room_of,
    write_rows,
)
from courses.intake.services.knowing import Asked
from courses.intake.services.yearly import TakenMeanwhile
from courses.models import RosterImport, TrainingClass
from courses.roster import (
    RosterError,
    RosterRow,
    Source,
    Table,
    Told,
    VillageIndex,
    judged_again,
    judged_parts,
    read_head,
    read_table,
)
from courses.services.sealed_rosters import content_of, seal
from tenants.jobs.models import JobRun
from tenants.jobs.services import start
from tenants.models import Division
from tenants.staff.models import User

READ, IMPORT = "roster.read", "roster.import"
AT_ONCE = 500  # rows: more are a job
TRIES = 3  # of one part, when another base took the same place of a year
State = RosterImport.State
Progress = Callable[[int, int], None]


class AlreadyConfirmed(RuntimeError):
    """The import was confirmed before; nothing was done now."""


def village_index() -> VillageIndex:
    rows = Division.objects.filter(level="village").values_list(
        "code", "parent__parent__name", "parent__name", "name"
    )
    return VillageIndex(rows)


@transaction.atomic
def take_in(
    training_class: TrainingClass,
    file_name: str,
    content: bytes,
    by: User | None,
    sender: Sender | None = None,
    at_once: bool = False,
) -> RosterImport:
    """Keep the file, sealed, and read it: at once up to some hundred rows, or always when told so, else as
    a job. A sheet whose columns nobody has explained waits for the clerk.

    Raises RosterError when it is no workbook or has no rows, ValidationError when the class is finished.
    """
    refuse_finished(training_class)
    table = None
    try:
        table = read_table(io.BytesIO(content), remembered=remembered_of(sender))
    except RosterError as error:
        if error.fault != "no_header" or at_once:
            raise
    head = table.head() if table else read_head(io.BytesIO(content))
    kept = RosterImport.objects.create(
        training_class=training_class,
        file_name=file_name[-200:],
        file_sealed=seal(content),
        uploaded_by=by,
        state=State.READING if table else State.COLUMNS,
    )
    note_sheet(kept, table, head, sender)
    if table is not None:
        _read(kept, table, by, at_once)
    return kept


@transaction.atomic
def read_anew(kept: RosterImport, by: User | None) -> None:
    """After the clerk has said what the columns are. Raises RosterError, ValidationError."""
    locked = RosterImport.objects.select_for_update().get(pk=kept.pk)
    run = run_of(locked)
    is_stuck = locked.state == State.READING and not (run and run.is_open)
    if locked.state not in (State.COLUMNS, State.PREVIEW) and not is_stuck:
        raise ValidationError(
            "这份花名册正在读取或已导入，不能再改列 / it is being read, or was imported already"
        )
    table = read_table(io.BytesIO(content_of(kept)), chosen_for(kept.sheet))
    parts.drop([kept])
    _read(kept, table, by, False)


def _read(kept: RosterImport, table: Table, by: User | None, at_once: bool) -> None:
    """Some hundred rows now; for more a job begins again from the first."""
    people = table.people()
    first = list(islice(people, AT_ONCE + 1))
    if at_once or len(first) <= AT_ONCE:
        judged = _judged(kept.training_class, chain(first, people))
        for number, rows in enumerate(judged, 1):
            parts.keep_part(kept, number, rows)
        if not first:
            parts.keep_part(kept, 1, [])
        _to(kept, State.PREVIEW)
        return
    _to(kept, State.READING)
    start(READ, kept.training_class.code, {"import": kept.pk}, by, _address(kept))


def judge_only(training_class: TrainingClass, source: Source) -> list[RosterRow]:
    """What an import would do with every row, today. Keeps nothing. Raises RosterError."""
    table = read_table(source, remembered=remembered_of(None))
    return [row for rows in _judged(training_class, table.people()) for row in rows]


def _judged(one: TrainingClass, people: Iterator[Told]) -> Iterator[list[RosterRow]]:
    asked = Asked(one)
    return judged_parts(
        people,
        timezone.localdate(),
        asked.known,
        village_index(),
        asked.eligible,
        parts.SIZE,
    )


@transaction.atomic
def read_old(kept: RosterImport) -> None:
    """Read a preview from before parts were kept, so that it can still be confirmed."""
    if kept.state != State.PREVIEW or hasattr(kept, "sheet") or not kept.file_sealed:
        return
    content = content_of(kept)
    table = read_table(io.BytesIO(content))
    note_sheet(kept, table, table.head(), None)
    _read(kept, table, kept.uploaded_by, True)


def read_whole(kept: RosterImport, progress: Progress) -> dict[str, int]:
    """The job: read all rows into parts. Run again it begins anew: what is read is nobody's place yet."""
    if kept.state != State.READING:
        return parts.counts_of(kept)
    parts.drop([kept])
    table = read_table(io.BytesIO(content_of(kept)), chosen_for(kept.sheet))
    done = 0
    try:
        for number, rows in enumerate(_judged(kept.training_class, table.people()), 1):
            parts.keep_part(kept, number, rows)
            done += len(rows)
            progress(done, max(done, table.declared))
    except RosterError as error:
        parts.drop([kept])
        _to(kept, State.COLUMNS)
        raise ValidationError(" / ".join(error.said)) from error
    _to(kept, State.PREVIEW)
    return parts.counts_of(kept)


def confirm(kept: RosterImport, by: User | None, at_once: bool = False) -> JobRun | None:
    """Import the good rows: at once, or as the job that is returned.

    Raises AlreadyConfirmed, and ValidationError when the class is finished or the designation has no
    place for so many. Nothing is written then.
    """
    read_old(kept)
    with transaction.atomic():
        locked_class = TrainingClass.objects.select_for_update().get(pk=kept.training_class_id)
        locked = RosterImport.objects.select_for_update().get(pk=kept.pk)
        if locked.state == State.CONFIRMED:
            raise AlreadyConfirmed
        if locked.state not in (State.PREVIEW, State.IMPORTING):
            raise ValidationError(
                "花名册还没有读完，请稍候 / the roster is not read yet: wait a moment"
            )
        refuse_finished(locked_class)
        content_of(locked)  # what is over its term is not imported any more
        counts = parts.counts_of(locked)
        good = counts["accept"] + counts["warn"]
        if locked.state == State.PREVIEW:
            refuse_crowd(locked_class, room_of(locked_class).takes(good))
        _to(kept, State.IMPORTING)
        if not at_once and sum(counts[v] for v in parts.VERDICTS) > AT_ONCE:
            params = {"import": kept.pk}
            return start(IMPORT, locked_class.code, params, by, _address(kept))
        for part in list(kept.parts.filter(done=False).order_by("number")):
            _import_part(kept, part, by)
        _end(kept)
    return None


def import_whole(kept: RosterImport, by: User | None, progress: Progress) -> dict[str, int]:
    """The job: part after part. Safe to run twice, and to be killed anywhere: what is done stays done,
    what is not is done then.
    """
    left = list(kept.parts.filter(done=False).order_by("number").defer("rows_sealed"))
    total = sum(p.accepted + p.warned + p.rejected for p in kept.parts.defer("rows_sealed"))
    done = total - sum(p.accepted + p.warned + p.rejected for p in left)
    progress(done, total)
    for part in left:
        _import_with_patience(kept, part.pk, by)
        done += part.accepted + part.warned + part.rejected
        progress(done, total)
    with transaction.atomic():
        _end(kept)
    return {"imported": kept.imported, "refused": kept.refused}


def _import_with_patience(kept: RosterImport, part: int, by: User | None) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                locked = RosterPart.objects.select_for_update().get(pk=part)
                if not locked.done:
                    _import_part(kept, locked, by)
            return
        except TakenMeanwhile:
            if attempt == TRIES:
                raise


def _import_part(kept: RosterImport, part: RosterPart, by: User | None) -> None:
    """Judge the rows once more, write the good ones, and what became of each."""
    one = lock_class(kept.training_class)
    asked = Asked(one)
    rows = judged_again(parts.rows_of(part), asked.known, asked.eligible)
    joined = write_rows(one, [row for row in rows if row.verdict != "reject"], asked, by)
    parts.finish(part, rows, {number: each.state for number, each in joined.items()})


def _end(kept: RosterImport) -> None:
    counts = parts.counts_of(kept)
    kept.state, kept.confirmed_at = State.CONFIRMED, timezone.now()
    kept.imported, kept.refused = counts["accept"] + counts["warn"], counts["reject"]
    kept.save(update_fields=["state", "confirmed_at", "imported", "refused"])


def _to(kept: RosterImport, state: str) -> None:
    kept.state = state
    kept.save(update_fields=["state"])


def _address(kept: RosterImport) -> str:
    from django.urls import reverse

    return reverse("roster_preview", args=[kept.pk])


def run_of(kept: RosterImport) -> JobRun | None:
    """The last job that read or imported it."""
    runs = JobRun.objects.filter(kind__in=[READ, IMPORT], params={"import": kept.pk})
    return runs.order_by("-pk").first()
