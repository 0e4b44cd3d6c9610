"""Start a long job and keep its progress."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenants.jobs.models import TITLES, JobRun
from tenants.staff.models import User

Progress = Callable[[int, int], None]
Work = Callable[[JobRun, Progress], dict[str, Any]]
_kinds: dict[str, Work] = {}


def job(kind: str, title: Any) -> Callable[[Work], Work]:
    """Register the function that does jobs of `kind`, called `title` (a lazy translation).

    It must be safe to run twice.
    """

    def register(work: Work) -> Work:
        if kind in _kinds:
            raise ValueError(f"job kind {kind} is registered twice")
        _kinds[kind] = work
        TITLES[kind] = title
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


def perform(run: JobRun) -> None:
    """Do the run in this process. A crash leaves it to be done again; an error is kept."""
    if not run.is_open:
        return
    JobRun.objects.filter(pk=run.pk).update(state=JobRun.State.RUNNING)

    def progress(done: int, total: int) -> None:
        JobRun.objects.filter(pk=run.pk).update(done=done, total=total)

    try:
        result = _kinds[run.kind](run, progress)
    except ValidationError as error:  # what it says is for people
        _finish(run, JobRun.State.FAILED, {"error": " ".join(error.messages)[:500]})
        raise
    except BaseException as error:  # a second Ctrl-C too: an open run would block its class
        _finish(run, JobRun.State.FAILED, {"error": f"{type(error).__name__}: {error}"[:500]})
        raise
    _finish(run, JobRun.State.DONE, result)


def _finish(run: JobRun, state: str, result: dict[str, Any]) -> None:
    JobRun.objects.filter(pk=run.pk).update(state=state, result=result, finished_at=timezone.now())
