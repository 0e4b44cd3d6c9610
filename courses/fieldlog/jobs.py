"""Reading what has arrived, after the phone has its answer."""

import secrets
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.fieldlog.services.lag import publish
from courses.fieldlog.services.project import read_pending
from tenants.jobs.models import JobRun
from tenants.jobs.schedule import every
from tenants.jobs.services import Progress, job, start

KIND = "field_read"


@job(KIND, _("整理考勤记录"))
def read_log(run: JobRun, progress: Progress) -> dict[str, Any]:
    # One run a burst of arrivals is enough to look at: those of before are of no use to anybody.
    JobRun.objects.filter(kind=KIND, state=JobRun.State.DONE).exclude(pk=run.pk).delete()
    read = read_pending(progress)
    publish()
    return {"read": read}


@every("field_lag", minutes=60, type="base")
def count_lag() -> None:
    """A base that nobody hears of is counted too, and so is what another base asks it."""
    read_pending()
    publish()


def read_soon() -> None:
    """Ask for a reading, unless one is waiting already."""
    if not JobRun.objects.filter(kind=KIND, state=JobRun.State.WAITING).exists():
        # Its own name: a run under way may have looked for the last time already.
        start(KIND, "", {"asked": secrets.token_hex(8)}, None)
