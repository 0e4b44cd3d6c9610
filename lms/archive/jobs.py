"""Export as long work of the centre: it can be left and found again."""

import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.utils import timezone
from django.utils.translation import gettext_lazy

from lms.archive.write import write_base
from tenants.jobs.models import JobRun
from tenants.jobs.services import Progress, job
from tenants.models import Tenant

EXPORT = "lms.base_export"


def folder() -> Path:
    """The centre's private folder of exports, which no address serves."""
    found = Path(storages["private"].path("exports"))
    found.mkdir(parents=True, exist_ok=True)
    return found


@job(EXPORT, gettext_lazy("导出基地"))
def export_base(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Write the base into the centre's private folder. Run twice, it writes a second file."""
    tenant = Tenant.objects.get(pk=run.params["tenant"])
    progress(1, 3)
    name = f"{tenant.slug}-{timezone.localdate()}-{secrets.token_hex(4)}.zip"
    manifest = write_base(tenant, folder() / name, str(run.started_by))
    progress(3, 3)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return {"file": name, "rows": rows, "files": len(manifest["files"])}
