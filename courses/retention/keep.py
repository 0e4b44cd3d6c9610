"""Count what is due at this base, for the centre: by the clock, and when something was cleared."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from courses.retention.models import RetentionRun, RetiredClass
from courses.retention.services import plan
from courses.retention.shared.models import DueFiles
from tenants.current import current_tenant, is_type


@transaction.atomic
def keep_due() -> None:
    """Write the numbers of today; the centre's have none of these files."""
    if not is_type("base"):
        return
    year = timezone.localdate().year
    now, soon, later = (
        _counts(day) for day in (timezone.localdate(), date(year, 12, 31), date(year + 1, 12, 31))
    )
    last = RetentionRun.objects.first()
    DueFiles.objects.update_or_create(
        tenant_id=current_tenant().pk,
        defaults={
            "counted_at": timezone.now(),
            "year": year,
            "over": now,
            "this_year": {name: n - now[name] for name, n in soon.items()},
            "next_year": {name: n - soon[name] for name, n in later.items()},
            "ran_at": last.at if last else None,
            "ran_counts": last.counts if last else {},
        },
    )


def _counts(day: date) -> dict[str, int]:
    """Of what is still there: a class that was cleared is no longer due."""
    found = plan(day)
    cleared = RetiredClass.objects.filter(training_class__in=found.classes).count()
    return found.counts | {"classes": len(found.classes) - cleared}
