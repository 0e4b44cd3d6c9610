"""The centre's public lists, from shared tables alone."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from courses.directory.models import CourseListing
from courses.finding.highlight import highlighted
from courses.finding.services import find
from lms.portal.figures import open_bases
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.models import Division, Trade


def bases(request: HttpRequest) -> HttpResponse:
    found = open_bases(current_tenant()).select_related("division", "training_base")
    found = found.prefetch_related("listings__trade")
    rows = [
        {
            "base": base,
            "url": absolute(base),
            "trades": sorted({listing.trade.title for listing in base.listings.all()}),
        }
        for base in found
    ]
    return render(request, "portal/bases.html", {"rows": rows})


def courses(request: HttpRequest) -> HttpResponse:
    """Courses of all bases by trade, base, township and words."""
    listed = CourseListing.objects.filter(tenant__in=open_bases(current_tenant()))
    townships = Division.objects.filter(courselisting__in=listed).distinct()
    asked = {name: request.GET.get(name, "")[:60] for name in ("trade", "base", "township", "q")}
    found = listed.select_related("tenant", "trade").prefetch_related("townships")
    if asked["trade"]:
        found = found.filter(trade__code=asked["trade"])
    if asked["base"]:
        found = found.filter(tenant__slug=asked["base"])
    if asked["township"]:
        found = found.filter(townships__code=asked["township"])
    searched = find(found, asked["q"], current_tenant().pk)
    page = Paginator(searched.listings, 24).get_page(request.GET.get("page"))
    hosts = {t.pk: absolute(t, "") for t in {listing.tenant for listing in page}}
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [
            (
                listing,
                hosts[listing.tenant_id] + listing.path,
                listing.next_class_on(today),
                highlighted(listing.title, searched.marks),
            )
            for listing in page
        ],
        "asked": asked,
        "guessed": searched.guessed,
        "trades": Trade.objects.filter(courselisting__in=listed).distinct(),
        "bases": open_bases(current_tenant()),
        "townships": townships,
    }
    return render(request, "portal/courses.html", context)
