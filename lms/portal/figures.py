"""What the portal's front page counts."""

from typing import Any

from courses.directory.models import CourseListing
from tenants.models import Tenant


def portal_figures(centre: Tenant) -> dict[str, Any]:
    """Bases of the centre, and how many courses they list."""
    bases = Tenant.objects.filter(centre=centre).select_related("division")
    return {"bases": bases, "course_count": CourseListing.objects.filter(tenant__in=bases).count()}
