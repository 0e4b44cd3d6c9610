"""Keep the portal's listings as the base's published courses are."""

from django.db import connection, transaction

from courses.directory.models import CourseListing
from courses.models import CoursePage, Project, TrainingClass
from tenants.models import Tenant


def refresh_listings(project: Project) -> None:
    """Rewrite the listings of the project's published course pages."""
    for page in CoursePage.objects.filter(project=project):
        list_course(page)


@transaction.atomic
def list_course(page: CoursePage) -> None:
    """Write the listing of `page`, or remove it when the page is not published."""
    tenant: Tenant = connection.tenant
    if not page.live:
        unlist_course(page)
        return
    project = page.project
    classes = list(page.next_classes())
    listing, _ = CourseListing.objects.update_or_create(
        tenant_id=tenant.pk,
        page_id=page.pk,
        defaults={
            "title": page.title,
            "trade": project.trade,
            "level": project.level,
            "theory_hours": project.theory_hours,
            "practice_hours": project.practice_hours,
            "place": page.place,
            "path": f"/{page.slug}/",
            "next_class_on": classes[0].starts_on if classes else None,
        },
    )
    open_classes = TrainingClass.objects.filter(
        project=project, state=TrainingClass.State.OPEN
    ).select_related("village")
    listing.townships.set({found.village.parent_id for found in open_classes} - {None})


def unlist_course(page: CoursePage) -> None:
    CourseListing.objects.filter(tenant_id=connection.tenant.pk, page_id=page.pk).delete()
