"""Long work of this app: rosters of thousands."""

from typing import Any

from django.utils.translation import gettext_lazy

from courses.intake.services.rosters import IMPORT, READ, import_whole, read_whole
from courses.models import RosterImport
from tenants.jobs.models import JobRun
from tenants.jobs.services import Progress, job


def _roster(run: JobRun) -> RosterImport:
    rows = RosterImport.objects.select_related("training_class__rule_set", "sheet")
    return rows.get(pk=run.params["import"])


@job(READ, gettext_lazy("读取花名册"))
def read_roster(run: JobRun, progress: Progress) -> dict[str, Any]:
    return read_whole(_roster(run), progress)


@job(IMPORT, gettext_lazy("导入花名册"))
def import_roster(run: JobRun, progress: Progress) -> dict[str, Any]:
    return import_whole(_roster(run), run.started_by, progress)
