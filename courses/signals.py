"""What follows a write elsewhere: listings for the portal, a front page for a new base."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from courses.models import BaseHomePage, CoursePage, Project
from courses.services.listings import list_course, refresh_listings, unlist_course
from courses.services.site import set_front_page
from tenants.models import Tenant
from tenants.signals import tenant_created


@receiver(page_published, sender=CoursePage)
@receiver(page_unpublished, sender=CoursePage)
def write_listing(instance: CoursePage, **kwargs: Any) -> None:
    list_course(instance)


@receiver(post_save, sender=Project)
def renew_listings(instance: Project, **kwargs: Any) -> None:
    refresh_listings(instance)


@receiver(post_delete, sender=CoursePage)
def drop_listing(instance: CoursePage, **kwargs: Any) -> None:
    unlist_course(instance)


@receiver(tenant_created)
def make_front_page(tenant: Tenant, host: str, **kwargs: Any) -> None:
    if tenant.type == Tenant.Type.BASE:
        set_front_page(BaseHomePage(title=tenant.name, slug="front"), host)
