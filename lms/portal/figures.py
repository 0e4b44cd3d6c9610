"""What the portal's front page counts."""

from typing import Any

from django.db.models import QuerySet

from courses.directory.models import CourseListing
from tenants.models import Tenant


def open_bases(centre: Tenant) -> QuerySet[Tenant]:
    """The bases whose sites can be visited, and which are not removed."""
    found = Tenant.objects.filter(centre=centre, closed_on__isnull=True)
    return found.exclude(training_base__state="removed")


def portal_figures(centre: Tenant) -> dict[str, Any]:
    """Bases of the centre, and how many courses they list."""
    bases = open_bases(centre).select_related("division")
    return {"bases": bases, "course_count": CourseListing.objects.filter(tenant__in=bases).count()}
