"""Keep the portal's listings as the base's published courses are."""

from django.db import transaction

from courses.directory.models import CourseListing
from courses.finding.services import write_entry
from courses.models import CoursePage, Project, TrainingClass
from courses.models.classes import LEVELS
from courses.site.bases import path_of
from tenants.current import current_tenant


def refresh_listings(project: Project) -> None:
    """Rewrite the listings of the project's published course pages."""
    for page in CoursePage.objects.filter(project=project):
        list_course(page)


@transaction.atomic
def list_course(page: CoursePage) -> None:
    """Write the listing of `page`, or remove it when the page is not published."""
    tenant = current_tenant()
    if not page.live:
        unlist_course(page)
        return
    project = page.project
    listing, _ = CourseListing.objects.update_or_create(
        tenant_id=tenant.pk,
        page_id=page.pk,
        defaults={
            "title": page.title,
            "trade": project.trade,
            "title_en": project.name_en,
            "level": project.level_zh,
            "level_en": {zh: en for _, zh, en in LEVELS}[project.level_zh],
            "theory_hours": project.theory_hours,
            "practice_hours": project.practice_hours,
            "place": page.place,
            "path": path_of(page),
            "upcoming": [c.starts_on for c in page.next_classes()],
        },
    )
    open_classes = TrainingClass.objects.filter(
        project=project, state=TrainingClass.State.OPEN
    ).select_related("village")
    listing.townships.set({f.village.parent_id for f in open_classes if f.village.parent_id})
    write_entry(listing, page.summary)


def unlist_course(page: CoursePage) -> None:
    CourseListing.objects.filter(tenant_id=current_tenant().pk, page_id=page.pk).delete()
