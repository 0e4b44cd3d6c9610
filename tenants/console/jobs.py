"""Long work of the console."""

from typing import Any

from django.utils.translation import gettext_lazy

from tenants.current import connection
from tenants.designations.models import TrainingBase
from tenants.jobs.models import JobRun
from tenants.jobs.services import Progress, job
from tenants.links import absolute
from tenants.sites import Season, Wanted, open_site

OPEN = "tenants.open_site"


@job(OPEN, gettext_lazy("开通网站"))
def open_base_site(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Make the site of a base. One transaction: a kill leaves no half of it, and a rerun ends it."""
    progress(1, 4)
    if not connection.in_atomic_block:
        connection.close()  # a backend that has seen many schemas makes the next one slowly
    base = TrainingBase.objects.get(pk=run.params["base"])
    seasons = [Season(**season) for season in run.params["seasons"]]
    wanted = {name: run.params[name] for name in ("slug", "host", "rule_code", "page_set")}
    progress(2, 4)
    tenant = open_site(base, Wanted(seasons=seasons, **wanted), str(run.started_by))
    progress(4, 4)
    return {"tenant": tenant.pk, "url": absolute(tenant)}
