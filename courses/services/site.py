"""The Wagtail site of a tenant."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from wagtail.models import Page, Site

from courses.models import BaseHomePage, CoursePage, Project
from courses.site.services import catalogue_of, make_sections
from tenants.current import current_tenant
from tenants.designations.rules import TradeTerms
from tenants.models import Trade


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


@transaction.atomic
def make_page_set(trades: Mapping[str, TradeTerms]) -> int:
    """Draft a project and a course page for each designated trade that has none; returns how many.

    The sections of the site are made too. Drafts: nothing is seen before a clerk has read and published it. Hours are the least that the
    designation allows, two fifths of them theory.
    """
    front = BaseHomePage.objects.get()
    make_sections(front)
    catalogue, made = catalogue_of(front), 0
    for trade in Trade.objects.filter(code__in=trades):
        if Project.objects.filter(trade=trade).exists():
            continue
        hours = trades[trade.code].hours_from
        project = Project.objects.create(
            code=trade.code,
            name=f"{trade.name}初级班",
            name_en=f"{trade.name_en}, elementary",
            trade=trade,
            level="elementary",
            theory_hours=hours * 2 // 5,
            practice_hours=hours - hours * 2 // 5,
        )
        tenant = current_tenant()
        catalogue.add_child(
            instance=CoursePage(
                title=project.name,
                slug=trade.code,
                live=False,
                project=project,
                summary="请写一句话：学完能做什么。",
                place=tenant.address or tenant.division.name,
                contact="请填写",
                contact_phone=tenant.phone or "请填写",
            )
        ).save_revision()
        made += 1
    return made


def rename_site(before: str, name: str) -> None:
    """The front page and the site follow a new name, unless a clerk has called them otherwise."""
    Site.objects.filter(site_name=before).update(site_name=name)
    for page in BaseHomePage.objects.filter(title=before):
        page.title = name
        page.save_revision().publish()
