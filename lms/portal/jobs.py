"""Long work of the portal."""

from typing import Any

from django.utils.translation import gettext_lazy

from lms.portal.notice import NOTICE, make
from tenants.jobs.models import JobRun
from tenants.jobs.services import Progress, job


@job(NOTICE, gettext_lazy("制作村公告"))
def make_notice(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Draw a village's notice; run twice, it finds the one that is there."""
    make(run.params["content"])
    progress(1, 1)
    return {}
