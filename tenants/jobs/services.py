"""Start a long job, keep its progress, cancel it, and keep what came of each person."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenants.jobs.models import CANCEL, TITLES, JobLine, JobRun
from tenants.staff.models import User

Progress = Callable[[int, int], None]
Work = Callable[[JobRun, Progress], dict[str, Any]]
SLICE = 30.0  # seconds that one job may keep a worker from the jobs of others


class Cancelled(Exception):
    """Raised by `progress` when somebody has asked for it. What was done stays done.

    The work may catch it, put into `result` what is to be kept, and raise it again.
    """

    def __init__(self) -> None:
        super().__init__("cancelled")
        self.result: dict[str, Any] = {}


class Pause(Exception):
    """Raised by `progress` when it is another job's turn; the work is called again later."""


_kinds: dict[str, Work] = {}
_sliced: set[str] = set()


def job(kind: str, title: Any, *, cancel: str = "", sliced: bool = False) -> Callable[[Work], Work]:
    """Register the function that does jobs of `kind`, called `title` (a lazy translation).

    It must be safe to run twice. `cancel` is the permission that it takes to cancel one; without,
    it runs to its end. A `sliced` job is broken off at a call of `progress` after half a minute,
    and called again after the jobs that wait.
    """

    def register(work: Work) -> Work:
        if kind in _kinds:
            raise ValueError(f"job kind {kind} is registered twice")
        _kinds[kind] = work
        TITLES[kind] = title
        if sliced:
            _sliced.add(kind)
        if cancel:
            CANCEL[kind] = cancel
        return work

    return register


@transaction.atomic
def start(kind: str, label: str, params: dict[str, Any], by: User | None, back: str = "") -> JobRun:
    """Write the run and its queue entry together; an equal run that is still open is returned."""
    from tenants.jobs.tasks import run_job

    if kind not in _kinds:
        raise ValueError(f"no job of kind {kind}")
    same = JobRun.objects.select_for_update().filter(
        kind=kind, params=params, state__in=[JobRun.State.WAITING, JobRun.State.RUNNING]
    )
    if (found := same.first()) is not None:
        return found
    run = JobRun.objects.create(kind=kind, label=label, params=params, started_by=by, back=back)
    run_job.enqueue(run.pk)
    return run


@transaction.atomic
def cancel(run: JobRun) -> None:
    """Ask for the end of a run. One that waits ends at once; one that runs at its next step.

    Raises ValidationError for work that is not broken off, or is over.
    """
    locked = JobRun.objects.select_for_update().get(pk=run.pk)
    if locked.kind not in CANCEL or not locked.is_open:
        raise ValidationError("这项任务不能取消 / this job cannot be cancelled")
    locked.cancel_asked = True
    locked.save(update_fields=["cancel_asked"])
    if locked.state == JobRun.State.WAITING:
        _finish(locked, JobRun.State.CANCELLED, {})


def perform(run: JobRun) -> None:
    """Do the run in this process. A crash leaves it to be done again; an error is kept.

    A sliced job may come back unfinished and queued again.
    """
    from tenants.jobs.tasks import run_job

    if not run.is_open:
        return
    own = JobRun.objects.filter(pk=run.pk)
    now = timezone.now()
    own.update(state=JobRun.State.RUNNING, pace_from=now, pace_done=run.done)
    until = time.monotonic() + SLICE

    def progress(done: int, total: int) -> None:
        own.update(done=done, total=total)
        if run.kind in CANCEL and own.filter(cancel_asked=True).exists():
            raise Cancelled
        if run.kind in _sliced and time.monotonic() > until:
            raise Pause

    try:
        result = _kinds[run.kind](run, progress)
    except Pause:
        run_job.enqueue(run.pk)
        return
    except Cancelled as stopped:
        _finish(run, JobRun.State.CANCELLED, stopped.result)
        return
    except ValidationError as error:  # what it says is for people
        _finish(run, JobRun.State.FAILED, {"error": " ".join(error.messages)[:500]})
        raise
    except BaseException as error:  # a second Ctrl-C too: an open run would block its class
        _finish(run, JobRun.State.FAILED, {"error": f"{type(error).__name__}: {error}"[:500]})
        raise
    _finish(run, JobRun.State.DONE, result)


def remember(run: JobRun, **facts: Any) -> None:
    """Keep facts of a run that goes on, for when it is taken up again after a kill or a pause."""
    run.result = {**run.result, **facts}
    JobRun.objects.filter(pk=run.pk).update(result=run.result)


@transaction.atomic
def write_lines(run: JobRun, lines: Iterable[JobLine]) -> None:
    """The list behind the run's figures, in order. Written anew by a second call."""
    run.lines.all().delete()
    written = list(lines)
    for place, line in enumerate(written, 1):
        line.run, line.place = run, place
    JobLine.objects.bulk_create(written, batch_size=500)


def _finish(run: JobRun, state: str, result: dict[str, Any]) -> None:
    JobRun.objects.filter(pk=run.pk).update(state=state, result=result, finished_at=timezone.now())
