"""Long work of this app."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy

from certificates.dossiers.models import Dossier
from certificates.dossiers.services.make import FileDamaged, make, make_again
from certificates.render import FontsMissing
from courses.models import TrainingClass
from tenants.jobs.models import JobRun
from tenants.jobs.services import Progress, job

MAKE, AGAIN = "dossiers.make", "dossiers.again"


@job(MAKE, gettext_lazy("制作补贴档案"))
def make_dossier(run: JobRun, progress: Progress) -> dict[str, Any]:
    """The dossier of one class. Run twice, it finds the one that it has made."""
    one = TrainingClass.objects.get(pk=run.params["class"])
    try:
        made = make(one, run.started_by, progress)
    except FontsMissing as error:
        raise ValidationError(str(error)) from error
    progress(4, 4)
    return {
        "number": made.number,
        "digest": made.digest,
        "download": reverse("dossier_file", args=[made.pk, "xlsx"]),
    }


@job(AGAIN, gettext_lazy("重新制作补贴档案文件"))
def make_files_again(run: JobRun, progress: Progress) -> dict[str, Any]:
    """The files of a kept snapshot, when they are not there."""
    kept = Dossier.objects.get(pk=run.params["dossier"])
    try:
        make_again(kept)
    except FileDamaged as error:
        raise ValidationError(
            "重新制作的文件与原件不同，没有保存，请运维从备份恢复"
            " / made again it differs from the original and was not kept: restore it from the backup"
        ) from error
    progress(1, 1)
    return {"download": reverse("dossier_file", args=[kept.pk, run.params["kind"]])}
