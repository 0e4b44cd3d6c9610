"""The Wagtail site of a tenant."""

from django.conf import settings
from django.db import transaction
from wagtail.models import Page, Site


@transaction.atomic
def set_front_page(front: Page, host: str) -> None:
    """Make `front` the only page below the root, and the root of the tenant's one site.

    The template's site is called `localhost`: a site that keeps it builds wrong links.
    """
    root = Page.objects.get(depth=1)
    front = root.add_child(instance=front)
    port = int(settings.PUBLIC_PORT or (443 if settings.PUBLIC_SCHEME == "https" else 80))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": host,
            "port": port,
            "root_page": front,
            "site_name": front.title,
        },
    )
    for other in root.get_children().exclude(pk=front.pk):
        other.delete()
