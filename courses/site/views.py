"""What machines ask a site for."""

from django.http import HttpRequest, HttpResponse

from tenants.current import current_tenant
from tenants.links import absolute

#: No business of a search engine: the desk, and what is about one person.
KEPT_OUT = (
    *("/admin/", "/desk/", "/staff/", "/login/", "/logout/", "/account/", "/invitation/"),
    *("/i18n/", "/field/", "/c/", "/my/", "/share/", "/verify/", "/check/", "/employers/"),
    *("/confirm/", "/mine/"),
)


def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt of this tenant's own site."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT), ""]
    lines.append(f"Sitemap: {absolute(current_tenant(), '/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
