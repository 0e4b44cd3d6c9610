"""What follows a write elsewhere: listings for the portal, a front page for a new base."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from courses.directory.models import RuleSet
from courses.finding.first import GROUPS
from courses.finding.services import add_first_synonyms
from courses.models import BaseHomePage, CoursePage, Project, TrainingClass
from courses.services.listings import list_course, refresh_listings, unlist_course
from courses.services.site import make_page_set, rename_site, set_front_page
from tenants.current import current_tenant
from tenants.designations.rules import may_continue
from tenants.designations.services import standing_of
from tenants.models import Tenant
from tenants.signals import (
    closing_blockers,
    rule_codes_asked,
    site_opened,
    tenant_created,
    tenant_renamed,
)


@receiver(page_published, sender=CoursePage)
@receiver(page_unpublished, sender=CoursePage)
def write_listing(instance: CoursePage, **kwargs: Any) -> None:
    list_course(instance)


@receiver(page_slug_changed)
@receiver(post_page_move)
def renew_addresses(instance: Page, **kwargs: Any) -> None:
    """A course has another address when it, or the section it stands in, is renamed or moved."""
    for course in CoursePage.objects.live().descendant_of(instance, inclusive=True):
        list_course(course)


@receiver(post_save, sender=Project)
def renew_listings(instance: Project, raw: bool = False, **kwargs: Any) -> None:
    if not raw:  # rows that are put back say nothing new
        refresh_listings(instance)


@receiver(post_delete, sender=CoursePage)
def drop_listing(instance: CoursePage, **kwargs: Any) -> None:
    unlist_course(instance)


@receiver(tenant_created)
def make_front_page(tenant: Tenant, host: str, **kwargs: Any) -> None:
    if tenant.type == Tenant.Type.BASE:
        set_front_page(BaseHomePage(title=tenant.name, slug="front"), host)
    else:
        add_first_synonyms(tenant, GROUPS)


@receiver(site_opened)
def draft_pages(trades: Any, **kwargs: Any) -> None:
    make_page_set(trades)


@receiver(tenant_renamed)
def follow_name(tenant: Tenant, before: str, **kwargs: Any) -> None:
    rename_site(before, tenant.name)


@receiver(closing_blockers)
def running_classes(**kwargs: Any) -> list[str]:
    """A class under way is finished before its base closes, unless it may not be finished."""
    if not may_continue(standing_of(current_tenant())).ok:
        return []
    codes = TrainingClass.objects.exclude(state=TrainingClass.State.FINISHED).values_list(
        "code", flat=True
    )
    if not codes:
        return []
    listed = "、".join(codes)
    return [f"还有没有结业的班次：{listed} / classes that are not finished: {listed}"]


@receiver(rule_codes_asked)
def known_rule_codes(**kwargs: Any) -> list[str]:
    return list(RuleSet.objects.order_by("code").values_list("code", flat=True).distinct())
