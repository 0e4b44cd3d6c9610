"""The menu of a base's site, and the QR of a page on paper."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from courses.models import BaseHomePage
from courses.site.models.sections import Section
from tenants.current import is_type
from tenants.qr import qr_inline

register = template.Library()


@register.simple_tag(takes_context=True)
def site_menu(context: template.Context) -> list[tuple[str, str, bool]]:
    """(title, address, whether the reader is in it) of the sections that have something to show."""
    request = context.get("request")
    home = BaseHomePage.objects.live().first() if is_type("base") else None
    if home is None or request is None:
        return []
    found = []
    for page in home.get_children().live().in_menu().specific():
        url = page.get_url(request) or ""
        shown = page.has_something() if isinstance(page, Section) else True
        if url and shown:
            title = page.menu_title if isinstance(page, Section) else str(page.title)
            found.append((title, url, request.path.startswith(url)))
    return found


@register.simple_tag
def qr(address: str) -> SafeString | str:
    """Nothing for a draft, which has no address yet."""
    return qr_inline(address) if address else ""


@register.filter
def share(part: Any, whole: Any) -> int:
    """A whole percent, for the width of a bar; 0 of nothing."""
    return round(100 * int(part or 0) / int(whole)) if whole else 0
